import type { ISql, Sql, TransactionSql } from "postgres"
import { type Actor, type NewEvent, recordEvents } from "../../../platform/events/index.ts"
import { type TimelineEntry, timelineOf } from "./entries.ts"
import { type OrderRows, readOrderRows } from "./rows.ts"

/** When the shop began to tell of its orders: what happened before is no news. */
export const SINCE = "order_events_since"

/** An order's story, up to now. */
export interface Story {
  rows: OrderRows
  /** In the order in which it happened. */
  entries: TimelineEntry[]
  /** Ids of the entries in the order in which they were told. */
  told: string[]
}

export const storyOf = (rows: OrderRows): Story => ({ rows, entries: timelineOf(rows), told: rows.told ?? [] })

/** Gets what is told of an order, in the transaction that tells it: what follows from it is committed with it. */
export type OnTold = (tx: TransactionSql, rows: OrderRows, told: readonly TimelineEntry[]) => Promise<void>

const untold = ({ entries, told }: Story) => entries.filter((it) => !told.includes(it.id))

/**
 * Tells what of these orders is not told yet: an event for each entry, once however often and by however many this is
 * called. What was told is noted with the events; the note's row is taken first, so that an order's events have one order.
 *
 * @returns the orders, as they are told now; without those that are not there
 */
export async function tellOrders(tx: TransactionSql, ids: readonly string[], onTold?: OnTold): Promise<Story[]> {
  if (ids.length === 0) return []
  const inOrder = [...new Set(ids)].sort()
  await tx`
    insert into mostrador.order_story (order_id) select id from "order" where id = any(${inOrder})
    order by id on conflict do nothing`
  // In one order of rows, so that two who tell wait for each other and never in a circle.
  await tx`select from mostrador.order_story where order_id = any(${inOrder}) order by order_id for update`
  const stories = (await readOrderRows(tx, inOrder)).map(storyOf)
  const since = await toldSince(tx)
  const news = stories.map((story) => ({ story, fresh: untold(story) })).filter((it) => it.fresh.length > 0)
  const isNews = (it: TimelineEntry) => it.occurred_at >= since
  await recordEvents(
    tx,
    news.flatMap(({ story: { rows, told }, fresh }) =>
      fresh.flatMap((it, index) => (isNews(it) ? [eventOf(it, rows, told.length + index + 1)] : [])),
    ),
  )
  for (const { story, fresh } of news) await onTold?.(tx, story.rows, fresh.filter(isNews))
  for (const { story, fresh } of news) story.told.push(...fresh.map((it) => it.id))
  const noted = JSON.stringify(stories.map(({ rows, told }) => ({ order_id: rows.id, told })))
  await tx`
    update mostrador.order_story story set told = given.told, due_at = null
    from jsonb_to_recordset(${noted}::text::jsonb) as given (order_id text, told text[])
    where story.order_id = given.order_id and (story.told <> given.told or story.due_at is not null)`
  // Of an order that is deleted nothing is left to be told.
  const gone = inOrder.filter((id) => !stories.some((it) => it.rows.id === id))
  if (gone.length > 0) await tx`delete from mostrador.order_story where order_id = any(${gone})`
  return stories
}

/** The order's story, with all of it told. @returns undefined when there is no such order */
export async function toldStory(sql: Sql, orderId: string, onTold?: OnTold): Promise<Story | undefined> {
  const [rows] = await readOrderRows(sql, [orderId])
  if (!rows || untold(storyOf(rows)).length === 0) return rows && storyOf(rows)
  const [now] = await sql.begin((tx) => tellOrders(tx, [orderId], onTold))
  return now
}

async function toldSince(sql: ISql): Promise<string> {
  const [row] = await sql<{ since: string }[]>`
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since
    from mostrador.installation where name = ${SINCE}`
  if (!row) throw new Error("nobody follows the orders yet")
  return row.since
}

/** @param version  the entry's place among all that are told of the order */
function eventOf(entry: TimelineEntry, rows: OrderRows, version: number): NewEvent {
  return {
    ...{ name: `order.${entry.code}`, subject: { type: "order", id: rows.id }, version },
    ...{ channel: entry.channel?.id ?? null, actor: actorOf(entry, rows) },
    channel_id: (isByShopper(entry, rows) && rows.cancellation?.channel_id) || null,
    device: (isByShopper(entry, rows) && rows.cancellation?.device) || null,
    ...{ before: null, after: entry },
  }
}

/** Whom the shop knows to have done it: its shopper. Of what staff do, Medusa's rows tell it now and then only. */
function actorOf(entry: TimelineEntry, rows: OrderRows): Actor {
  const { customer_id, has_account, cancellation } = rows
  if (entry.code === "placed") {
    return has_account ? { type: "customer", id: customer_id } : { type: "guest", id: null }
  }
  return (isByShopper(entry, rows) && cancellation?.actor) || { type: "system", id: null }
}

/** Who asked in vain has not canceled what is canceled later. */
const isByShopper = ({ code }: TimelineEntry, { cancellation }: OrderRows) =>
  code === "canceled" && cancellation?.refused_at === null
