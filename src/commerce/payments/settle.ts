import type { ISql, Sql } from "postgres"
import type Stripe from "stripe"
import type { Shop } from "../carts/index.ts"
import { decideRepair, findRepair, giveBack, type Refusal, type RepairReason } from "./repairs.ts"
import { inMajorUnit } from "./stripe.ts"

/** What came of looking at a payment. */
export type Outcome = "ordered" | "not_paid" | "not_ours" | "repaired"

/** What a cart's completion was answered with. */
export interface Completion {
  status: number
  body: unknown
}

export interface Settling {
  sql: Sql
  stripe: Stripe
  documents: Shop["documents"]
  /** Places the order of a cart as a shopper would; may be asked again. */
  complete(cartId: string): Promise<Completion>
  /** Has Medusa write down that the money was taken; it does so some seconds later. */
  tellMedusa(intent: Stripe.PaymentIntent): Promise<void>
}

/** What the shop knows of a payment session. */
interface Known {
  cart_id: string | null
  /** The cart has become an order. */
  is_ordered: boolean
  /** That order, or what is left of an attempt at it, is paid by this session. */
  is_payment: boolean
  /** Medusa knows that the money was taken. */
  is_captured: boolean
  /** What is to be paid, in the major unit. */
  due: number
}

/** Less than any currency's smallest unit: amounts have more digits than can be paid. */
const LEAST = 0.005
/** The money is there, or can be taken. */
const PAID: ReadonlySet<string> = new Set(["requires_capture", "succeeded"])

/**
 * Sees to it that what was paid is ordered, or given back: whoever calls it, as often as he likes, whatever Stripe has
 * told in which order. What the payment is now, Stripe is asked.
 *
 * @throws when it cannot be told yet (Medusa or Stripe is away, somebody is at the cart): then it is to be asked again
 */
export async function settlePayment(settling: Settling, intentId: string): Promise<Outcome> {
  const { sql, stripe } = settling
  const known = await findRepair(sql, intentId)
  if (known) {
    if (known.done_at === null) await giveBack(sql, stripe, known)
    return "repaired"
  }
  const intent = await stripe.paymentIntents.retrieve(intentId)
  const sessionId = intent.metadata.session_id
  if (!sessionId) return "not_ours"
  if (!PAID.has(intent.status)) return "not_paid"
  const session = await readSession(sql, sessionId)
  if (!session?.cart_id) {
    const message = "Stripe has money of a payment session that this shop does not know: it may be another shop's."
    return await repair(settling, { intent, sessionId, cartId: null, reason: "unknown_session", message })
  }
  const { cart_id: cartId } = session
  if (session.is_ordered) return await orderedOr(settling, { intent, sessionId, cartId }, session)
  const short = session.due - inMajorUnit(intent.amount, intent.currency)
  if (short > LEAST) {
    const message = `${session.due} ${intent.currency} are due, of which ${inMajorUnit(intent.amount, intent.currency)} were paid.`
    return await repair(settling, { intent, sessionId, cartId, reason: "amount_changed", message })
  }
  const { status, body } = await settling.complete(cartId)
  const { type, code, message } = (body ?? {}) as { type?: string; code?: string; message?: string }
  if (status === 200 && type === "order") {
    const now = await readSession(sql, sessionId)
    return await orderedOr(settling, { intent, sessionId, cartId }, now)
  }
  if (!isFinal(status) || isUnconfirmed(message))
    throw new Error(`The cart of ${intentId} is not ordered: ${status} ${code}`)
  const reason: RepairReason =
    code === "insufficient_inventory" || NO_STOCK.test(message ?? "") ? "insufficient_inventory" : "cart_refused"
  return await repair(settling, { intent, sessionId, cartId, reason, message: message ?? "The order was refused." })
}

/** The order is paid by this session; or by another, and this one's money is too much. */
async function orderedOr(
  settling: Settling,
  paid: Pick<Refusal, "intent" | "sessionId" | "cartId">,
  known: Known | undefined,
): Promise<Outcome> {
  if (known?.is_payment) {
    if (paid.intent.status !== "succeeded" || known.is_captured) return "ordered"
    await settling.tellMedusa(paid.intent)
    throw new Error(`Medusa has not written down yet that ${paid.intent.id} was taken`)
  }
  return await repair(settling, {
    ...{ ...paid, reason: "already_ordered", message: "The order was paid for by another payment already." },
  })
}

async function repair(settling: Settling, refusal: Refusal): Promise<Outcome> {
  const { sql, stripe, documents } = settling
  const isOrdered = async (tx: ISql) => {
    const now = await readSession(tx, refusal.sessionId)
    return (now?.is_ordered && now.is_payment) ?? false
  }
  const decided = await decideRepair(sql, documents, refusal, isOrdered)
  if (!decided) return "ordered"
  await giveBack(sql, stripe, decided)
  return "repaired"
}

async function readSession(sql: ISql, sessionId: string): Promise<Known | undefined> {
  const [row] = await sql<Known[]>`
    select link.cart_id,
      exists (select from order_cart where cart_id = link.cart_id and deleted_at is null) as is_ordered,
      exists (
        select from payment where payment_session_id = session.id and deleted_at is null and canceled_at is null
      ) as is_payment,
      exists (
        select from payment where payment_session_id = session.id and deleted_at is null and captured_at is not null
      ) as is_captured,
      collection.amount::float8 as due
    from payment_session session
    join payment_collection collection on collection.id = session.payment_collection_id
    left join cart_payment_collection link
      on link.payment_collection_id = session.payment_collection_id and link.deleted_at is null
    where session.id = ${sessionId}`
  return row
}

/** Whether asking again cannot be answered otherwise. */
const isFinal = (status: number) =>
  status >= 400 && status < 500 && ![401, 403, 408, 409, 412, 423, 425, 429].includes(status)

/** Medusa has no code for it where it reserves. */
const NO_STOCK = /Not enough stock available/i

/** Medusa's provider has not seen yet what Stripe has told us. */
const isUnconfirmed = (message: string | undefined) => /not authorized with the provider/.test(message ?? "")
