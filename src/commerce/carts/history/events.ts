import type { ISql, PendingQuery, Row, Sql } from "postgres"
import type { Snapshot } from "../../../platform/db/index.ts"

/** Something that has happened to a cart, as the log has it. */
export interface CartEvent {
  /** The transaction that has written it. */
  tx: string
  position: string
  id: string
  /** `cart.line_added`, `order.placed`. */
  name: string
  /** To which cart. */
  cart_id: string
  /** The cart again, or the order that was made of it. */
  subject_id: string
  version: number | null
  channel: string | null
  actor: { type: string; id: string | null; role?: string }
  device: string | null
  data: { before: unknown; after: unknown }
  /** ISO. */
  occurred_at: string
  /** Of the order. */
  display_id: number | null
}

/** That something has happened to a cart; what, is to be read. */
export interface News {
  kind: "event" | "presence"
  tx: string
  position: string
  /** Null of an order of which it cannot be told yet which cart it was. */
  cart_id: string | null
  subject_id: string
  /** The cart into which this one was merged. */
  into: string | null
}

/** What one reading of the log's new end has found. */
export interface Reading {
  seen: Snapshot
  /** The place was another database's: it cannot be told what is new. */
  isLost: boolean
  news: News[]
}

/** How far somebody has been told of a cart. */
export interface Place {
  /** All that could be seen then has been told... */
  seen: Snapshot
  /** ...but for what could not be seen from this older place, and comes after this position. */
  rest?: { since: Snapshot; after: string } | undefined
}

export async function readSnapshot(sql: ISql): Promise<Snapshot> {
  const [row] = await sql<{ seen: Snapshot }[]>`select pg_current_snapshot()::text as seen`
  return row?.seen ?? ""
}

/**
 * What has been committed since a place, of all carts: one look at the log's new end, whatever the number of carts.
 *
 * @param unresolved  orders of which it could not be told which carts they were
 */
export async function readNews(sql: Sql, place: Snapshot, unresolved: readonly string[]): Promise<Reading> {
  // Values, so that Postgres can tell that few rows of a long log are meant, and takes the index.
  const rows = await sql<({ seen: Snapshot; is_lost: boolean } & { [K in keyof News]: News[K] | null })[]>`
    select reading.seen::text as seen, pg_snapshot_xmax(${place}::pg_snapshot) > pg_snapshot_xmax(reading.seen) as is_lost,
      news.*
    from (select pg_current_snapshot() as seen) reading left join (
      select 'event' as kind, tx::text as tx, position::text as position, subject_id,
        case when subject_type = 'cart' then subject_id else ${cartOfOrder(sql)} end as cart_id,
        case when name = 'cart.merged_away' then data->'after'->>'into' end as into
      from mostrador.event where (subject_type = 'cart' or name = 'order.placed') and ${isNew(sql, place)}
      union all
      select 'event', tx::text, position::text, subject_id, ${cartOfOrder(sql)}, null
      from mostrador.event where name = 'order.placed' and subject_id = any(${[...unresolved]})
      union all
      select 'presence', tx::text, '0', cart_id, cart_id, null
      from mostrador.cart_presence where ${isNew(sql, place)}
    ) news on true
    order by news.position::bigint`
  const [first] = rows
  return {
    seen: first?.seen ?? place,
    isLost: first?.is_lost ?? false,
    news: rows.filter((it): it is typeof it & News => it.kind !== null),
  }
}

/** The events of which was told that they are there, in their order. */
export async function readEvents(sql: Sql, news: readonly News[]): Promise<CartEvent[]> {
  const given = JSON.stringify(news.map(({ tx, position, cart_id }) => ({ tx, position, cart_id })))
  return await sql<CartEvent[]>`
    select ${columns(sql)}, given.cart_id
    from jsonb_to_recordset(${given}::text::jsonb) as given (tx xid8, position bigint, cart_id text)
    join mostrador.event on event.tx = given.tx and event.position = given.position
    order by event.position`
}

/**
 * What has happened since a place to a cart, and, from when it was merged into another, to that one.
 *
 * @returns no more than `most`, in their order, and the new place
 */
export async function readMissed(
  sql: Sql,
  cartId: string,
  { seen, rest }: Place,
  most: number,
): Promise<{ seen: Snapshot; events: CartEvent[] }> {
  const isMissed = rest
    ? sql`(${isNew(sql, rest.since)} and event.position > ${rest.after}::bigint
        and pg_visible_in_snapshot(event.tx, ${seen}::pg_snapshot))`
    : isNew(sql, seen)
  const rows = await sql<({ seen: Snapshot } & { [K in keyof CartEvent]: CartEvent[K] | null })[]>`
    with recursive reading as materialized (select pg_current_snapshot() as seen), line as (
      select ${cartId}::text as cart_id, null::bigint as after_position, null::xid8 as with_tx
      union all
      -- Each comes after the one before it, so there is an end to them.
      select away.data->'after'->>'into', away.position, away.tx
      from line join mostrador.event away on away.subject_id = line.cart_id and away.name = 'cart.merged_away'
        and (line.after_position is null or away.position > line.after_position)
    ), missed as (
      select line.cart_id, event.* from line join mostrador.event on event.subject_id = line.cart_id
      where (line.after_position is null or event.position > line.after_position or event.tx = line.with_tx)
        and event.name <> 'cart.merged_away' and ${isMissed}
      union all
      select line.cart_id, event.* from line
      join order_cart link on link.cart_id = line.cart_id and link.deleted_at is null
      join mostrador.event on event.subject_id = link.order_id and event.name = 'order.placed' and ${isMissed}
      order by position limit ${most}
    )
    select reading.seen::text as seen, event.cart_id, ${columns(sql)}
    from reading left join missed event on true order by event.position`
  return {
    seen: rest ? seen : (rows[0]?.seen ?? seen),
    events: rows.filter((it): it is typeof it & CartEvent => it.id !== null),
  }
}
/** Whether a place is one of this database's. */
export async function isReachable(sql: Sql, { seen }: Place): Promise<boolean> {
  const [row] = await sql<{ is_known: boolean }[]>`
    select pg_snapshot_xmax(${seen}::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) as is_known`
  return row?.is_known ?? false
}

/** The cart itself, and those that were merged into it. */
export async function cartsIn(sql: Sql, cartId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from mostrador.cart_alias where cart_id = ${cartId}`
  return [cartId, ...rows.map((it) => it.id)]
}

/**
 * All that has happened to a cart, to those that were merged into it, and to the order that was made of it, as far back as
 * events are kept.
 *
 * @param page.after  the position of the last one that is known
 */
export async function readHistory(
  sql: Sql,
  cartId: string,
  page: { after: string; limit: number },
): Promise<CartEvent[]> {
  return await sql<CartEvent[]>`
    with line as (
      select ${cartId}::text as subject_id, ${cartId}::text as cart_id
      union select id, id from mostrador.cart_alias where cart_id = ${cartId}
      union select order_id, cart_id from order_cart where cart_id = ${cartId} and deleted_at is null
    )
    select line.cart_id, ${columns(sql)}
    from line join mostrador.event on event.subject_id = line.subject_id
    where event.position > ${page.after}::bigint
    order by event.position limit ${page.limit}`
}

const columns = (sql: ISql): PendingQuery<Row[]> => sql`
  event.tx::text as tx, event.position::text as position, event.id, event.name, event.subject_id,
  event.version::float8 as version, event.channel, event.actor, event.device, event.data,
  mostrador.iso(event.occurred_at) as occurred_at,
  case when event.name = 'order.placed' then (
    select display_id from "order" where "order".id = event.subject_id) end as display_id`

const cartOfOrder = (sql: ISql) => sql`
  coalesce(data->'after'->>'cart_id', (
    select link.cart_id from order_cart link where link.order_id = event.subject_id and link.deleted_at is null limit 1))`

const isNew = (sql: ISql, place: Snapshot) => sql`
  tx >= pg_snapshot_xmin(${place}::pg_snapshot) and not pg_visible_in_snapshot(tx, ${place}::pg_snapshot)`
