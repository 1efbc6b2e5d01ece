import postgres, { type ReservedSql } from "postgres"
import { slots } from "../slots.ts"
import { openDatabase } from "./database.ts"

/**
 * Connections that hold advisory locks of sessions (`pg_advisory_lock`) while something long runs elsewhere. They are a
 * pool of their own, so that what waits for Medusa never takes a connection from a lane, and are in no transaction
 * meanwhile: an open one would hold up the change feed and vacuum.
 */
export interface LockConnections {
  /**
   * Gives `work` a connection. All locks that it takes there are let go of at its end, and go with the process.
   *
   * @throws NoSlot when none has become free for a few seconds
   */
  use<T>(work: (connection: ReservedSql) => Promise<T>): Promise<T>
  /** Waits for the work that runs, for as long as the requests that began it may take. */
  close(): Promise<void>
}

export interface LockConnectionsOptions {
  connections: number
  /** Milliseconds that one waits for a connection. */
  patience: number
  /** How long one waits for a lock that another process holds; see `isLockTimeout`. */
  lockSeconds: number
  /** How long closing waits for work that runs. */
  drainSeconds: number
}

export function openLockConnections(databaseUrl: string, options: LockConnectionsOptions): LockConnections {
  const { connections, patience, lockSeconds, drainSeconds } = options
  const { sql, close } = openDatabase(databaseUrl, {
    ...{ connections, lockSeconds, statementSeconds: 2 * lockSeconds, idleSeconds: 30 },
  })
  const room = slots(connections)
  const running = new Set<Promise<unknown>>()

  async function withConnection<T>(work: (connection: ReservedSql) => Promise<T>): Promise<T> {
    const connection = await sql.reserve()
    try {
      return await work(connection)
    } finally {
      // A connection that is gone has taken its locks with it.
      await connection`select pg_advisory_unlock_all()`.catch(() => {})
      connection.release()
    }
  }

  return {
    async use(work) {
      const done = room.use(patience, () => withConnection(work))
      running.add(done)
      try {
        return await done
      } finally {
        running.delete(done)
      }
    },
    async close() {
      let late: NodeJS.Timeout | undefined
      const deadline = new Promise((resolve) => {
        late = setTimeout(resolve, drainSeconds * 1000)
      })
      await Promise.race([Promise.allSettled(running), deadline])
      clearTimeout(late)
      await close()
    },
  }
}

/** Whether a statement has failed because it waited too long for a lock. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === "55P03"
}
