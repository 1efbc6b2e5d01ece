import type { Sql, TransactionSql } from "postgres"
import type Stripe from "stripe"
import type { Jobs } from "../../platform/jobs/index.ts"
import { isForGood } from "../../platform/refused.ts"
import { STRIPE_PROVIDER } from "../checkout/index.ts"
import type { OnTold } from "../orders/index.ts"
import { type EventJob, storeIn } from "./events.ts"
import { endRefused, noteRefused } from "./repairs.ts"

/** After these something may be left to be given back. */
const LOOKED_AT = new Set(["canceled", "captured"])

/**
 * Asks for a look at the payments of an order that is canceled, in the transaction that tells of it: Medusa's cancellation
 * goes on when a provider does not cancel or refund, and notes a refund before the provider is asked, so that who is
 * killed in between has refunded nothing and will not do so again.
 *
 * @source Medusa 2.21 `core-flows/dist/payment/steps/refund-payments.js`, `cancel-payment.js`, which log and go on;
 *   `payment/dist/services/payment-module.js`, `refundPayment`
 */
export async function noteCanceled(
  tx: TransactionSql,
  jobs: Pick<Jobs<EventJob>, "ask">,
  order: Parameters<OnTold>[1],
  told: Parameters<OnTold>[2],
): Promise<void> {
  const cause = told.find((it) => LOOKED_AT.has(it.code))
  if (order.canceled_at === null || !cause) return
  const paid = await tx<{ id: string; intent: string }[]>`
    select payment.id, payment.data->>'id' as intent from payment
    join order_payment_collection link on link.payment_collection_id = payment.payment_collection_id
    where link.order_id = ${order.id} and link.deleted_at is null and payment.deleted_at is null
      and payment.provider_id = ${STRIPE_PROVIDER} and payment.data->>'id' is not null`
  for (const { id, intent } of paid) {
    const created = Math.floor(Date.parse(cause.occurred_at) / 1000)
    await storeIn(tx, jobs, { id: `${cause.id}/${id}`, type: "order.canceled", payment_intent_id: intent, created })
  }
}

/** So often Stripe says that it will never do it, with growing pauses, before it is left to staff. */
const MOST_REFUSALS = 3

/**
 * Gives back what is left of a payment whose order is canceled, by what Stripe says is left: however often, and whatever
 * Medusa has given back already or notes of it. What Stripe refuses for good becomes a repair, which staff see and can have
 * tried again; what is given back in the end, by whomever, is none any more.
 *
 * @throws Stripe's errors: it is to be tried again
 */
export async function giveBackCanceled(
  { sql, stripe }: { sql: Sql; stripe: Stripe },
  intent: Stripe.PaymentIntent,
): Promise<"given_back" | "repaired"> {
  const attempt = await refusalsOf(sql, intent.id)
  try {
    const action = await giveBackLeft({ sql, stripe }, intent, attempt)
    await endRefused(sql, intent.id, action)
    return "given_back"
  } catch (error) {
    const { statusCode = 0, message } = error as { statusCode?: number; message: string }
    if (!isForGood(statusCode)) throw error
    if ((await countRefusal(sql, intent.id)) < MOST_REFUSALS) throw error
    await noteRefused(sql, intent, leftOf(intent), `Stripe does not give it back: ${message}`)
    return "repaired"
  }
}

/** What of the payment is still with Stripe, in the smallest unit. */
function leftOf({ status, amount_capturable, amount_received, latest_charge }: Stripe.PaymentIntent): number {
  if (status === "requires_capture") return amount_capturable
  const refunded = typeof latest_charge === "object" ? (latest_charge?.amount_refunded ?? 0) : 0
  return amount_received - refunded
}

/** @param attempt  how often it was refused: Stripe answers what it knows by its key as it did before, for a day */
async function giveBackLeft(
  { sql, stripe }: { sql: Sql; stripe: Stripe },
  intent: Stripe.PaymentIntent,
  attempt: number,
): Promise<"cancel" | "refund"> {
  const { id, status } = intent
  if (status === "requires_capture") {
    await stripe.paymentIntents.cancel(id, {}, { idempotencyKey: `mostrador-canceled-${id}-cancel-${attempt}` })
    await sql`
      update payment set canceled_at = now(), updated_at = now()
      where provider_id = ${STRIPE_PROVIDER} and data->>'id' = ${id} and payment_session_id = ${intent.metadata.session_id ?? ""}
        and canceled_at is null and captured_at is null`
    return "cancel"
  }
  const left = leftOf(intent)
  // Another one for each amount that was left, too.
  const idempotencyKey = `mostrador-canceled-${id}-${left}-${attempt}`
  if (left > 0) await stripe.refunds.create({ payment_intent: id, amount: left }, { idempotencyKey })
  return status === "canceled" ? "cancel" : "refund"
}

/** Among all that is noted of a payment: whichever event has it looked at. */
async function refusalsOf(sql: Sql, intentId: string): Promise<number> {
  const [row] = await sql<{ refusals: number }[]>`
    select coalesce(max(refusals), 0)::int as refusals from mostrador.stripe_event where payment_intent_id = ${intentId}`
  return row?.refusals ?? 0
}

async function countRefusal(sql: Sql, intentId: string): Promise<number> {
  const rows = await sql<{ refusals: number }[]>`
    update mostrador.stripe_event set refusals = refusals + 1 where payment_intent_id = ${intentId} returning refusals`
  return Math.max(0, ...rows.map((it) => it.refusals))
}
