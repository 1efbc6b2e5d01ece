import { sql } from "drizzle-orm"
import { bigint, index, integer, jsonb, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../../platform/db/mostrador.sql.ts"

/** What devices have done to a cart while they were offline, each once; kept for `KEPT_DAYS`. */
export const cart_operation = mostrador.table(
  "cart_operation",
  {
    /** The device's own: a UUID or a ULID, in small letters. */
    id: text().primaryKey(),
    /** Follows the cart when that is merged into another. */
    cart_id: text().notNull(),
    device: text().notNull(),
    /** The order in which they have come. */
    position: bigint({ mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** The cart, and its version, that the device had seen; that of a cart that was merged into another later stays. */
    based_on: text().notNull(),
    base_version: bigint({ mode: "number" }).notNull(),
    /** The one that the cart was in afterwards. */
    version: bigint({ mode: "number" }).notNull(),
    /** As it was sent. */
    operation: jsonb().notNull(),
    /** What it did to lines, in the words of `rules.ts`. */
    effects: jsonb().notNull(),
    /** What was answered. */
    result: jsonb().notNull(),
    created_at: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    index("cart_operation_cart_index").on(table.cart_id),
    index("cart_operation_created_at_index").on(table.created_at),
  ],
)

/** Under which other ids lines are known: of those that were put onto others when their carts were merged. */
export const cart_line_alias = mostrador.table("cart_line_alias", {
  id: text().primaryKey(),
  line_id: text().notNull(),
  /** The version in which the merge has left the cart that stayed. */
  version: bigint({ mode: "number" }).notNull(),
  /** So many more than the line that was merged had. */
  besides: integer().notNull(),
})
