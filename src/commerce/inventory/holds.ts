import { isDeepStrictEqual } from "node:util"
import type { Sql, TransactionSql } from "postgres"
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

/** A line of an order, and the cart's line that it was. */
export interface ConsumedLine extends ReservationLine {
  order_line_item_id: string
}

/**
 * What became of a hold: the order's, or nothing, because it had expired (or there was none) or was made for other lines
 * or had some of its reservations taken away. Then what it held is given back, and the caller may `reserve` anew.
 */
export type Consumed = { held: true; reservations: Reservation[] } | { held: false; reason: "expired" | "changed" }

/** A line of a cart that is held. */
export interface HeldLine {
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
export async function hold(tx: TransactionSql, request: HoldRequest): Promise<void> {
  const { cart_id, lines, minutes, sourcing, ...source } = request
  const { sales_channel_id } = source
  const [known, items] = await Promise.all([lockHold(tx, cart_id), itemsOfVariants(tx, variantsOf(lines))])
  let ids = known.reservation_ids
  const isSame =
    known.is_live &&
    known.sales_channel_id === sales_channel_id &&
    isDeepStrictEqual(known.lines, heldLines(lines)) &&
    known.live === ids.length
  if (!isSame) {
    const take = async () => (await reserve(tx, lines, source, sourcing, items)).map((it) => it.id)
    ids = ids.length === 0 ? await take() : await replace(tx, ids, items, take)
  }
  await tx`
    update mostrador.stock_hold
    set lines = ${JSON.stringify(heldLines(lines))}::text::jsonb, reservation_ids = ${ids}, sales_channel_id = ${sales_channel_id},
      expires_at = clock_timestamp() + ${minutes}::float8 * interval '1 minute'
    where cart_id = ${cart_id}`
}

/** Gives back what was held, and takes what is to be held; or leaves all as it was. */
async function replace(
  tx: TransactionSql,
  reservation_ids: string[],
  items: string[],
  take: () => Promise<string[]>,
): Promise<string[]> {
  const gone = await itemsOfReservations(tx, { reservation_ids })
  await lockItems(tx, [...new Set([...gone, ...items])])
  await tx`savepoint held`
  try {
    await release(tx, { reservation_ids })
    const taken = await take()
    await tx`release savepoint held`
    return taken
  } catch (error) {
    await tx`rollback to savepoint held`
    throw error
  }
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
  const [, live] = await Promise.all([lockItems(tx, known.items), countLive(tx, reservation_ids)])
  const isWhole = isDeepStrictEqual(known.lines, heldLines(lines)) && live === reservation_ids.length
  if (!known.is_live || !isWhole) {
    await remove(tx, cart_id, reservation_ids)
    return { held: false, reason: known.is_live ? "changed" : "expired" }
  }
  const reservations = await tx<Reservation[]>`
    with gone as (delete from mostrador.stock_hold where cart_id = ${cart_id})
    update reservation_item held set line_item_id = line.order_line_item_id, updated_at = ${new Date().toISOString()}
    from unnest(${lines.map((it) => it.line_item_id)}::text[], ${lines.map((it) => it.order_line_item_id)}::text[])
      as line (line_item_id, order_line_item_id)
    where held.id = any(${reservation_ids}) and held.line_item_id = line.line_item_id and held.deleted_at is null
    returning held.id, held.line_item_id, held.inventory_item_id, held.location_id,
      held.quantity::float8 as quantity, held.allow_backorder`
  return { held: true, reservations }
}

/**
 * Gives back what is held for a cart: it is not paid now, or somebody else (Medusa) reserves for it.
 *
 * @returns whether something was held that had not expired
 */
export async function endHold(tx: TransactionSql, cartId: string): Promise<boolean> {
  const known = await readHold(tx, cartId)
  if (known) await remove(tx, cartId, known.reservation_ids)
  return known?.is_live ?? false
}

/** @returns the carts whose holds have expired, the oldest first */
export async function expiredHolds(sql: Sql, most: number): Promise<string[]> {
  const rows = await sql<{ cart_id: string }[]>`
    select cart_id from mostrador.stock_hold where expires_at <= clock_timestamp() order by expires_at limit ${most}`
  return rows.map((it) => it.cart_id)
}

/** @returns the carts whose holds expire within so long, and of whose end nobody was warned */
export async function expiringHolds(sql: Sql, seconds: number, most: number): Promise<string[]> {
  const rows = await sql<{ cart_id: string }[]>`
    select cart_id from mostrador.stock_hold
    where expires_at > clock_timestamp() and expires_at <= clock_timestamp() + make_interval(secs => ${seconds})
      and warned_of is distinct from expires_at
    order by expires_at limit ${most}`
  return rows.map((it) => it.cart_id)
}

/**
 * Notes that of the end of a cart's hold was warned. Of several who do so at once one does.
 *
 * @returns when it ends, ISO; undefined when that was noted, or is not near any more
 */
export async function markWarned(tx: TransactionSql, cartId: string, seconds: number): Promise<string | undefined> {
  const [hold] = await tx<{ expires_at: string }[]>`
    update mostrador.stock_hold set warned_of = expires_at
    where cart_id = ${cartId} and expires_at > clock_timestamp()
      and expires_at <= clock_timestamp() + make_interval(secs => ${seconds}) and warned_of is distinct from expires_at
    returning mostrador.iso(expires_at) as expires_at`
  return hold?.expires_at
}

/**
 * Gives back what is held for a cart if it has expired. Of several who do so at once one does.
 *
 * @returns what was held; undefined when nothing was, or is held still
 */
export async function endExpiredHold(tx: TransactionSql, cartId: string): Promise<HeldLine[] | undefined> {
  const [expired] = await tx<{ lines: HeldLine[]; reservation_ids: string[] }[]>`
    select lines, reservation_ids from mostrador.stock_hold
    where cart_id = ${cartId} and expires_at <= clock_timestamp() for update skip locked`
  if (expired) await remove(tx, cartId, expired.reservation_ids)
  return expired?.lines
}

async function remove(tx: TransactionSql, cartId: string, reservation_ids: string[]): Promise<void> {
  await release(tx, { reservation_ids })
  await tx`delete from mostrador.stock_hold where cart_id = ${cartId}`
}

/** Makes a cart's hold, or locks the one that there is: two who hold for one cart come one after the other. */
async function lockHold(tx: TransactionSql, cartId: string): Promise<LockedHold> {
  const [row] = await tx<LockedHold[]>`
    insert into mostrador.stock_hold as held (cart_id, lines, reservation_ids, expires_at)
    values (${cartId}, '[]', '{}', '-infinity')
    on conflict (cart_id) do update set cart_id = excluded.cart_id
    returning lines, reservation_ids, sales_channel_id, expires_at > clock_timestamp() as is_live, (
      select count(*)::int from reservation_item where id = any(held.reservation_ids) and deleted_at is null) as live`
  return row as LockedHold
}

interface LockedHold extends HoldRow {
  sales_channel_id: string | null
  /** How many of the reservations nobody has taken away. */
  live: number
}

/** Locks the hold; who locks it locks items afterwards, never before. */
async function readHold(tx: TransactionSql, cartId: string): Promise<(HoldRow & { items: string[] }) | undefined> {
  const [row] = await tx<(HoldRow & { items: string[] })[]>`
    select lines, reservation_ids, expires_at > clock_timestamp() as is_live, array(
      select distinct inventory_item_id from reservation_item where id = any(hold.reservation_ids)) as items
    from mostrador.stock_hold hold where cart_id = ${cartId} for update`
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
