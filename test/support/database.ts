import { randomBytes } from "node:crypto"
import { inject } from "vitest"
import { type Database, openDatabase } from "../../src/platform/db/index.ts"

export interface TestDatabase extends Database {
  url: string
  /** Closes the connections and drops the database. */
  drop(): Promise<void>
}

/**
 * A database of one's own: a clone of the migrated and furnished template.
 *
 * @param cluster  as provided; tests leave it out
 */
export async function cloneDatabase(cluster = inject("cluster")): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`
  const server = openDatabase(cluster.url.replace("DATABASE", "postgres"), { connections: 1 })
  await server.sql`create database ${server.sql(name)} template ${server.sql(cluster.template)} strategy file_copy`
  const url = cluster.url.replace("DATABASE", name)
  const database = openDatabase(url, { connections: 5 })
  return {
    ...database,
    url,
    async drop() {
      await database.close()
      await server.sql`drop database if exists ${server.sql(name)} with (force)`
      await server.close()
    },
  }
}
