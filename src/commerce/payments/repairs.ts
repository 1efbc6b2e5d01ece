import type { ISql, Sql, TransactionSql } from "postgres"
import type Stripe from "stripe"
import { newId } from "../../platform/ids.ts"
import type { Jobs } from "../../platform/jobs/index.ts"
import { type Cart, Draft, keepMedusaOut, ODD, readCart, type Shop, takeCart, writeDraft } from "../carts/index.ts"
import { endHold } from "../inventory/index.ts"
import { type EventJob, storeIn } from "./events.ts"
import { inMajorUnit } from "./stripe.ts"

/** Why money is given back, or is not. */
export type RepairReason =
  | "insufficient_inventory"
  | "amount_changed"
  | "already_ordered"
  | "cart_refused"
  | "cart_merged"
  | "unknown_session"
  | "refund_refused"

/** A row of `mostrador.payment_repair`; times are ISO. */
export interface PaymentRepair {
  id: string
  payment_intent_id: string
  payment_session_id: string
  cart_id: string | null
  amount: number
  currency_code: string
  reason: RepairReason
  message: string
  action: "cancel" | "refund" | "none"
  created_at: string
  done_at: string | null
  /** How often staff have had it tried again. */
  retries: number
}

/** Medusa, or somebody else, is at the cart: it is to be tried again. */
export class CartTaken extends Error {}

const SYSTEM = { actor: { type: "system", id: null }, channel: null, device: null } as const

const columns = (sql: ISql) => sql`
  id, payment_intent_id, payment_session_id, cart_id, amount::float8 as amount, currency_code, reason, message, action,
  mostrador.iso(created_at) as created_at, mostrador.iso(done_at) as done_at, retries`

export async function findRepair(sql: ISql, intentId: string): Promise<PaymentRepair | undefined> {
  const [row] = await sql<PaymentRepair[]>`
    select ${columns(sql)} from mostrador.payment_repair where payment_intent_id = ${intentId}`
  return row
}

/** Lists repairs, the newest first. @returns a page, and how many there are in all */
export async function listRepairs(
  sql: Sql,
  { is_done }: { is_done?: boolean | undefined },
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: PaymentRepair[]; count: number }> {
  const wanted = is_done === undefined ? sql`true` : is_done ? sql`done_at is not null` : sql`done_at is null`
  const [rows, [all]] = await Promise.all([
    sql<PaymentRepair[]>`
      select ${columns(sql)} from mostrador.payment_repair repair where ${wanted}
      order by repair.created_at desc, id limit ${limit} offset ${offset}`,
    sql<{ count: number }[]>`select count(*)::int as count from mostrador.payment_repair where ${wanted}`,
  ])
  return { rows, count: all?.count ?? 0 }
}

/** What is paid for, and what is not to be had. */
export interface Refusal {
  intent: Stripe.PaymentIntent
  sessionId: string
  cartId: string | null
  reason: RepairReason
  message: string
}

/**
 * Decides, under the cart's lock, that a payment makes no order any more, and says so in the cart's
 * `metadata.payment_repair`: from then on nobody can order with its session, and its money may go back (`giveBack`).
 *
 * @param isOrdered  whether the cart has become an order by this payment meanwhile
 * @returns undefined when it has
 * @throws CartTaken when Medusa is at the cart
 */
export async function decideRepair(
  sql: Sql,
  documents: Shop["documents"],
  refusal: Refusal,
  isOrdered: (tx: TransactionSql) => Promise<boolean>,
): Promise<PaymentRepair | undefined> {
  return await sql.begin(async (tx) => {
    const { cartId } = refusal
    if (cartId === null) return (await writeRepair(tx, refusal)).repair
    const version = await takeCart(tx, cartId)
    if (!(await keepMedusaOut(tx, cartId))) throw new CartTaken(`Medusa is at cart ${cartId}`)
    if (await isOrdered(tx)) return undefined
    const { isNew, repair } = await writeRepair(tx, refusal)
    if (!isNew) return repair
    const cart = await readCart(tx, documents, cartId)
    // A cart of several payment collections is shown by Medusa alone; its money goes back all the same.
    if (cart && cart !== ODD && cart.completed_at === null) await tellCart(tx, cart, version, repair)
    return repair
  })
}

async function writeRepair(tx: TransactionSql, refusal: Refusal): Promise<{ isNew: boolean; repair: PaymentRepair }> {
  const { intent, sessionId, cartId, reason, message } = refusal
  const isTaken = intent.status === "succeeded"
  const action = reason === "unknown_session" ? "none" : isTaken ? "refund" : "cancel"
  const amount = inMajorUnit(isTaken ? intent.amount_received : intent.amount_capturable, intent.currency)
  const [row] = await tx<(PaymentRepair & { is_new: boolean })[]>`
    insert into mostrador.payment_repair as repair
      (id, payment_intent_id, payment_session_id, cart_id, amount, currency_code, reason, message, action)
    values (${newId("payrep")}, ${intent.id}, ${sessionId}, ${cartId}, ${amount}, ${intent.currency}, ${reason},
      ${message}, ${action})
    on conflict (payment_intent_id) do update set id = repair.id
    returning ${columns(tx)}, xmax = 0 as is_new`
  const { is_new: isNew, ...written } = row as PaymentRepair & { is_new: boolean }
  return { isNew, repair: written }
}

/** Leaves to staff what Stripe does not give back of a canceled order's payment. @param left  in the smallest unit */
export async function noteRefused(
  sql: Sql,
  { id, currency, metadata }: Stripe.PaymentIntent,
  left: number,
  message: string,
): Promise<void> {
  await sql`
    insert into mostrador.payment_repair as repair
      (id, payment_intent_id, payment_session_id, cart_id, amount, currency_code, reason, message, action)
    values (${newId("payrep")}, ${id}, ${metadata.session_id ?? ""}, (
        select link.cart_id from payment_session session
        join cart_payment_collection link using (payment_collection_id)
        where session.id = ${metadata.session_id ?? ""} and link.deleted_at is null limit 1),
      ${inMajorUnit(left, currency)}, ${currency}, 'refund_refused', ${message}, 'none')
    on conflict (payment_intent_id) do update
      set amount = excluded.amount, message = excluded.message, action = excluded.action, done_at = null
      where repair.reason = excluded.reason`
}

/** Nothing is left of it any more. */
export async function endRefused(sql: Sql, intentId: string, action: "cancel" | "refund"): Promise<void> {
  await sql`
    update mostrador.payment_repair set done_at = now(), action = ${action}
    where payment_intent_id = ${intentId} and reason = 'refund_refused' and done_at is null`
}

/** A repair that is not to be tried again: it is done, or what is to be done staff have to decide at Stripe. */
export class NotToBeRetried extends Error {}

/**
 * Has a repair tried again, in the transaction.
 *
 * @returns undefined when there is no such repair
 * @throws NotToBeRetried
 */
export async function retryRepair(
  tx: TransactionSql,
  jobs: Pick<Jobs<EventJob>, "ask">,
  id: string,
): Promise<PaymentRepair | undefined> {
  const [repair] = await tx<PaymentRepair[]>`
    update mostrador.payment_repair set retries = retries + 1 where id = ${id} returning ${columns(tx)}`
  if (!repair) return undefined
  if (repair.done_at !== null || repair.reason === "unknown_session") throw new NotToBeRetried(id)
  const { payment_intent_id, retries } = repair
  const created = Math.floor(Date.now() / 1000)
  await storeIn(tx, jobs, { id: `${id}/${retries}`, type: "payment_repair.retried", payment_intent_id, created })
  return repair
}

async function tellCart(tx: TransactionSql, cart: Cart, version: number, repair: PaymentRepair): Promise<void> {
  const draft = new Draft(cart)
  const { reason, message, action, amount, currency_code, created_at } = repair
  const told = { reason, message, action, amount, currency_code, created_at }
  draft.update("cart", cart, { metadata: { ...cart.metadata, payment_repair: told } })
  const sessions = (cart.payment_collection?.payment_sessions ?? []) as { id: string; status: string }[]
  const session = sessions.find((it) => it.id === repair.payment_session_id)
  if (session) draft.update("payment_session", session, { status: "canceled" })
  await endHold(tx, cart.id)
  await writeDraft(tx, draft, version + 1, "payment_repaired", SYSTEM)
}

/**
 * Gives the money back, once however often it is asked: Stripe knows the request by the repair's id, and gives back no
 * more than there is.
 *
 * @throws Stripe's errors; the repair is not done then
 */
export async function giveBack(sql: Sql, stripe: Stripe, { id, payment_intent_id, action, retries }: PaymentRepair) {
  if (action === "none") return
  // Stripe answers what it knows by its key as it did before, for a day: who tries again asks anew.
  const attempt = retries > 0 ? `${id}-${retries}` : id
  const options = { idempotencyKey: `mostrador-${attempt}` }
  const isTaken =
    action === "refund" ||
    (await stripe.paymentIntents.cancel(payment_intent_id, {}, options).then(() => false, isTakenMeanwhile))
  if (isTaken) {
    const keyed = { idempotencyKey: `mostrador-${attempt}-refund` }
    await stripe.refunds.create({ payment_intent: payment_intent_id }, keyed).catch(ifNotRefunded)
  }
  await sql`
    update mostrador.payment_repair set done_at = now(), action = ${isTaken ? "refund" : "cancel"}
    where id = ${id} and done_at is null`
}

/** What cannot be canceled is canceled already, or was taken in Stripe's dashboard. @returns whether it was taken */
function isTakenMeanwhile(error: unknown): boolean {
  const { code, payment_intent } = error as { code?: string; payment_intent?: { status?: string } }
  const { status } = payment_intent ?? {}
  if (code === "payment_intent_unexpected_state" && status === "canceled") return false
  if (code === "payment_intent_unexpected_state" && status === "succeeded") return true
  throw error
}

/** Staff have done it in Stripe's dashboard, or it was done without our hearing of it. */
function ifNotRefunded(error: unknown): void {
  if ((error as { code?: string }).code !== "charge_already_refunded") throw error
}
