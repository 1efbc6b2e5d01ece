import type { Sql, TransactionSql } from "postgres"
import { recordEvents } from "../../../platform/events/index.ts"
import type { Log } from "../../../platform/log.ts"
import { type Repeated, repeat } from "../../../platform/repeat.ts"
import { keepMedusaOut, takeCart, tryCart } from "../lock.ts"

/** So many carts in one turn. */
const BATCH = 200
const LOOK_MILLISECONDS = 200
/** A cart that Medusa has just made is counted, and told of, by the counter that has asked for it. */
const NEW_SECONDS = 5

/** Tells of changes of carts that the counter has not made, nor asked for, for as long as the process lives. */
export function tellForeignChanges(sql: Sql, log: Log): Repeated {
  return repeat(
    async (signal) => {
      await tellForeign(sql, signal)
    },
    { every: LOOK_MILLISECONDS, log, failing: "what others than the counter do to carts cannot be told" },
  )
}

/**
 * Records `cart.changed` for each cart that others have written to, once for all that they have done by then, in a
 * transaction of its own. A cart that somebody is at is left for the next time: what he was handed to do is told when he
 * has done it. An order is a cart no more.
 *
 * @returns how many were told
 */
export async function tellForeign(sql: Sql, signal?: AbortSignal): Promise<number> {
  const carts = await sql<{ cart_id: string }[]>`
    select touched.cart_id from mostrador.cart_touched touched
    left join mostrador.cart_state state on state.cart_id = touched.cart_id
    where state.cart_id is not null or touched.at < now() - make_interval(secs => ${NEW_SECONDS})
      or exists (select from cart where cart.id = touched.cart_id
        and cart.created_at < now() - make_interval(secs => ${NEW_SECONDS}))
    group by touched.cart_id order by min(touched.id) limit ${BATCH}`
  let told = 0
  let failure: unknown
  for (const { cart_id } of carts) {
    if (signal?.aborted) break
    const isTold = await sql
      .begin((tx) => tellOne(tx, cart_id))
      .catch((error: unknown) => {
        // One that cannot be told keeps the others from nothing.
        failure = error
        return false
      })
    if (isTold) told++
  }
  if (failure) throw failure
  return told
}

async function tellOne(tx: TransactionSql, cartId: string): Promise<boolean> {
  if (!(await tryCart(tx, cartId)) || !(await keepMedusaOut(tx, cartId))) return false
  const touched = await tx`delete from mostrador.cart_touched where cart_id = ${cartId}`
  if (touched.count === 0) return false
  const open = await tx`select from cart where id = ${cartId} and completed_at is null and deleted_at is null`
  if (open.length === 0) return false
  await recordEvents(tx, [
    {
      ...{ name: "cart.changed", subject: { type: "cart", id: cartId }, version: await takeCart(tx, cartId) },
      ...{ channel: null, actor: { type: "system", id: null }, device: null, before: null, after: null },
    },
  ])
  return true
}
