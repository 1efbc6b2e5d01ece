import fs from "node:fs"
import path from "node:path"
import { migrate } from "drizzle-orm/postgres-js/migrator"
import type { Database } from "./database.ts"

const FOLDER = path.resolve(import.meta.dirname, "../../../drizzle")
const SCHEMA = "mostrador"
const TABLE = "migration"

/** Applies what is new in `drizzle/`. Runs after Medusa's migrations: the change feed's triggers stand on its tables. */
export async function migrateMostrador({ db }: Database): Promise<void> {
  await migrate(db, { migrationsFolder: FOLDER, migrationsSchema: SCHEMA, migrationsTable: TABLE })
}

/** Whether every migration in `drizzle/` is applied; false for an empty database too. */
export async function isMigrated({ sql }: Database): Promise<boolean> {
  const journal = JSON.parse(fs.readFileSync(path.join(FOLDER, "meta/_journal.json"), "utf8")) as {
    entries: { when: number }[]
  }
  const newest = journal.entries.at(-1)?.when ?? 0
  const [known] = await sql`select to_regclass(${`${SCHEMA}.${TABLE}`}) is not null as present`
  if (!known?.present) return false
  const [row] = await sql`select max(created_at)::float8 as applied from ${sql(SCHEMA)}.${sql(TABLE)}`
  return (row?.applied ?? -1) >= newest
}
