import type { Sql, TransactionSql } from "postgres"
import type Stripe from "stripe"
import type { Jobs } from "../../platform/jobs/index.ts"
import { STRIPE_PROVIDER } from "../checkout/index.ts"
import type { OnTold } from "../orders/index.ts"
import { type EventJob, storeIn } from "./events.ts"

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

/**
 * Gives back what is left of a payment whose order is canceled, by what Stripe says is left: however often, and whatever
 * Medusa has given back already or notes of it.
 *
 * @throws Stripe's errors: it is to be tried again
 */
export async function giveBackCanceled(
  { sql, stripe }: { sql: Sql; stripe: Stripe },
  intent: Stripe.PaymentIntent,
): Promise<"given_back"> {
  const { id, status, amount_received, latest_charge } = intent
  if (status === "requires_capture") {
    await stripe.paymentIntents.cancel(id, {}, { idempotencyKey: `mostrador-canceled-${id}` })
    await sql`
      update payment set canceled_at = now(), updated_at = now()
      where provider_id = ${STRIPE_PROVIDER} and data->>'id' = ${id} and payment_session_id = ${intent.metadata.session_id ?? ""}
        and canceled_at is null and captured_at is null`
    return "given_back"
  }
  const refunded = typeof latest_charge === "object" ? (latest_charge?.amount_refunded ?? 0) : 0
  const left = amount_received - refunded
  // Another one for each amount that was left: a refund that Stripe has refused must not be answered for ever.
  const idempotencyKey = `mostrador-canceled-${id}-${left}`
  if (left > 0) await stripe.refunds.create({ payment_intent: id, amount: left }, { idempotencyKey })
  return "given_back"
}
