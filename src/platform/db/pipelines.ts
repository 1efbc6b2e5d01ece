import type { Sql, TransactionSql } from "postgres"
import { openDatabase } from "./database.ts"
import { type OpenTransaction, transaction } from "./transaction.ts"

/**
 * Connections that many requests share at once: their statements go out one behind the other, those of several requests
 * in one piece, and none waits for the answers of those before it. That takes half the time of a connection for each
 * request, most of which is spent on waking up the other side.
 *
 * Each statement is a transaction of its own: one of several would take in the statements of others. They are short
 * statements that wait for nobody: who has to wait for a lock is refused (`isLockTimeout`) after `LOCK_SECONDS`, since
 * others wait behind him.
 */
export interface Pipelines {
  /**
   * Does work that reads, and writes with one statement (`commitAfter`) or, in a transaction on a connection of its own,
   * with several (`together`). What it writes must fail by itself when what it stands on has changed since it was read.
   */
  use<T>(work: (open: OpenTransaction) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** So many, for where a commit takes long: while one connection waits for the disk, the others go on. */
const CONNECTIONS = 4
/** Requests that share a connection before the next one is taken, if there is one. */
const SHARING = 8
const LOCK_SECONDS = 0.1

/**
 * @param options.pool              where several statements are written together
 * @param options.statementSeconds  how long a statement may run before Postgres cancels it
 */
export function openPipelines(
  databaseUrl: string,
  { pool, statementSeconds }: { pool: Sql; statementSeconds: number },
): Pipelines {
  const pipelines = Array.from({ length: CONNECTIONS }, () => {
    const { sql, close } = openDatabase(databaseUrl, { connections: 1, statementSeconds, lockSeconds: LOCK_SECONDS })
    const open: OpenTransaction = {
      tx: sql as unknown as TransactionSql,
      async commitAfter(last) {
        await last
      },
      together: (work) => transaction(pool, ({ tx }) => work(tx)),
    }
    return { open, close, users: 0 }
  })

  /** The first that has room, since the more share one the better; otherwise the one that the fewest have. */
  function next() {
    return pipelines.find((it) => it.users < SHARING) ?? pipelines.reduce((a, b) => (b.users < a.users ? b : a))
  }

  return {
    async use(work) {
      const pipeline = next()
      pipeline.users++
      try {
        return await work(pipeline.open)
      } finally {
        pipeline.users--
      }
    },
    async close() {
      await Promise.all(pipelines.map((it) => it.close()))
    },
  }
}
