import { randomUUID } from "node:crypto"
import { isDeepStrictEqual } from "node:util"
import type { ReservedSql, Sql, TransactionSql } from "postgres"
import { isLockTimeout } from "../../platform/db/index.ts"
import { eventRows, type NewEvent, recordingEvents } from "../../platform/events/index.ts"
import { type CartChange, type ChangedBy, eventOfMedusas, type Glance, glanceAt, hasVersion } from "./change/events.ts"
import { CartMoved, survivorOf } from "./owners.ts"
import { ODD, readRows } from "./read.ts"
import { cartLock, VersionConflict } from "./versions.ts"

/** Others have been changing the cart for longer than one waits. Nothing has been written. */
export class CartBusy extends Error {
  constructor(readonly cart_id: string) {
    super(`Cart ${cart_id} is being changed by others`)
  }
}

/**
 * Makes the caller the cart's one writer until the end of his transaction, whichever way others change it: in a lane, or
 * through Medusa (`handOver`). To be called before the cart is read. The row lock of `cart` is taken besides by who
 * writes to it, for the sake of writers that do not know this lock.
 *
 * @returns the cart's version; `writeDraft` counts the change
 */
export async function takeCart(tx: TransactionSql, cartId: string): Promise<number> {
  // Two statements in one round trip: the second sees what was committed until the first had the lock.
  const [, rows] = await Promise.all([
    tx`select pg_advisory_xact_lock(hashtextextended(${cartLock(cartId)}, 0))`,
    tx<{ version: number }[]>`
      select (version + (handed_over is not null)::int)::float8 as version
      from mostrador.cart_state where cart_id = ${cartId}`,
  ])
  return rows[0]?.version ?? 0
}

/**
 * The lock of `takeCart`, if nobody has it, for who reads the version with the cart, and will not keep a connection
 * waiting.
 *
 * @returns whether it was to be had
 */
export async function tryCart(tx: TransactionSql, cartId: string): Promise<boolean> {
  const [row] = await tx<{ taken: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${cartLock(cartId)}, 0)) as taken`
  return row?.taken ?? false
}

/**
 * Keeps Medusa's own workflows from the cart until the transaction ends: those that the counter has not asked for (a
 * payment's webhook, a plugin, a job) know no other lock than this one, of `src/medusa/locks`, and wait for it.
 *
 * @returns whether none of them is at it
 */
export async function keepMedusaOut(tx: TransactionSql, cartId: string): Promise<boolean> {
  const [taken] = await Promise.all([
    tx`
      insert into mostrador.medusa_lock as held (key, owner) values (${cartId}, 'counter')
      on conflict (key) do update set owner = excluded.owner, expires_at = null where held.expires_at <= now()
      returning key`,
    // Who wants to write the same key waits for the end of this transaction all the same, and then there is none.
    tx`delete from mostrador.medusa_lock where key = ${cartId} and owner = 'counter' and expires_at is null`,
  ])
  return taken.length > 0
}

/** What came of a change that Medusa was asked for. */
export interface HandedOver<T> {
  /** `unknown`: Medusa may have made it, or may still be at it; it counts as made. */
  came: "changed" | "refused" | "unknown"
  result: T
  /** What is told of the change beside the cart's own event. */
  also?: Omit<NewEvent, keyof ChangedBy>[]
}

export interface Handing<T> {
  /**
   * Asks Medusa; throws only when it has not asked.
   *
   * @param before  the cart as it was; null for one that is not there, or that only Medusa can show
   */
  work(before: Glance | null): Promise<HandedOver<T>>
  /** What the change is, and whose, for its event. */
  change: { is: CartChange; by: ChangedBy }
  /** Whether the change is meant for this version; every version will do unless it is given. */
  isMeantFor?(version: number): boolean
  /** Told that a change was made and could not be counted; whoever changes the cart next counts it. */
  onUncounted(error: unknown): void
}

/**
 * Makes Medusa the cart's one writer while it is asked for a change, and counts the change and records its event when it
 * was made. Before Medusa is asked a mark of it is committed; whoever has the lock next and finds one left behind counts
 * that change too, since it may have been made; of such a one there is no event.
 *
 * @param connection  a session whose advisory locks are let go of afterwards, in no transaction
 * @returns the result, and the cart's version after it: undefined when there is no such cart or it is not known
 * @throws CartBusy when others have been changing the cart for too long
 * @throws VersionConflict when the change was meant for another version: Medusa has not been asked
 * @throws CartMoved likewise, when the cart was merged into another while its lock was waited for
 */
export async function handOver<T>(
  connection: ReservedSql,
  cartId: string,
  { work, change, isMeantFor, onUncounted }: Handing<T>,
): Promise<{ result: T; version?: number | undefined }> {
  try {
    await connection`select pg_advisory_lock(hashtextextended(${cartLock(cartId)}, 0))`
  } catch (error) {
    throw isLockTimeout(error) ? new CartBusy(cartId) : error
  }
  const mark = randomUUID()
  const before = await leaveMark(connection, cartId, mark)
  if (before === undefined) {
    const survivor = await survivorOf(connection, cartId)
    if (survivor !== undefined) throw new CartMoved(survivor)
    return { result: (await work(null)).result }
  }
  if (isMeantFor && !isMeantFor(before)) {
    await settle(connection, cartId, mark, 0)
    throw new VersionConflict(cartId, before)
  }
  const was = await glance(connection, cartId)
  const {
    came,
    result,
    also = [],
  } = await work(was).catch(async (error) => {
    // Medusa has not been asked.
    await settle(connection, cartId, mark, 0)
    throw error
  })
  if (came === "unknown") return { result }
  try {
    if (came === "refused") return { result, version: await settle(connection, cartId, mark, 0) }
    const is = await glance(connection, cartId)
    const raised = hasVersion(change.is) ? 1 : 0
    // Who is answered with the payment collection that there is has changed nothing.
    const isNothing = raised === 0 && isDeepStrictEqual(was, is)
    const event = eventOfMedusas(cartId, change.is, before + raised, change.by, { before: was, after: is })
    const events = [...(isNothing ? [] : [event]), ...also.map((it) => ({ ...it, ...change.by }))]
    return { result, version: await settle(connection, cartId, mark, raised, events) }
  } catch (error) {
    onUncounted(error)
    return { result }
  }
}

/** @returns the version before the change; undefined when there is no such cart, or no longer */
async function leaveMark(connection: ReservedSql, cartId: string, mark: string): Promise<number | undefined> {
  const [row] = await connection<{ version: number }[]>`
    insert into mostrador.cart_state as known (cart_id, handed_over, handovers)
    select id, ${mark}::uuid, 1 from cart
    where id = ${cartId} and not exists (select from mostrador.cart_alias where id = ${cartId})
    on conflict (cart_id) do update
      set version = known.version + (known.handed_over is not null)::int, handed_over = excluded.handed_over,
        handovers = known.handovers + 1
    returning version::float8 as version`
  return row?.version
}

/**
 * Counts a cart that Medusa has made, and records its event: it is in version 1, unless it has been changed meanwhile.
 *
 * @returns its version
 */
export async function countCreation(sql: Sql, cartId: string, by: ChangedBy): Promise<number> {
  const event = eventOfMedusas(cartId, "created", 1, by, { before: null, after: await glance(sql, cartId) })
  const [row] = await sql.unsafe<{ version: number }[]>(
    `with counted as (
       insert into mostrador.cart_state as known (cart_id, version) values ($1::text, 1)
       on conflict (cart_id) do update set version = greatest(known.version, 1)
       returning version, xmax = 0 as is_first
     ), told as (
       -- What Medusa wrote to make it.
       delete from mostrador.cart_touched where cart_id = $1::text and handed_over is null
     ), ${recordingEvents(2, "exists (select from counted where is_first)")}
     select version::float8 as version from counted`,
    [cartId, eventRows([event])],
    { prepare: true },
  )
  return row?.version ?? 1
}

async function glance(sql: Sql | ReservedSql, cartId: string): Promise<Glance | null> {
  const cart = await readRows(sql, cartId)
  return cart && cart !== ODD ? glanceAt(cart) : null
}

/** @returns the version after the change; undefined when it has been settled by others, since we lost the lock */
async function settle(
  connection: ReservedSql,
  cartId: string,
  mark: string,
  changes: 0 | 1,
  events: NewEvent[] = [],
): Promise<number | undefined> {
  const [row] = await connection.unsafe<{ version: number }[]>(
    `with settled as (
       update mostrador.cart_state set version = version + $3::text::int, handed_over = null
       where cart_id = $1::text and handed_over = $2::text::uuid
       returning version
     ), told as (
       -- What Medusa wrote meanwhile is told by the change's own event.
       delete from mostrador.cart_touched where cart_id = $1::text and handed_over = $2::text::uuid and exists (select from settled)
     ), ${recordingEvents(4, "exists (select from settled)")}
     select version::float8 as version from settled`,
    [cartId, mark, String(changes), eventRows(events)],
    { prepare: true },
  )
  return row?.version
}
