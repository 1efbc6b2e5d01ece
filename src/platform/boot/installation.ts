import { eq } from "drizzle-orm"
import type { Database } from "../db/index.ts"
import { installation } from "../db/installation.sql.ts"

/** What has been done to a database, by name. Stands in the database itself, so it goes where that goes. */
export type Mark = "medusa_schema"

/** @returns the mark's value, or undefined when it was never set (or nothing is migrated yet) */
export async function readMark({ db, sql }: Database, name: Mark): Promise<string | undefined> {
  const [known] = await sql`select to_regclass('mostrador.installation') is not null as present`
  if (!known?.present) return undefined
  const [row] = await db.select().from(installation).where(eq(installation.name, name))
  return row?.value
}

export async function writeMark({ db }: Database, name: Mark, value: string): Promise<void> {
  await db
    .insert(installation)
    .values({ name, value })
    .onConflictDoUpdate({ target: installation.name, set: { value, at: new Date() } })
}
