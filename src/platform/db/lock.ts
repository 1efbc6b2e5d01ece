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
