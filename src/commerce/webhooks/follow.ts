import type { Sql, TransactionSql } from "postgres"

/** What one reading of the log has come to. */
export interface Followed {
  events: number
  /** The place was another database's, so what came before now may have been missed. */
  wasLost: boolean
}

/** Takes the present for the place in the log where following begins, unless there is one. */
export async function enrol(sql: Sql): Promise<void> {
  await sql`
    insert into mostrador.webhook_position (position) values (pg_current_snapshot()) on conflict do nothing`
}

/**
 * Makes a delivery of each new event for each endpoint that wants it, in the transaction that moves the place in the log:
 * whoever is killed has done both or nothing. One process at a time; others do nothing.
 *
 * Positions are given out before the commit, so the place is what the last reading could see; see `mostrador.event`.
 */
export async function followLog(sql: Sql): Promise<Followed> {
  const [look] = await sql<{ is_lost: boolean; is_due: boolean }[]>`
    select ${isLost(sql)} as is_lost, exists (
      select from mostrador.event where ${isNew(sql)}) as is_due
    from mostrador.webhook_position at`
  if (!look?.is_lost && !look?.is_due) return { events: 0, wasLost: false }
  return await sql.begin(async (tx) => {
    const [turn] = await tx<{ is_lost: boolean }[]>`
      select ${isLost(tx)} as is_lost from mostrador.webhook_position at for update skip locked`
    if (!turn) return { events: 0, wasLost: false }
    if (turn.is_lost) {
      await tx`update mostrador.webhook_position set position = pg_current_snapshot()`
      return { events: 0, wasLost: true }
    }
    return { events: await makeDeliveries(tx), wasLost: false }
  })
}

async function makeDeliveries(tx: TransactionSql): Promise<number> {
  // The statement's own snapshot is both what it sees and the new place.
  const [made] = await tx<{ events: number }[]>`
    with fresh as materialized (
      select event.* from mostrador.webhook_position at, mostrador.event where ${isNew(tx)}
    ), made as (
      insert into mostrador.webhook_delivery
        (endpoint_id, event_position, event_tx, event_id, event_type, subject_id, occurred_at)
      select endpoint.id, fresh.position, fresh.tx, fresh.id, fresh.name, fresh.subject_id, fresh.occurred_at
      from fresh join mostrador.webhook_endpoint endpoint
        on endpoint.disabled_at is null and endpoint.deleted_at is null and ${wants(tx, "endpoint", "fresh")}
      on conflict do nothing
    ), moved as (
      update mostrador.webhook_position set position = pg_current_snapshot() where exists (select from fresh)
    )
    select count(*)::int as events from fresh`
  return made?.events ?? 0
}

/** Condition: an event is of a type that somebody has asked for: by its name, its noun (`order.*`), or all (`*`). */
export const wants = (sql: Sql | TransactionSql, who: string, event: string) => sql`
  ${sql(who)}.event_types && array[${sql(event)}.name, split_part(${sql(event)}.name, '.', 1) || '.*', '*']`

/** Condition on `at`: what it has not seen yet. */
const isNew = (sql: Sql | TransactionSql) => sql`
  event.tx >= pg_snapshot_xmin(at.position) and not pg_visible_in_snapshot(event.tx, at.position)`

/** Condition on `at`: it has seen what this database has yet to do, since its rows were copied from another one's. */
const isLost = (sql: Sql | TransactionSql) => sql`
  pg_snapshot_xmax(at.position) > pg_snapshot_xmax(pg_current_snapshot())`
