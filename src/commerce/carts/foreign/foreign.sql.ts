import { bigint, index, text, timestamp, uuid } from "drizzle-orm/pg-core"
import { mostrador } from "../../../platform/db/mostrador.sql.ts"

/**
 * Carts that others than the counter have written to (Medusa, a plugin, plain SQL), until that is told. Triggers on the
 * tables of a cart write it; the counter's own connections, which tell what they do, are left out by the triggers'
 * condition, so that its lanes pay for no more than that. See `mostrador.touch_cart` in `drizzle/`.
 */
export const cart_touched = mostrador.table(
  "cart_touched",
  {
    id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    cart_id: text().notNull(),
    /** The change that the counter had handed to Medusa then, and tells itself when it ends. */
    handed_over: uuid(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("cart_touched_cart_index").on(table.cart_id)],
)
