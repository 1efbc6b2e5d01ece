import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js"
import postgres, { type Sql } from "postgres"
import { BootProblem, reason } from "../boot/problem.ts"

/** Typed queries, or a transaction of them. */
export type Db = PostgresJsDatabase
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0]

/** The pool of one process. `db` runs Drizzle queries, `sql` statements written out; both use the same connections. */
export interface Database {
  db: Db
  sql: Sql
  close(): Promise<void>
}

/** The oldest Postgres that both Medusa 2.21 and the change feed (`xid8`) run on. */
const OLDEST_MAJOR = 14

/** What a pool may take. */
export interface Limits {
  connections: number
  /** How long a statement may run before Postgres cancels it. */
  statementSeconds?: number
  /** How long one may wait for a lock. */
  lockSeconds?: number
  /** When a connection that nobody uses is closed; never unless it is given. */
  idleSeconds?: number
}

/** @param url  connection string */
export function openDatabase(url: string, limits: Limits): Database {
  const { connections, statementSeconds, lockSeconds, idleSeconds } = limits
  const sql = postgres(url, {
    max: connections,
    ...(idleSeconds ? { idle_timeout: idleSeconds } : {}),
    onnotice: () => {},
    connection: {
      application_name: "mostrador",
      ...(statementSeconds ? { statement_timeout: statementSeconds * 1000 } : {}),
      ...(lockSeconds ? { lock_timeout: lockSeconds * 1000 } : {}),
      // A machine that is gone says no goodbye: its connections, and the locks they hold, go after a minute, not two hours.
      ...{ tcp_keepalives_idle: 30, tcp_keepalives_interval: 10, tcp_keepalives_count: 3 },
    },
  })
  return { db: drizzle(sql), sql, close: () => sql.end({ timeout: 5 }) }
}

/**
 * Makes sure that there is a database behind the URL that the shop can live in.
 *
 * @throws BootProblem in a sentence: unreachable, wrong password, no such database, too old
 */
export async function requireUsable({ sql }: Database, url: string, oldestMajor = OLDEST_MAJOR): Promise<void> {
  const { host, pathname } = new URL(url)
  const where = `${host}${pathname}`
  let version: number
  try {
    const [row] = await sql<{ version: number }[]>`select current_setting('server_version_num')::int as version`
    version = row?.version ?? 0
  } catch (error) {
    throw new BootProblem(
      `The database at ${where} cannot be used: ${reason(error)}. Check DATABASE_URL and that Postgres is running, or unset it to let Mostrador run its own.`,
    )
  }
  const major = Math.floor(version / 10_000)
  if (major < oldestMajor) {
    throw new BootProblem(
      `The database at ${where} is Postgres ${major}; Mostrador needs ${oldestMajor} or newer. Upgrade it, or point DATABASE_URL to a newer one.`,
    )
  }
}
