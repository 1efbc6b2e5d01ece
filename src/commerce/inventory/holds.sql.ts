import { index, jsonb, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** Stock that is kept for a cart until a moment, while it is paid. */
export const stockHold = mostrador.table(
  "stock_hold",
  {
    cart_id: text().primaryKey(),
    /** By whose locations it is served; null for a channel of none. */
    sales_channel_id: text(),
    /** For what: line, variant and quantity of each. */
    lines: jsonb().notNull(),
    reservation_ids: text().array().notNull(),
    expires_at: timestamp({ withTimezone: true }).notNull(),
    /** Of which end those who look at the cart were warned. */
    warned_of: timestamp({ withTimezone: true }),
  },
  (table) => [index("stock_hold_expires_at_index").on(table.expires_at)],
)
