import type { Sql } from "postgres"
import { KEPT_DAYS } from "../../../platform/events/index.ts"
import type { Log } from "../../../platform/log.ts"
import { type Repeated, repeat } from "../../../platform/repeat.ts"

const EVERY = 10 * 60_000
/** So many in one transaction. */
const BATCH = 1_000

/** Forgets operations as old as the events that they are judged by, in one process at a time. */
export function pruneOperations(sql: Sql, log: Log): Repeated {
  const turn = async (signal: AbortSignal) => {
    while (!signal.aborted && (await pruneSome(sql)) === BATCH);
  }
  return repeat(turn, { every: EVERY, first: 60_000, log, failing: "old operations of devices cannot be deleted" })
}

/** @returns how many were deleted; none while another process is at it */
export async function pruneSome(sql: Sql): Promise<number> {
  return await sql.begin(async (tx) => {
    const [turn] = await tx`
      select pg_try_advisory_xact_lock(hashtextextended('mostrador:operation-pruning', 0)) as taken`
    if (!turn?.taken) return 0
    const deleted = await tx`
      delete from mostrador.cart_operation where id in (
        select id from mostrador.cart_operation
        where created_at < now() - make_interval(days => ${KEPT_DAYS}) order by created_at limit ${BATCH})`
    return deleted.count
  })
}
