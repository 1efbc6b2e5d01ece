import { index, integer, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../db/mostrador.sql.ts"

/** How often something that could be guessed was tried lately; by whom and at what is not to be read from the keys. */
export const attempt = mostrador.table(
  "attempt",
  {
    key: text().primaryKey(),
    count: integer().notNull(),
    /** From then on it counts anew. */
    until: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [index("attempt_until_index").on(table.until)],
)
