import type { Sql, TransactionSql } from "postgres"

/** The cart's advisory lock, as all locks are named: there is one space for the whole database. */
export const cartLock = (cartId: string) => `${CART_LOCKS}${cartId}`
/** What stands before a cart's id in the name of its lock. */
export const CART_LOCKS = "mostrador:cart:"

/** The cart is not in the version that a change was meant for. Nothing has been written. */
export class VersionConflict extends Error {
  constructor(
    readonly cart_id: string,
    /** The one that it is in. */
    readonly version: number,
  ) {
    super(`Cart ${cart_id} is in version ${version}`)
  }
}

/** Another counter or Medusa is at the cart, or somebody has left without telling what came of it; or it must be locked. */
export class InOthersHands extends Error {}

/**
 * A cart's version, for readers. Read before the cart itself: then what is read is at least as new as the version says,
 * and a change that is meant for it cannot overwrite what its author has not seen.
 *
 * A change that was handed to Medusa by a process that is no more is counted here.
 */
export async function versionOf(sql: Sql | TransactionSql, cartId: string): Promise<number> {
  const row = await readState(sql, cartId)
  if (!row?.handed_over) return row?.version ?? 0
  // Whoever runs it holds the lock. If it ends just now, the mark that we have seen is no longer there.
  const [settled] = await (sql as Sql)<{ version: number }[]>`
    with turn as materialized (select pg_try_advisory_xact_lock(hashtextextended(${cartLock(cartId)}, 0)) as taken)
    update mostrador.cart_state set version = version + 1, handed_over = null from turn
    where taken and cart_id = ${cartId} and handed_over = ${row.handed_over}
    returning version::float8 as version`
  return settled?.version ?? (await readState(sql, cartId))?.version ?? 0
}

async function readState(sql: Sql | TransactionSql, cartId: string) {
  const [row] = await (sql as Sql)<{ version: number; handed_over: string | null }[]>`
    select version::float8 as version, handed_over::text as handed_over
    from mostrador.cart_state where cart_id = ${cartId}`
  return row
}
