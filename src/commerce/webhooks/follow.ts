import type { ISql, Sql, TransactionSql } from "postgres"

/** What one reading of the log has come to. */
export interface Followed {
  events: number
  /** The place was another database's, so what came before now may have been missed. */
  wasLost: boolean
}

/** Follows the event log, as one of any number of processes. */
export interface Follower {
  /**
   * Makes a delivery of each new event for each endpoint that wants it, in the transaction that moves the place in the
   * log: whoever is killed has done both or nothing. One process at a time; others do nothing.
   */
  follow(): Promise<Followed>
}

/** The first that a database's own work has; everybody sees it. */
const FIRST_TRANSACTION = "3"
const NOTHING: Followed = { events: 0, wasLost: false }

/**
 * Begins at the present, unless there is a place in the log already. Positions are given out before the commit, so the
 * place is what the last reading could see; see `mostrador.event`.
 */
export async function openFollower(sql: Sql): Promise<Follower> {
  await sql`insert into mostrador.webhook_position (position) values (pg_current_snapshot()) on conflict do nothing`
  let known = await readPlace(sql)
  return {
    async follow() {
      if (!(await isDue(sql, known))) return NOTHING
      const done = await sql.begin(async (tx) => {
        const [turn] = await tx`select from mostrador.webhook_position for update skip locked`
        // Others may have moved it.
        return turn ? await go(tx, await readPlace(tx)) : undefined
      })
      if (!done) return NOTHING
      const { place, ...followed } = done
      known = place
      return followed
    },
  }
}

/** It is given as a value, so that Postgres can tell that few rows of a long log are meant, and takes the index. */
type Place = string

async function readPlace(sql: ISql): Promise<Place> {
  const [at] = await sql<{ position: Place }[]>`select position::text as position from mostrador.webhook_position`
  return at?.position ?? ""
}

async function isDue(sql: Sql, place: Place): Promise<boolean> {
  const [look] = await sql<{ is_due: boolean }[]>`
    select ${isLost(sql, place)} or (
      select true from mostrador.event where ${isNew(sql, place)} order by tx, position limit 1) as is_due`
  return look?.is_due === true
}

/** @returns the new place, too; it holds once the transaction is committed */
async function go(tx: TransactionSql, place: Place): Promise<Followed & { place: Place }> {
  const [look] = await tx<{ is_lost: boolean }[]>`select ${isLost(tx, place)} as is_lost`
  if (look?.is_lost) {
    // Transactions are counted anew in this database, and what is in the log already must not look as if it were to come.
    await tx`
      update mostrador.event set tx = ${FIRST_TRANSACTION}::xid8 where tx >= pg_snapshot_xmax(pg_current_snapshot())`
    await tx`update mostrador.webhook_position set position = pg_current_snapshot()`
    return { events: 0, wasLost: true, place: await readPlace(tx) }
  }
  // The statement's own snapshot is both what it sees and the new place.
  const [made] = await tx<{ events: number; place: Place | null }[]>`
    with fresh as materialized (
      select * from mostrador.event where ${isNew(tx, place)} order by tx, position
    ), made as (
      insert into mostrador.webhook_delivery
        (endpoint_id, event_position, event_tx, event_id, event_type, subject_id, occurred_at)
      select endpoint.id, fresh.position, fresh.tx, fresh.id, fresh.name, fresh.subject_id, fresh.occurred_at
      from fresh join mostrador.webhook_endpoint endpoint
        on endpoint.disabled_at is null and endpoint.deleted_at is null and ${wants(tx, "endpoint", "fresh")}
      on conflict do nothing
    ), moved as (
      update mostrador.webhook_position set position = pg_current_snapshot() where exists (select from fresh)
      returning position::text as place
    )
    select count(*)::int as events, (select place from moved) as place from fresh`
  return { events: made?.events ?? 0, wasLost: false, place: made?.place ?? place }
}

/** Condition: an event is of a type that somebody has asked for: by its name, its noun (`order.*`), or all (`*`). */
export const wants = (sql: ISql, who: string, event: string) => sql`
  ${sql(who)}.event_types && array[${sql(event)}.name, split_part(${sql(event)}.name, '.', 1) || '.*', '*']`

/** Condition on an event: it cannot be seen from that place. */
const isNew = (sql: ISql, place: Place) => sql`
  tx >= pg_snapshot_xmin(${place}::pg_snapshot) and not pg_visible_in_snapshot(tx, ${place}::pg_snapshot)`

/** Condition: what can be seen from that place has yet to come here, so that it is one in another database's log. */
const isLost = (sql: ISql, place: Place) => sql`
  pg_snapshot_xmax(${place}::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())`
