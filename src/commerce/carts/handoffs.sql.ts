import { index, jsonb, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** Codes by which a cart is handed over: to another device, a till, an agent. */
export const cart_handoff = mostrador.table(
  "cart_handoff",
  {
    /** HMAC of the code: whoever reads the table cannot redeem one. */
    code_hash: text().primaryKey(),
    cart_id: text().notNull(),
    /** `device`, `pos` or `agent`. */
    to: text().notNull(),
    /** Who hands it over. */
    actor: jsonb().notNull(),
    created_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expires_at: timestamp({ withTimezone: true }).notNull(),
    claimed_at: timestamp({ withTimezone: true }),
  },
  (table) => [index("cart_handoff_expires_index").on(table.expires_at)],
)
