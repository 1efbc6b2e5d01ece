import type { Sql, TransactionSql } from "postgres"
import {
  type ChangedKeys,
  type ChangeFeed,
  enrol,
  hasChanges,
  readChanges,
  takeTurn,
} from "../../../platform/changes/index.ts"
import type { Database } from "../../../platform/db/index.ts"
import type { Log } from "../../../platform/log.ts"
import { repeat } from "../../../platform/repeat.ts"
import { type OnTold, SINCE, type Story, tellOrders, toldStory } from "./tell.ts"

/** Tells what happens to orders, whoever does it. Every counter process runs one; they take turns, and none is needed. */
export interface OrderTeller {
  /** An order's story, with all of it told that is committed by now. @returns undefined when there is no such order */
  story(orderId: string): Promise<Story | undefined>
  close(): Promise<void>
}

const CONSUMER = "order_stories"
/** How soon one looks for what another process has left behind when it died. */
const IDLE_MILLISECONDS = 1_000
/** So many orders in one transaction. */
const BATCH = 50
/** What cannot be told keeps nobody else waiting. */
const AGAIN_MINUTES = 60

/**
 * How the orders are found that rows of a watched table belong to; the column of the feed's keys is in `drizzle/`.
 *
 * An order's own rows are watched where something of the timeline stands in them and nowhere else: money is told by
 * transactions (Medusa writes captures and refunds before the provider has done them), fulfilments by their link.
 */
const ORDERS_OF: Record<string, string> = {
  // Also such as are no more, and had something told.
  order: `select id from "order" where id = any($1)
    union select order_id from mostrador.order_story where order_id = any($1)`,
  order_transaction: "select unnest($1::text[]) as id",
  order_change: "select unnest($1::text[]) as id",
  order_fulfillment: "select unnest($1::text[]) as id",
  return: "select unnest($1::text[]) as id",
  payment:
    "select order_id as id from order_payment_collection where payment_collection_id = any($1) and deleted_at is null",
  fulfillment: "select order_id as id from order_fulfillment where fulfillment_id = any($1) and deleted_at is null",
  fulfillment_label:
    "select order_id as id from order_fulfillment where fulfillment_id = any($1) and deleted_at is null",
}
const RELATIONS = Object.keys(ORDERS_OF)

/** Begins to follow: at the very first start, from then on. */
export async function followOrders(
  { sql }: Database,
  feed: ChangeFeed,
  log: Log,
  onTold?: OnTold,
): Promise<OrderTeller> {
  await sql.begin(async (tx) => {
    await enrol(tx, CONSUMER)
    await tx`insert into mostrador.installation (name, value) values (${SINCE}, '') on conflict do nothing`
  })

  /** What has changed is noted and the feed's position moved on together: who is killed then finds it noted. */
  async function note(): Promise<void> {
    await sql.begin(async (tx) => {
      if (!(await hasChanges(tx, CONSUMER))) return
      if (!(await takeTurn(tx, CONSUMER, false))) return
      await markDue(tx, await ordersIn(tx, await readChanges(tx, CONSUMER, RELATIONS)))
    })
  }

  async function tellDue(signal: AbortSignal): Promise<void> {
    for (let found = BATCH; found === BATCH && !signal.aborted; ) {
      found = await sql.begin((tx) => tellSome(tx, onTold)).catch((error) => oneByOne(sql, log, onTold, error))
    }
  }

  const telling = repeat(
    async (signal) => {
      await note()
      await tellDue(signal)
    },
    { every: IDLE_MILLISECONDS, first: 0, log, failing: "what happens to orders cannot be told" },
  )
  feed.subscribe(RELATIONS, () => telling.now())

  return {
    story: (orderId) => toldStory(sql, orderId, onTold),
    close: telling.close,
  }
}

async function ordersIn(tx: TransactionSql, changed: readonly ChangedKeys[]): Promise<string[]> {
  const keys = new Map<string, Set<string>>()
  for (const { relation, keys: found } of changed) {
    const known = keys.get(relation) ?? new Set()
    // Of a table that was emptied nothing is left to be told.
    for (const key of found) if (key !== null) known.add(key)
    keys.set(relation, known)
  }
  const orders = new Set<string>()
  for (const [relation, of] of keys) {
    const rows = await tx.unsafe<{ id: string }[]>(ORDERS_OF[relation] ?? "", [[...of]], { prepare: true })
    for (const { id } of rows) orders.add(id)
  }
  return [...orders]
}

/** Has these orders looked at, once the caller's transaction is committed. */
export async function markDue(tx: TransactionSql, orders: readonly string[]): Promise<void> {
  if (orders.length === 0) return
  await tx`
    insert into mostrador.order_story as story (order_id, due_at)
    select id, now() from unnest(${[...orders].sort()}::text[]) id order by id
    on conflict (order_id) do update set due_at = least(story.due_at, excluded.due_at)`
}

/** @returns how many were due and nobody else was at */
async function tellSome(tx: TransactionSql, onTold: OnTold | undefined): Promise<number> {
  const due = await tx<{ order_id: string }[]>`
    select order_id from mostrador.order_story where due_at <= now()
    order by due_at limit ${BATCH} for update skip locked`
  await tellOrders(
    tx,
    due.map((it) => it.order_id),
    onTold,
  )
  return due.length
}

/** One order whose rows nobody can read must not keep the others waiting: it is set aside, and tried again. */
async function oneByOne(sql: Sql, log: Log, onTold: OnTold | undefined, cause: unknown): Promise<number> {
  const due = await sql<{ order_id: string }[]>`
    select order_id from mostrador.order_story where due_at <= now() order by due_at limit ${BATCH}`
  let failed = 0
  for (const { order_id } of due) {
    await sql
      .begin((tx) => tellOrders(tx, [order_id], onTold))
      .catch(async (err) => {
        failed++
        // Not which: whoever knows an order's id may read it. It is the one that is due in an hour.
        log.error({ err }, "what happened to an order cannot be told; trying again later")
        await sql`
          update mostrador.order_story set due_at = now() + make_interval(mins => ${AGAIN_MINUTES})
          where order_id = ${order_id}`
      })
  }
  // It is not a matter of single orders: the database is away, or all of them fail.
  if (failed === due.length) throw cause
  return due.length
}
