import type { Sql } from "postgres"
import type { Log } from "../log.ts"
import { type Repeated, repeat } from "../repeat.ts"

/** How long entries are kept: a year's accounts can be looked into. */
export const AUDIT_DAYS = 365

const EVERY = 10 * 60_000
/** So many in one transaction. */
const BATCH = 1_000

/** Deletes entries that are older than `AUDIT_DAYS`, in one process at a time. */
export function pruneAudit(sql: Sql, log: Log): Repeated {
  const turn = async (signal: AbortSignal) => {
    while (!signal.aborted && (await pruneSome(sql)) === BATCH);
  }
  return repeat(turn, { every: EVERY, first: 60_000, log, failing: "old audit entries cannot be deleted" })
}

/** @returns how many were deleted; none while another process is at it */
export async function pruneSome(sql: Sql): Promise<number> {
  return await sql.begin(async (tx) => {
    const [turn] = await tx`
      select pg_try_advisory_xact_lock(hashtextextended('mostrador:audit-pruning', 0)) as taken`
    if (!turn?.taken) return 0
    const deleted = await tx`
      delete from mostrador.audit_entry where id in (
        select id from mostrador.audit_entry
        where at < now() - make_interval(days => ${AUDIT_DAYS}) order by at, id limit ${BATCH})`
    return deleted.count
  })
}
