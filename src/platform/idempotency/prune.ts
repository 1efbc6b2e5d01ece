import type { Sql } from "postgres"
import type { Log } from "../log.ts"
import { type Repeated, repeat } from "../repeat.ts"
import { KEPT_HOURS } from "./keys.ts"

const EVERY = 10 * 60_000
/** So many in one transaction. */
const BATCH = 1_000

/** Deletes keys that stand for nothing any more, in one process at a time. */
export function pruneKeys(sql: Sql, log: Log): Repeated {
  const turn = async (signal: AbortSignal) => {
    while (!signal.aborted && (await pruneSome(sql)) === BATCH);
  }
  return repeat(turn, { every: EVERY, first: 60_000, log, failing: "old idempotency keys cannot be deleted" })
}

/** @returns how many were deleted; none while another process is at it */
async function pruneSome(sql: Sql): Promise<number> {
  return await sql.begin(async (tx) => {
    const [turn] = await tx`
      select pg_try_advisory_xact_lock(hashtextextended('mostrador:idempotency-pruning', 0)) as taken`
    if (!turn?.taken) return 0
    const deleted = await tx`
      delete from mostrador.idempotency_key where (scope, key) in (
        select scope, key from mostrador.idempotency_key
        where started_at < now() - make_interval(hours => ${KEPT_HOURS}) order by started_at limit ${BATCH})`
    return deleted.count
  })
}
