import { jsonb, text } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** What the merchant promises his shoppers, by what it is about; no row: the default. */
export const policy = mostrador.table("policy", {
  name: text().primaryKey(),
  value: jsonb().notNull(),
})
