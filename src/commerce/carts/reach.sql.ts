import { index, primaryKey, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** Which carts answer to a till and to staff, and which customers they have found, whose open cart may be asked for. */
export const cart_reach = mostrador.table(
  "cart_reach",
  {
    /** A cart's id, or a customer's. */
    subject_id: text().notNull(),
    /** A till's id (what was handed over to it), or a user's (what he has made or found). */
    reached_by: text().notNull(),
    /** `made`, `found`, `handed_over`. */
    how: text().notNull(),
    expires_at: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subject_id, table.reached_by] }),
    index("cart_reach_expires_index").on(table.expires_at),
  ],
)
