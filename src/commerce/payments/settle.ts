import type { ISql, Sql } from "postgres"
import type Stripe from "stripe"
import { isForGood } from "../../platform/refused.ts"
import { type Shop, takeCart } from "../carts/index.ts"
import { giveBackCanceled } from "./canceled.ts"
import { decideRepair, findRepair, giveBack, type Refusal, type RepairReason } from "./repairs.ts"
import { inMajorUnit, inSmallestUnit } from "./stripe.ts"

/** What came of looking at a payment. */
export type Outcome = "ordered" | "not_paid" | "not_ours" | "repaired" | "given_back"

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
  status: string
  /** Null where the collection is that of an order already: something was added to it. */
  cart_id: string | null
  is_ordered: boolean
  /** Its order is canceled. */
  is_canceled: boolean
  /** Medusa's rows say that this session pays. */
  is_payment: boolean
  /** Something else pays for the same. */
  is_paid_otherwise: boolean
  /** Medusa knows that money was taken. */
  is_captured: boolean
  /** Its cart was merged into another: what is due now is not what was paid. */
  is_merged: boolean
  /** What is to be paid, in the major unit. */
  due: number
  /** For so long we have known that it is paid, in seconds. */
  known_for: number
}

/** The money is there, or can be taken. */
const PAID: ReadonlySet<string> = new Set(["requires_capture", "succeeded"])
/** A shopper who pays before he has said where to may still be at it. */
const GRACE_SECONDS = 600

/**
 * Sees to it that what was paid is ordered, or given back: whoever calls it, as often as he likes, whatever Stripe has
 * told in which order. What the payment is now, Stripe is asked.
 *
 * @throws when it cannot be told yet (Medusa or Stripe is away, somebody is at the cart): then it is to be asked again
 */
export async function settlePayment(settling: Settling, intentId: string): Promise<Outcome> {
  const { sql, stripe } = settling
  const known = await findRepair(sql, intentId)
  if (known && known.reason !== "refund_refused") {
    if (known.done_at === null) await giveBack(sql, stripe, known)
    return "repaired"
  }
  const intent = await stripe.paymentIntents.retrieve(intentId, { expand: ["latest_charge"] }).catch(ifUnknown)
  if (!intent) return "not_ours"
  if (known) return await giveBackCanceled(settling, intent)
  const sessionId = intent.metadata.session_id
  if (!sessionId) return "not_ours"
  if (!PAID.has(intent.status)) return "not_paid"
  const session = await readSession(sql, sessionId)
  if (!session) {
    const message = "Stripe has money of a payment session that this shop does not know: it may be another shop's."
    return await repair(settling, { intent, sessionId, cartId: null, reason: "unknown_session", message })
  }
  const { cart_id: cartId } = session
  const paid = { intent, sessionId, cartId }
  if (session.is_ordered || cartId === null) return await ordered(settling, paid, session)
  if (session.is_merged) {
    const message = "The cart was merged into another one while it was paid for."
    return await repair(settling, { ...paid, reason: "cart_merged", message })
  }
  const there = moneyOf(intent)
  if (there < inSmallestUnit(session.due, intent.currency)) {
    const message = `${session.due} ${intent.currency} are due, of which ${inMajorUnit(there, intent.currency)} are paid.`
    return await repair(settling, { ...paid, reason: "amount_changed", message })
  }
  if (session.status === "error" || session.status === "canceled") await openAgain(sql, cartId, sessionId)
  const { status, body } = await settling.complete(cartId)
  const { type, code, message } = (body ?? {}) as { type?: string; code?: string; message?: string }
  if (status === 200 && type === "order") return await ordered(settling, paid, await readSession(sql, sessionId))
  const isStock = code === "insufficient_inventory" || NO_STOCK.test(message ?? "")
  const mayStill =
    !isForGood(status, CART_TAKEN) || isUnconfirmed(message) || (!isStock && session.known_for < GRACE_SECONDS)
  if (mayStill) throw new Error(`The cart of ${intentId} is not ordered: ${status} ${code ?? message ?? ""}`)
  const reason: RepairReason = isStock ? "insufficient_inventory" : "cart_refused"
  return await repair(settling, { ...paid, reason, message: message ?? "The order was refused." })
}

/** Another account's, or another Stripe's: asking again changes nothing. */
function ifUnknown(error: unknown): undefined {
  if ((error as { code?: string }).code !== "resource_missing") throw error
}

/** What of the payment is there now, in the smallest unit: less what was given back. */
function moneyOf({ status, amount_capturable, amount_received, latest_charge }: Stripe.PaymentIntent): number {
  if (status === "requires_capture") return amount_capturable
  const refunded = typeof latest_charge === "object" ? (latest_charge?.amount_refunded ?? 0) : 0
  return Math.max(0, amount_received - refunded)
}

/** The order is paid by this session, or shall be; or by another, and this one's money is too much. */
async function ordered(
  settling: Settling,
  paid: Pick<Refusal, "intent" | "sessionId" | "cartId">,
  known: Known | undefined,
): Promise<Outcome> {
  const { intent } = paid
  if (known?.is_canceled) return await giveBackCanceled(settling, intent)
  if (known?.is_payment && (intent.status !== "succeeded" || known.is_captured)) return "ordered"
  if (known && !known.is_payment && known.is_paid_otherwise) {
    const message = "The order was paid for by another payment already."
    return await repair(settling, { ...paid, reason: "already_ordered", message })
  }
  // Medusa was killed in the middle, or the money was taken in Stripe's dashboard, or for what an order was added to.
  if (await isToBeTold(settling.sql, intent.id)) await settling.tellMedusa(intent)
  throw new Error(`Medusa has not written down yet that ${intent.id} is paid`)
}

/** Medusa writes it down some seconds after it is told, and once more each time that it is told again. */
const TELL_SECONDS = 60

/** Whether nobody has told Medusa just now; whoever asks tells it. */
async function isToBeTold(sql: Sql, intentId: string): Promise<boolean> {
  const rows = await sql`
    update mostrador.stripe_event set told_at = now()
    where payment_intent_id = ${intentId}
      and coalesce(told_at, '-infinity') < now() - make_interval(secs => ${TELL_SECONDS})
      and not exists (
        select from mostrador.stripe_event other where other.payment_intent_id = ${intentId}
          and other.told_at >= now() - make_interval(secs => ${TELL_SECONDS}))
    returning id`
  return rows.length > 0
}

/** A desk that closes a payment (`letGoOfCards`) is done with it by then, or was killed. */
const CLOSING_SECONDS = 120

/** A card was declined, which Medusa takes for the end of the session; the next one was not. Or a desk was killed. */
async function openAgain(sql: Sql, cartId: string, sessionId: string): Promise<void> {
  await sql.begin(async (tx) => {
    await takeCart(tx, cartId)
    await tx`
      update payment_session set status = 'pending', updated_at = now()
      where id = ${sessionId}
        and (status = 'error' or (status = 'canceled' and updated_at < now() - make_interval(secs => ${CLOSING_SECONDS})))
        and not exists (select from payment where payment_session_id = ${sessionId} and deleted_at is null)`
    await tx`
      insert into mostrador.cart_state as known (cart_id, handovers) values (${cartId}, 1)
      on conflict (cart_id) do update set handovers = known.handovers + 1`
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
    select session.status, link.cart_id,
      exists (select from mostrador.cart_alias where id = link.cart_id) as is_merged,
      exists (select from order_cart where cart_id = link.cart_id and deleted_at is null) as is_ordered,
      exists (
        select from order_payment_collection paid join "order" on "order".id = paid.order_id
        where paid.payment_collection_id = session.payment_collection_id and paid.deleted_at is null
          and "order".canceled_at is not null and "order".deleted_at is null
      ) as is_canceled,
      exists (
        select from payment where payment_session_id = session.id and deleted_at is null and canceled_at is null
      ) as is_payment,
      exists (
        select from payment
        where payment_collection_id = session.payment_collection_id and payment_session_id <> session.id
          and deleted_at is null and canceled_at is null
      ) as is_paid_otherwise,
      exists (
        select from capture join payment on payment.id = capture.payment_id
        where payment.payment_session_id = session.id and capture.deleted_at is null
      ) as is_captured,
      collection.amount::float8 as due,
      coalesce(extract(epoch from now() - (
        select min(received_at) from mostrador.stripe_event
        where payment_intent_id = session.data->>'id'
          and type in ('payment_intent.amount_capturable_updated', 'payment_intent.succeeded'))), 0)::float8 as known_for
    from payment_session session
    join payment_collection collection on collection.id = session.payment_collection_id
    left join cart_payment_collection link
      on link.payment_collection_id = session.payment_collection_id and link.deleted_at is null
    where session.id = ${sessionId}`
  return row
}

/** Somebody else has changed the cart, or is at it. */
const CART_TAKEN = [412, 423]

/** Medusa has no code for it where it reserves. */
const NO_STOCK = /Not enough stock available/i

/** Medusa's provider has not seen yet what Stripe has told us. */
const isUnconfirmed = (message: string | undefined) => /not authorized with the provider/.test(message ?? "")
