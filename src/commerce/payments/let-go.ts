import type { Sql, TransactionSql } from "postgres"
import type Stripe from "stripe"
import { recordEvents } from "../../platform/events/index.ts"
import { type ChangedBy, keepMedusaOut, takeCart } from "../carts/index.ts"
import { STRIPE_PROVIDER } from "../checkout/index.ts"
import { CartTaken } from "./repairs.ts"

/** What came of closing what was begun: there was nothing; it is closed; it is paid, or just being paid. */
export type LetGo = "nothing" | "let_go" | "paid"

/** Stripe was not to be asked, or has not said what came of it: it is to be tried again. */
export class StripeUncertain extends Error {}

interface OpenSession {
  id: string
  intent: string | null
  /** What it was before it was marked. */
  is_paid: boolean
}

/**
 * Closes the payments by card that were begun for a cart and not paid, so that it can be changed on another device, or sold
 * at a desk.
 *
 * First the sessions are marked, under the cart's lock: from then on nobody orders with them, so that of a shopper who pays
 * in the same moment and the other one wins. Then Stripe is asked to cancel, while nothing is held. Then the sessions go, as
 * Medusa deletes them; or, where Stripe has the money, they are good again, and the order comes by its event. Who is killed
 * in between has marked them: who asks again goes on with it, and what is paid all the same is ordered
 * (`settlePayment`).
 *
 * @throws CartTaken when Medusa is at the cart; StripeUncertain
 * @source Medusa 2.21 `payment/dist/services/payment-module.js`, `deletePaymentSession`
 */
export async function letGoOfCards(
  { sql, stripe }: { sql: Sql; stripe: Stripe },
  cartId: string,
  by: ChangedBy,
): Promise<LetGo> {
  if (!(await hasOpen(sql, cartId))) return "nothing"
  const sessions = await sql.begin((tx) => mark(tx, cartId))
  if (sessions.length === 0) return "nothing"
  if (sessions.some((it) => it.is_paid)) return "paid"
  for (const { intent } of sessions) {
    const isGone =
      intent === null ||
      (await isCanceled(stripe, intent).catch((cause: unknown) => {
        throw new StripeUncertain("Stripe does not say whether a payment is canceled", { cause })
      }))
    if (isGone) continue
    await sql.begin((tx) => openAgain(tx, cartId, sessions))
    return "paid"
  }
  await sql.begin((tx) => end(tx, cartId, sessions, by))
  return "let_go"
}

const sessionsOf = (sql: Sql | TransactionSql, cartId: string) => sql`
  payment_session session
  join cart_payment_collection link
    on link.payment_collection_id = session.payment_collection_id and link.deleted_at is null
  join cart on cart.id = link.cart_id and cart.completed_at is null and cart.deleted_at is null
  where link.cart_id = ${cartId} and session.provider_id = ${STRIPE_PROVIDER} and session.deleted_at is null`

/** Nearly always there are none: nothing is locked for that. */
async function hasOpen(sql: Sql, cartId: string): Promise<boolean> {
  return (await sql`select from ${sessionsOf(sql, cartId)} limit 1`).length > 0
}

/** @returns the sessions; where one is paid none is marked */
async function mark(tx: TransactionSql, cartId: string): Promise<OpenSession[]> {
  await takeAlone(tx, cartId)
  const sessions = await tx<OpenSession[]>`
    select session.id, session.data->>'id' as intent,
      session.status in ('authorized', 'captured')
        or exists (select from payment where payment_session_id = session.id and payment.deleted_at is null) as is_paid
    from ${sessionsOf(tx, cartId)}`
  const isOpen = sessions.length > 0 && !sessions.some((it) => it.is_paid)
  if (isOpen) await setStatus(tx, cartId, sessions, { to: "canceled" })
  return sessions
}

/**
 * Cancels an intent, unless it is paid. One that is authorised while it is asked for is canceled, too: its session is
 * marked, so no order has it.
 *
 * @returns whether nobody can pay by it any more, and nothing was paid
 */
async function isCanceled(stripe: Stripe, intentId: string): Promise<boolean> {
  const { status } = await stripe.paymentIntents.retrieve(intentId)
  if (status === "canceled") return true
  if (PAID.has(status)) return false
  try {
    // Without a key of ours: Stripe would answer with what it said the first time, for a day.
    await stripe.paymentIntents.cancel(intentId)
    return true
  } catch (error) {
    // It was paid, or canceled, since it was looked at.
    if ((error as { code?: string }).code !== "payment_intent_unexpected_state") throw error
    const { status } = await stripe.paymentIntents.retrieve(intentId)
    if (status !== "canceled" && !PAID.has(status)) throw error
    return status === "canceled"
  }
}
/** The money is there, can be taken, or is on its way. */
const PAID: ReadonlySet<string> = new Set(["succeeded", "requires_capture", "processing"])

async function openAgain(tx: TransactionSql, cartId: string, sessions: readonly OpenSession[]): Promise<void> {
  await takeAlone(tx, cartId)
  await setStatus(tx, cartId, sessions, { from: "canceled", to: "pending" })
}

async function end(tx: TransactionSql, cartId: string, sessions: readonly OpenSession[], by: ChangedBy): Promise<void> {
  const version = await takeAlone(tx, cartId)
  const ids = sessions.map((it) => it.id)
  const gone = await tx<{ id: string }[]>`
    delete from payment_session where id = any(${ids}) and status = 'canceled' returning id`
  if (gone.length === 0) return
  await countHandover(tx, cartId)
  await recordEvents(tx, [
    {
      ...{ name: "cart.changed", subject: { type: "cart", id: cartId }, version, ...by },
      before: { payment: { sessions: gone.map(({ id }) => ({ id, provider_id: STRIPE_PROVIDER })) } },
      after: { payment: { sessions: [] } },
      medusa: [{ table: "payment_session", action: "deleted", ids: gone.map((it) => it.id) }],
    },
  ])
}

async function takeAlone(tx: TransactionSql, cartId: string): Promise<number> {
  await tx`set local lock_timeout = '3s'`
  const version = await takeCart(tx, cartId)
  if (!(await keepMedusaOut(tx, cartId))) throw new CartTaken(`Medusa is at cart ${cartId}`)
  return version
}

async function setStatus(
  tx: TransactionSql,
  cartId: string,
  sessions: readonly OpenSession[],
  { from = null, to }: { from?: "canceled" | null; to: "canceled" | "pending" },
): Promise<void> {
  const ids = sessions.map((it) => it.id)
  await tx`
    update payment_session set status = ${to}, updated_at = now()
    where id = any(${ids}) and (${from}::text is null or status = ${from})`
  await countHandover(tx, cartId)
}

/** Who has read the cart before, without its lock, reads it again. */
async function countHandover(tx: TransactionSql, cartId: string): Promise<void> {
  await tx`
    insert into mostrador.cart_state as known (cart_id, handovers) values (${cartId}, 1)
    on conflict (cart_id) do update set handovers = known.handovers + 1`
}
