import type { Sql } from "postgres"
import { KEPT_DAYS } from "../../platform/events/index.ts"

/** So many in one transaction. */
const BATCH = 1_000

/** Deletes deliveries and replays of events that are not kept any more, and all that was an endpoint's that is removed. */
export async function pruneDeliveries(sql: Sql, signal: AbortSignal): Promise<void> {
  await sql`
    delete from mostrador.webhook_replay where finished_at < now() - make_interval(days => ${KEPT_DAYS})`
  const endpoints = await sql<{ id: string; is_removed: boolean }[]>`
    select id, deleted_at is not null as is_removed from mostrador.webhook_endpoint`
  for (const { id, is_removed } of endpoints) {
    while (!signal.aborted && (await pruneSome(sql, id, is_removed)) === BATCH);
    if (is_removed && !signal.aborted) await forget(sql, id)
  }
}

/** @returns how many deliveries were deleted */
async function pruneSome(sql: Sql, endpointId: string, all: boolean): Promise<number> {
  // The key's order is that of time, near enough, and needs no index on the time.
  const deleted = await sql`
    delete from mostrador.webhook_delivery delivery using (
      select event_position from mostrador.webhook_delivery
      where endpoint_id = ${endpointId} order by event_position limit ${BATCH}
      for update skip locked) oldest
    where delivery.endpoint_id = ${endpointId} and delivery.event_position = oldest.event_position
      and (${all} or occurred_at < now() - make_interval(days => ${KEPT_DAYS}))`
  return deleted.count
}

/** An endpoint that nothing is kept of, unless somebody has just written to it. */
async function forget(sql: Sql, id: string): Promise<void> {
  await sql`delete from mostrador.webhook_replay where endpoint_id = ${id}`
  await sql`
    delete from mostrador.webhook_endpoint where id = ${id} and deleted_at is not null
      and not exists (select from mostrador.webhook_delivery where endpoint_id = ${id})`
}
