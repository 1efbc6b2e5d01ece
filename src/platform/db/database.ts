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

/**
 * @param url    connection string
 * @param limits connections at the most; how long a statement may run before Postgres cancels it
 */
export function openDatabase(url: string, limits: { connections: number; statementSeconds?: number }): Database {
  const sql = postgres(url, {
    max: limits.connections,
    onnotice: () => {},
    connection: {
      application_name: "mostrador",
      ...(limits.statementSeconds ? { statement_timeout: limits.statementSeconds * 1000 } : {}),
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
