import type { ISql } from "postgres"
import { recordAudit } from "../../platform/audit/index.ts"
import { openCartOf, placeOfCart } from "./owners.ts"

/** Who works at a desk, as carts and the audit know him. */
export interface DeskWorker {
  actor: { type: "cashier" | "agent"; id: string }
  channel_id: string | null
  till_id: string | null
}

/** How a cart, or a customer, has come to a desk. */
export type Reached = "made" | "found" | "handed_over"

/** For how long: the next day it is asked for again. */
export const REACH_HOURS = 24

const namesOf = ({ actor, till_id }: DeskWorker) => [actor.id, ...(till_id === null ? [] : [till_id])]

/** Lets carts and customers answer to a desk from now on, and has it remembered that they do. */
export async function reach(
  sql: ISql,
  worker: DeskWorker,
  subjects: readonly { id: string; of: "cart" | "customer" }[],
  how: Reached,
): Promise<void> {
  const { actor, channel_id, till_id } = worker
  // A code is redeemed by the till: whoever stands at it goes on with the cart.
  const by = how === "handed_over" && till_id !== null ? till_id : actor.id
  for (const { id, of } of subjects) {
    await sql`
      with forgotten as (
        delete from mostrador.cart_reach where (subject_id, reached_by) in (
          select subject_id, reached_by from mostrador.cart_reach where expires_at < now()
            and (subject_id, reached_by) <> (${id}, ${by})
          limit 20 for update skip locked))
      insert into mostrador.cart_reach (subject_id, reached_by, how, expires_at)
      values (${id}, ${by}, ${how}, now() + make_interval(hours => ${REACH_HOURS}))
      on conflict (subject_id, reached_by) do update set how = excluded.how, expires_at = excluded.expires_at`
    const action = of === "cart" ? "cart.reached" : "customer.found"
    await recordAudit(sql, {
      ...{ action, outcome: "done", actor, channel_id, till_id, subject_id: id, details: { how } },
    })
  }
}

/** Whether a cart answers to a desk: it, or one that was merged into it, has come there. */
export async function isReached(sql: ISql, worker: DeskWorker, cartId: string): Promise<boolean> {
  // Of an array, not of `or`, by which Postgres would read the whole table.
  const rows = await sql`
    select from mostrador.cart_reach
    where subject_id = any(array(
        select ${cartId}::text union all select id from mostrador.cart_alias where cart_id = ${cartId}))
      and reached_by = any(${namesOf(worker)}) and expires_at > now() limit 1`
  return rows.length > 0
}

/** Whether a desk has found the customer. */
export async function isFound(sql: ISql, worker: DeskWorker, customerId: string): Promise<boolean> {
  const rows = await sql`
    select from mostrador.cart_reach
    where subject_id = ${customerId} and reached_by = any(${namesOf(worker)}) and expires_at > now() limit 1`
  return rows.length > 0
}

/**
 * The cart that a desk names, under the id that it has now: one that has come there, or the open one of a customer who was
 * found there, which comes there by this.
 *
 * @returns undefined when there is no such cart, or it does not answer to the desk
 */
export async function reachedCart(sql: ISql, worker: DeskWorker, id: string): Promise<string | undefined> {
  const place = await placeOfCart(sql, id)
  if (!place) return undefined
  const { cart_id, owner } = place
  if (await isReached(sql, worker, cart_id)) return cart_id
  if (owner === null || !(await isFound(sql, worker, owner)) || (await openCartOf(sql, owner)) !== cart_id) {
    return undefined
  }
  await reach(sql, worker, [{ id: cart_id, of: "cart" }], "found")
  return cart_id
}
