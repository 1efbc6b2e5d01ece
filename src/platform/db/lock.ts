import { NoSlot } from "../slots.ts"
import type { Database } from "./database.ts"
import type { LockConnections } from "./lock-connections.ts"

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
 * with the process, and no transaction is open meanwhile, which would hold up the change feed and vacuum; nor does it take
 * a connection that the work itself may need.
 *
 * @returns undefined when another one has it, or all connections for locks are taken
 */
export async function ifUnlocked<T>(
  locks: LockConnections,
  name: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const alone = locks.use(async (connection) => {
    const [lock] = await connection`
      select pg_try_advisory_lock(hashtextextended(${`mostrador:${name}`}, 0)) as taken`
    return lock?.taken ? await work() : undefined
  })
  return await alone.catch((error) => {
    if (error instanceof NoSlot) return undefined
    throw error
  })
}
