import type { Sql } from "postgres"

/** That one process at a time writes an index. */
export interface Turn {
  /** @throws when the turn is lost: the connection that had it is gone, and another process may have it now */
  requireHeld(): Promise<void>
}

/**
 * Runs `work` while holding an index. The lock belongs to a connection, which is not in a transaction meanwhile: tasks
 * take their time, and an open transaction would hold up the change feed and vacuum.
 *
 * @param wait  until it is free; else resolves with undefined when another process has it
 */
export async function withTurn<T>(
  sql: Sql,
  index: string,
  wait: boolean,
  work: (turn: Turn) => Promise<T>,
): Promise<T | undefined> {
  const connection = await sql.reserve()
  const key = `mostrador:meilisearch:${index}`
  try {
    await connection`set statement_timeout = 0`
    const [row] = wait
      ? await connection`select pg_advisory_lock(hashtextextended(${key}, 0)) is not null as taken`
      : await connection`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as taken`
    if (!row?.taken) return undefined
    return await work({
      async requireHeld() {
        const [held] = await connection`
          select exists(select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted) as held`
        if (!held?.held) throw new Error(`The turn for ${index} is lost`)
      },
    })
  } finally {
    // A connection that is gone has taken its lock with it.
    await connection`select pg_advisory_unlock_all()`.catch(() => {})
    await connection`reset statement_timeout`.catch(() => {})
    connection.release()
  }
}
