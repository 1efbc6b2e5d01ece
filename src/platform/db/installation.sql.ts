import { text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "./mostrador.sql.ts"

/** What has been done to this database, by name: so far, which schema of Medusa it has (`medusa_schema`). */
export const installation = mostrador.table("installation", {
  name: text().primaryKey(),
  value: text().notNull(),
  at: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
