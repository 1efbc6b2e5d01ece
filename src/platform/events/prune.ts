import type { Sql } from "postgres"
import type { Log } from "../log.ts"
import { type Repeated, repeat } from "../repeat.ts"

/** How long events are kept, and the messages that Medusa's event bus would not take. They tell who bought what. */
export const KEPT_DAYS = 30

const EVERY = 10 * 60_000
/** So many in one transaction. */
const BATCH = 1_000

/** Deletes events that are older than `KEPT_DAYS`, in one process at a time. */
export function pruneEvents(sql: Sql, log: Log): Repeated {
  const turn = async (signal: AbortSignal) => {
    while (!signal.aborted && (await pruneSome(sql)) === BATCH);
  }
  return repeat(turn, { every: EVERY, first: 60_000, log, failing: "old events cannot be deleted" })
}

/** @returns how many events were deleted; none while another process is at it */
async function pruneSome(sql: Sql): Promise<number> {
  return await sql.begin(async (tx) => {
    const [turn] = await tx`
      select pg_try_advisory_xact_lock(hashtextextended('mostrador:event-pruning', 0)) as taken`
    if (!turn?.taken) return 0
    await tx`
      delete from mostrador.medusa_outbox where given_up_at < now() - make_interval(days => ${KEPT_DAYS})`
    // The key's order is that of time, near enough, and needs no index on the time.
    const deleted = await tx`
      delete from mostrador.event
      using (select tx, position from mostrador.event order by tx, position limit ${BATCH}) oldest
      where event.tx = oldest.tx and event.position = oldest.position
        and event.occurred_at < now() - make_interval(days => ${KEPT_DAYS})`
    return deleted.count
  })
}
