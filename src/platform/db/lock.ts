import type { Sql } from "postgres"
import type { Database } from "./database.ts"

/**
 * Runs `work` while holding a lock of the whole database, so that of many processes that start at once only one
 * migrates and the others wait for it. The lock belongs to a connection and goes with it.
 */
export async function withLock<T>({ sql }: Database, name: string, work: () => Promise<T>): Promise<T> {
  const connection = await sql.reserve()
  try {
    await connection`set statement_timeout = 0`
    await connection`select pg_advisory_lock(hashtextextended(${`mostrador:${name}`}, 0))`
    return await work()
  } finally {
    await connection`select pg_advisory_unlock(hashtextextended(${`mostrador:${name}`}, 0))`
    await connection`reset statement_timeout`
    connection.release()
  }
}

/**
 * Runs `work` while holding a lock of the whole database, if nobody has it: of many processes one does it. The lock goes
 * with the process, and no transaction is open meanwhile, which would hold up the change feed and vacuum.
 *
 * @returns undefined when another one has it
 */
export async function ifUnlocked<T>(sql: Sql, name: string, work: () => Promise<T>): Promise<T | undefined> {
  const connection = await sql.reserve()
  try {
    const [lock] = await connection`
      select pg_try_advisory_lock(hashtextextended(${`mostrador:${name}`}, 0)) as taken`
    return lock?.taken ? await work() : undefined
  } finally {
    // A connection that is gone has taken its lock with it.
    await connection`select pg_advisory_unlock_all()`.catch(() => {})
    connection.release()
  }
}
