import type { Sql, TransactionSql } from "postgres"
import { recordEvents } from "../../platform/events/index.ts"
import type { Log } from "../../platform/log.ts"
import { type Repeated, repeat } from "../../platform/repeat.ts"
import { takeCart, tryCart } from "../carts/index.ts"
import {
  endExpiredHold,
  endHold,
  expiredHolds,
  expiringHolds,
  hold,
  isStockRefusal,
  markWarned,
} from "../inventory/index.ts"

/** What is to be held of a cart: its lines, by the locations of its channel. */
export interface HeldCart {
  id: string
  sales_channel_id: string | null
  completed_at: string | null
  items: { id: string; variant_id: string | null; quantity: number }[]
}

/**
 * Holds the stock of a cart that is being paid, or holds it longer, in the place of what was held for it before. Its
 * caller is the cart's one writer. A cart without lines, of no channel, or that is an order has nothing held.
 *
 * @param minutes  how long from now; 0 gives back what is held
 * @throws CannotReserve with every line that is short, and what `reserve` throws besides; nothing may be committed then
 */
export async function holdCart(tx: TransactionSql, cart: HeldCart, minutes: number): Promise<void> {
  const { id: cart_id, sales_channel_id, completed_at, items } = cart
  if (minutes === 0 || items.length === 0 || sales_channel_id === null || completed_at !== null) {
    await endHold(tx, cart_id)
    return
  }
  const lines = items.map(({ id, variant_id, quantity }) => ({ line_item_id: id, variant_id, quantity }))
  await hold(tx, { cart_id, sales_channel_id, lines, minutes })
}

/**
 * What is held for a cart that has been changed follows it, and is held longer. What has expired is given back, and so is
 * what cannot follow: the shopper must be able to change a cart whatever others have bought.
 */
export async function adjustHold(
  tx: TransactionSql,
  cart: HeldCart & { hold: "live" | "expired" | null },
  minutes: number,
): Promise<void> {
  if (cart.hold === null) return
  try {
    await holdCart(tx, cart, cart.hold === "live" ? minutes : 0)
  } catch (error) {
    if (!isStockRefusal(error)) throw error
    await endHold(tx, cart.id)
  }
}

/**
 * Gives back what is held for a cart before Medusa changes it, which knows no holds: its own would stand in its way.
 *
 * @returns whether something was held
 */
export const giveBackHold = async (sql: Sql, cartId: string): Promise<boolean> =>
  (await sql.begin((tx) => endHold(tx, cartId))) as boolean

/**
 * Holds a cart's stock as the cart stands in the database, as `holdCart` does.
 *
 * @returns whether something was held for it before
 */
export async function holdAsIs(tx: TransactionSql, cartId: string, minutes: number): Promise<boolean> {
  const [cart] = await tx<(HeldCart & { was_held: boolean })[]>`
    select id, sales_channel_id, mostrador.iso(completed_at) as completed_at,
      exists (select from mostrador.stock_hold where cart_id = cart.id and expires_at > clock_timestamp()) as was_held,
      coalesce((
        select json_agg(json_build_object('id', line.id, 'variant_id', line.variant_id, 'quantity', line.quantity))
        from cart_line_item line where line.cart_id = cart.id and line.deleted_at is null), '[]') as items
    from cart where id = ${cartId} and deleted_at is null`
  if (cart) await holdCart(tx, cart, minutes)
  return cart?.was_held ?? false
}

/** So many at a time: the rest comes next. */
const BATCH = 100

/**
 * Gives back all that is held for longer than was said, each in a transaction of its own, with the event
 * `cart.hold_expired`. Any number of processes may do it at once: none waits for another, and nothing is given back twice.
 * A cart that somebody is at is left for the next time: he may be about to pay.
 *
 * @returns how many holds this call has ended
 */
export async function releaseExpired(sql: Sql, signal?: AbortSignal): Promise<number> {
  let ended = 0
  for (;;) {
    const carts = await expiredHolds(sql, BATCH)
    const before = ended
    let failure: unknown
    for (const cart of carts) {
      if (signal?.aborted) return ended
      // One whose items are locked for long keeps the others from nothing.
      const isEnded = await sql
        .begin((tx) => releaseOne(tx, cart))
        .catch((error: unknown) => {
          failure = error
          return false
        })
      if (isEnded) ended++
    }
    if (ended > before) continue
    if (failure) throw failure
    return ended
  }
}

async function releaseOne(tx: TransactionSql, cartId: string): Promise<boolean> {
  if (!(await tryCart(tx, cartId))) return false
  const lines = await endExpiredHold(tx, cartId)
  if (!lines) return false
  await recordEvents(tx, [
    {
      ...{ name: "cart.hold_expired", subject: { type: "cart", id: cartId }, version: await takeCart(tx, cartId) },
      ...{ channel: null, actor: { type: "system", id: null }, device: null, before: { lines }, after: null },
    },
  ])
  return true
}

/** How long before the end of a hold who looks at the cart is warned. */
const WARNING_SECONDS = 60

/**
 * Records `cart.hold_expiring` of each hold that ends within a minute, once for each end: one that is prolonged has
 * another. Any number of processes may do it at once. A cart that somebody is at is left for the next time: he may be
 * about to prolong it.
 *
 * @returns how many were warned of
 */
export async function warnOfExpiring(sql: Sql, signal?: AbortSignal): Promise<number> {
  let warned = 0
  for (const cart of await expiringHolds(sql, WARNING_SECONDS, BATCH)) {
    if (signal?.aborted) return warned
    if (await sql.begin((tx) => warnOfOne(tx, cart))) warned++
  }
  return warned
}

async function warnOfOne(tx: TransactionSql, cartId: string): Promise<boolean> {
  if (!(await tryCart(tx, cartId))) return false
  const expires_at = await markWarned(tx, cartId, WARNING_SECONDS)
  if (expires_at === undefined) return false
  await recordEvents(tx, [
    {
      ...{ name: "cart.hold_expiring", subject: { type: "cart", id: cartId }, version: await takeCart(tx, cartId) },
      ...{ channel: null, actor: { type: "system", id: null }, device: null, before: null, after: { expires_at } },
    },
  ])
  return true
}

/** Ends holds when they expire, and warns before, for as long as the process lives. */
export function keepHoldsReleased(sql: Sql, log: Log, everySeconds = 5): Repeated {
  return repeat(
    async (signal) => {
      const ended = await releaseExpired(sql, signal)
      if (ended > 0) log.info({ holds: ended }, "stock that was held and not paid for is given back")
      await warnOfExpiring(sql, signal)
    },
    { every: everySeconds * 1000, log, failing: "stock that is held beyond its time cannot be given back" },
  )
}
