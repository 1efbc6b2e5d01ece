import type { Sql } from "postgres"
import { type AdminAccess, askAdmin } from "../../medusa/admin.ts"
import { ifUnlocked, type LockConnections } from "../../platform/db/index.ts"
import type { NewEvent } from "../../platform/events/index.ts"
import type { Log } from "../../platform/log.ts"
import { isPassing } from "../../platform/refused.ts"
import { type Repeated, repeat } from "../../platform/repeat.ts"
import type { CancellationPolicy } from "../policies/index.ts"
import { markDue, type OrderTeller } from "./timeline/index.ts"

/** What decides whether an order may be canceled by its shopper. */
export interface CancelState {
  status: string
  /** When it was created, or ceased to be a draft: ISO, with milliseconds. */
  placed_at: string
  is_canceled: boolean
  /** Something of it is packed, or sent, or it was handed over at a till. */
  is_fulfilling: boolean
  /** It is being edited, returned, exchanged or transferred, and nobody has confirmed that yet. */
  is_changing: boolean
}

export type CancelRefusal =
  | "order_canceled"
  | "order_completed"
  | "cancellation_not_offered"
  | "fulfillment_started"
  | "order_changing"
  | "cancellation_window_over"

/** The shop does not let the order be canceled. Nothing has been done. */
export class CancellationRefused extends Error {
  constructor(readonly code: CancelRefusal) {
    super(`The order cannot be canceled: ${code}`)
  }
}

/** It is not known whether Medusa has canceled the order, or it cannot be asked. It may be asked again. */
export class CancellationUncertain extends Error {
  /** @param wasAsked  it may still be done */
  constructor(readonly wasAsked: boolean) {
    super("Medusa did not say whether the order is canceled")
  }
}

/**
 * Whether a shopper may cancel his order himself, and until when.
 *
 * @returns `refusal` null: he may; `until` null: no time is set
 */
export function cancellationOf(
  state: CancelState,
  policy: CancellationPolicy,
  now: Date,
): { refusal: CancelRefusal | null; until: Date | null } {
  const { allowed, within_minutes } = policy
  const until = within_minutes === null ? null : new Date(Date.parse(state.placed_at) + within_minutes * 60_000)
  const refusal = () => {
    if (state.is_canceled) return "order_canceled"
    if (!allowed) return "cancellation_not_offered"
    if (state.is_fulfilling) return "fulfillment_started"
    // Medusa gives the money back before it finds this out, and then lets the order stand.
    if (state.is_changing) return "order_changing"
    if (state.status !== "pending" && state.status !== "requires_action") return "order_completed"
    return until && now > until ? "cancellation_window_over" : null
  }
  return { refusal: refusal(), until }
}

/** @returns undefined when there is no such order */
export async function readCancelState(sql: Sql, orderId: string): Promise<CancelState | undefined> {
  const [row] = await sql<CancelState[]>`
    select status, mostrador.iso(coalesce(
        (select placed_at from mostrador.order_story where order_id = "order".id), created_at)) as placed_at,
      canceled_at is not null or status = 'canceled' as is_canceled,
      exists (
        select from order_fulfillment link join fulfillment on fulfillment.id = link.fulfillment_id
        where link.order_id = "order".id and link.deleted_at is null
          and fulfillment.deleted_at is null and fulfillment.canceled_at is null
      ) or exists (
        -- Delivered on the spot, whether or not Medusa has been told, or can be.
        select from mostrador.till_payment where order_id = "order".id
      ) as is_fulfilling,
      exists (
        select from order_change it where it.order_id = "order".id and it.deleted_at is null
          and it.status in ('pending', 'requested')) as is_changing
    from "order" where id = ${orderId} and deleted_at is null and not is_draft_order`
  return row
}

/** Who asks, and how. */
export type CanceledBy = Pick<NewEvent, "actor" | "channel" | "channel_id" | "device">

/**
 * Cancels an order for its shopper, within the shop's policy, through Medusa's own cancellation: it gives back the stock,
 * cancels what is authorised and refunds what was taken. Asked again, also at once, it is canceled once; nothing can be
 * fulfilled meanwhile, since Medusa does one or the other (`src/api/order-locks.ts`).
 *
 * @throws CancellationRefused, CancellationUncertain
 */
export async function cancelOrder(
  { sql, access, policy, teller }: { sql: Sql; access: AdminAccess; policy: CancellationPolicy; teller: OrderTeller },
  orderId: string,
  by: CanceledBy,
): Promise<void> {
  const state = await readCancelState(sql, orderId)
  if (!state) throw new Error("an order that somebody may cancel is there")
  const { refusal } = cancellationOf(state, policy, new Date())
  if (refusal === "order_canceled") return
  // What was begun in time is brought to its end.
  if (refusal && !(await isBegun(sql, orderId))) throw new CancellationRefused(refusal)
  const before = await moneyBack(sql, orderId)
  const isFirst = await noteAsker(sql, orderId, by)
  const came = await bringAbout({ sql, access, teller }, orderId, isFirst ? before : undefined)
  if (came === "canceled") return
  if (came !== "refused") throw new CancellationUncertain(came === "unknown")
  const now = await readCancelState(sql, orderId)
  throw new CancellationRefused((now && cancellationOf(now, policy, new Date()).refusal) ?? "cancellation_not_offered")
}

/** Longer than the lock of an order is held for somebody who was killed. */
const RESUME_SECONDS = 150
const RESUME_EVERY = 10_000

type Canceling = { sql: Sql; access: AdminAccess; teller: OrderTeller }

/**
 * @param before  what money was back when nobody had tried yet (`moneyBack`): when nothing is done now, nothing is begun.
 *   Undefined: somebody has tried before
 * @returns what came of it; after `unknown` it is to be asked again, and is noted as begun until then
 */
async function bringAbout(
  { sql, access, teller }: Canceling,
  orderId: string,
  before?: number,
): Promise<"canceled" | "refused" | "not_begun" | "unknown"> {
  const answer = await askAdmin(access, "POST", `/admin/orders/${encodeURIComponent(orderId)}/cancel`)
  if ((await readCancelState(sql, orderId))?.is_canceled) {
    await teller.story(orderId)
    return "canceled"
  }
  const isRefused = answer.is === "answered" && answer.status < 500 && !isPassing(answer.status)
  // Medusa has done nothing, and says nothing of the order.
  const isNotBegun =
    answer.is === "unreached" ||
    (answer.is === "answered" && (answer.code === "order_busy" || isPassing(answer.status)))
  if (!isRefused && !isNotBegun) return "unknown"
  const isFirst = before !== undefined
  // Medusa gives the money back first, and refuses after it when somebody has begun to change the order meanwhile: then it
  // is begun, and ends elsewhere (`resumeCancellations`).
  if (isRefused && isFirst && (await moneyBack(sql, orderId)) !== before) return "unknown"
  if (isFirst) await sql`delete from mostrador.order_cancellation where order_id = ${orderId}`
  return isRefused ? "refused" : "not_begun"
}

/** How often money of the order was given back, or let go of. */
async function moneyBack(sql: Sql, orderId: string): Promise<number> {
  const [row] = await sql<{ times: number }[]>`
    select coalesce(sum((payment.canceled_at is not null)::int + (
      select count(*) from refund where refund.payment_id = payment.id and refund.deleted_at is null)), 0)::int as times
    from order_payment_collection link
    join payment on payment.payment_collection_id = link.payment_collection_id and payment.deleted_at is null
    where link.order_id = ${orderId} and link.deleted_at is null`
  return row?.times ?? 0
}

/**
 * Brings cancellations to their end in the midst of which Medusa, or the counter, was lost: part of the money may be back
 * already. The order is canceled; or, where Medusa refuses that (staff have completed it), free again, which is told. While
 * it is being changed it waits, since that may be taken back. In one process at a time.
 */
export function resumeCancellations(canceling: Canceling, locks: LockConnections, log: Log): Repeated {
  const { sql } = canceling
  const resume = async (signal: AbortSignal) => {
    const rows = await sql<{ order_id: string }[]>`
      select order_id from mostrador.order_cancellation asked join "order" on "order".id = asked.order_id
      where refused_at is null and "order".canceled_at is null and "order".deleted_at is null
        and not exists (
          select from order_change it where it.order_id = "order".id and it.deleted_at is null
            and it.status in ('pending', 'requested'))
        and asked_at < now() - make_interval(secs => ${RESUME_SECONDS}) order by asked_at limit 100`
    for (const { order_id } of rows) {
      if (signal.aborted) return
      const came = await bringAbout(canceling, order_id)
      const isOver = came === "refused" && (await giveUp(sql, order_id))
      log.warn({ order_id, came, is_over: isOver }, "a cancellation that was broken off is gone on with")
    }
  }
  return repeat((signal) => ifUnlocked(locks, "resuming-cancellations", () => resume(signal)).then(() => {}), {
    ...{ every: RESUME_EVERY, log, failing: "cancellations that were broken off cannot be gone on with" },
  })
}

/**
 * Frees the order, and has it told that it was not canceled; unless it is being changed, and may be canceled after that.
 *
 * @returns whether it is free
 */
async function giveUp(sql: Sql, orderId: string): Promise<boolean> {
  if ((await readCancelState(sql, orderId))?.is_changing) return false
  await sql.begin(async (tx) => {
    await tx`update mostrador.order_cancellation set refused_at = now() where order_id = ${orderId}`
    await markDue(tx, [orderId])
  })
  return true
}

async function isBegun(sql: Sql, orderId: string): Promise<boolean> {
  const rows = await sql`
    select from mostrador.order_cancellation where order_id = ${orderId} and refused_at is null`
  return rows.length > 0
}

/**
 * While it stands there, and the order is not canceled, nobody packs it (`src/api/order-locks.ts`).
 *
 * @returns whether nobody has asked before whose asking has had no end
 */
async function noteAsker(
  sql: Sql,
  orderId: string,
  { actor, channel, channel_id, device }: CanceledBy,
): Promise<boolean> {
  const rows = await sql`
    insert into mostrador.order_cancellation as asked (order_id, actor, channel, channel_id, device)
    values (${orderId}, ${JSON.stringify(actor)}::text::jsonb, ${channel}, ${channel_id ?? null}, ${device})
    on conflict (order_id) do update set actor = excluded.actor, channel = excluded.channel,
      channel_id = excluded.channel_id, device = excluded.device, asked_at = excluded.asked_at, refused_at = null
    where asked.refused_at is not null returning order_id`
  return rows.length > 0
}
