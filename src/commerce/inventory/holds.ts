import { isDeepStrictEqual } from "node:util"
import type { Sql, TransactionSql } from "postgres"
import type { Log } from "../../platform/log.ts"
import { type Repeated, repeat } from "../../platform/repeat.ts"
import { variantsOf } from "./confirm.ts"
import { itemsOfReservations, itemsOfVariants, lockItems } from "./item-locks.ts"
import { type Reservation, type ReservationLine, release, reserve } from "./reservations.ts"
import type { Sourcing } from "./sourcing.ts"
import type { Source } from "./stock.ts"

/** What is to be kept for a cart, and for how long. */
export interface HoldRequest extends Source {
  cart_id: string
  /** Lines of the cart. */
  lines: readonly ReservationLine[]
  minutes: number
  sourcing?: Sourcing | undefined
}

export interface Hold {
  cart_id: string
  /** ISO. */
  expires_at: string
}

/** A line of an order, and the cart's line that it was. */
export interface ConsumedLine extends ReservationLine {
  order_line_item_id: string
}

/**
 * What became of a hold: the order's, or nothing, because it had expired (or there was none) or was made for other lines
 * or had some of its reservations taken away. Then what it held is given back, and the caller may `reserve` anew.
 */
export type Consumed = { held: true; reservations: Reservation[] } | { held: false; reason: "expired" | "changed" }

interface HeldLine {
  line_item_id: string
  variant_id: string | null
  quantity: number
}

interface HoldRow {
  lines: HeldLine[]
  reservation_ids: string[]
  is_live: boolean
}

/**
 * Reserves a cart's lines for some minutes, so that nobody pays for what another has just bought. A cart has one hold:
 * the same lines again prolong it, others replace it. While it is held the reservations name the cart's lines.
 *
 * @throws what `reserve` throws; the hold that there was is as it was then
 */
export async function hold(tx: TransactionSql, request: HoldRequest): Promise<Hold> {
  const { cart_id, lines, minutes, sourcing, ...source } = request
  const expires = tx`clock_timestamp() + ${minutes}::float8 * interval '1 minute'`
  return await tx.savepoint(async (inner) => {
    const known = await lockHold(inner, cart_id)
    const { reservation_ids } = known
    const isSame = known.is_live && isDeepStrictEqual(known.lines, heldLines(lines))
    let ids = reservation_ids
    if (!isSame || (await countLive(inner, reservation_ids)) < reservation_ids.length) {
      const gone = await itemsOfReservations(inner, { reservation_ids })
      await lockItems(inner, [...gone, ...(await itemsOfVariants(inner, variantsOf(lines)))])
      await release(inner, { reservation_ids })
      ids = (await reserve(inner, lines, source, sourcing)).map((it) => it.id)
    }
    const [row] = await inner<Hold[]>`
      update mostrador.stock_hold
      set lines = ${JSON.stringify(heldLines(lines))}::text::jsonb, reservation_ids = ${ids}, expires_at = ${expires}
      where cart_id = ${cart_id} returning cart_id, mostrador.iso(expires_at) as expires_at`
    return row as Hold
  })
}

/**
 * Makes a cart's hold the reservations of its order.
 *
 * @param lines  all of the order, with the cart's lines that they were
 */
export async function consume(
  tx: TransactionSql,
  { cart_id, lines }: { cart_id: string; lines: readonly ConsumedLine[] },
): Promise<Consumed> {
  const known = await readHold(tx, cart_id)
  if (!known) return { held: false, reason: "expired" }
  const { reservation_ids } = known
  await lockItems(tx, await itemsOfReservations(tx, { reservation_ids }))
  const isWhole =
    isDeepStrictEqual(known.lines, heldLines(lines)) &&
    (await countLive(tx, reservation_ids)) === reservation_ids.length
  if (!known.is_live || !isWhole) {
    await endHold(tx, cart_id)
    return { held: false, reason: known.is_live ? "changed" : "expired" }
  }
  await tx`delete from mostrador.stock_hold where cart_id = ${cart_id}`
  const reservations = await tx<Reservation[]>`
    update reservation_item held set line_item_id = line.order_line_item_id, updated_at = ${new Date().toISOString()}
    from unnest(${lines.map((it) => it.line_item_id)}::text[], ${lines.map((it) => it.order_line_item_id)}::text[])
      as line (line_item_id, order_line_item_id)
    where held.id = any(${reservation_ids}) and held.line_item_id = line.line_item_id and held.deleted_at is null
    returning held.id, held.line_item_id, held.inventory_item_id, held.location_id,
      held.quantity::float8 as quantity, held.allow_backorder`
  return { held: true, reservations }
}

/** Gives back what is held for a cart: it is not paid now, or somebody else (Medusa) reserves for it. */
export async function endHold(tx: TransactionSql, cartId: string): Promise<void> {
  const known = await readHold(tx, cartId)
  if (known) await remove(tx, cartId, known.reservation_ids)
}

/**
 * Gives back all that is held for longer than was said, each in a transaction of its own. Any number of processes may do
 * it at once: none waits for another, and nothing is given back twice.
 *
 * @returns how many holds this call has ended
 */
export async function releaseExpired(sql: Sql, signal?: AbortSignal): Promise<number> {
  let ended = 0
  while (!signal?.aborted && (await sql.begin(releaseOne))) ended++
  return ended
}

/** Ends holds when they expire, for as long as the process lives. */
export function keepHoldsReleased(sql: Sql, log: Log, everySeconds = 5): Repeated {
  return repeat(
    async (signal) => {
      const ended = await releaseExpired(sql, signal)
      if (ended > 0) log.info({ holds: ended }, "stock that was held and not paid for is given back")
    },
    { every: everySeconds * 1000, log, failing: "stock that is held beyond its time cannot be given back" },
  )
}

async function releaseOne(tx: TransactionSql): Promise<boolean> {
  const [expired] = await tx<{ cart_id: string; reservation_ids: string[] }[]>`
    select cart_id, reservation_ids from mostrador.stock_hold where expires_at <= clock_timestamp()
    order by expires_at limit 1 for update skip locked`
  if (expired) await remove(tx, expired.cart_id, expired.reservation_ids)
  return expired !== undefined
}

async function remove(tx: TransactionSql, cartId: string, reservation_ids: string[]): Promise<void> {
  await release(tx, { reservation_ids })
  await tx`delete from mostrador.stock_hold where cart_id = ${cartId}`
}

/** Makes a cart's hold, or locks the one that there is: two who hold for one cart come one after the other. */
async function lockHold(tx: TransactionSql, cartId: string): Promise<HoldRow> {
  const [row] = await tx<HoldRow[]>`
    insert into mostrador.stock_hold (cart_id, lines, reservation_ids, expires_at)
    values (${cartId}, '[]', '{}', '-infinity')
    on conflict (cart_id) do update set cart_id = excluded.cart_id
    returning lines, reservation_ids, expires_at > clock_timestamp() as is_live`
  return row as HoldRow
}

/** Locks the hold; who locks it locks items afterwards, never before. */
async function readHold(tx: TransactionSql, cartId: string): Promise<HoldRow | undefined> {
  const [row] = await tx<HoldRow[]>`
    select lines, reservation_ids, expires_at > clock_timestamp() as is_live
    from mostrador.stock_hold where cart_id = ${cartId} for update`
  return row
}

async function countLive(tx: TransactionSql, ids: readonly string[]): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from reservation_item where id = any(${[...ids]}) and deleted_at is null`
  return row?.count ?? 0
}

/** What of lines must be the same, in an order of its own. */
const heldLines = (lines: readonly ReservationLine[]): HeldLine[] =>
  lines
    .map(({ line_item_id, variant_id, quantity }) => ({ line_item_id, variant_id, quantity }))
    .sort((a, b) => (a.line_item_id < b.line_item_id ? -1 : 1))
