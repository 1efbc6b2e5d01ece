import { sql } from "drizzle-orm"
import { boolean, index, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/**
 * Whose carts are: of customers who have logged in, or whom staff have identified. Typing an e-mail gives nobody a row
 * here, whatever `cart.customer_id` says.
 */
export const cart_owner = mostrador.table(
  "cart_owner",
  {
    cart_id: text().primaryKey(),
    customer_id: text().notNull(),
    /** Until the cart is an order, or no more: a trigger on `cart` sees to it, whoever completes it. */
    is_open: boolean().notNull().default(true),
  },
  // One open cart per customer, kept by the database.
  (table) => [uniqueIndex("cart_owner_open_index").on(table.customer_id).where(sql`is_open`)],
)

/** Under which other ids a cart is known: of those that were merged into it. Never an alias of an alias. */
export const cart_alias = mostrador.table(
  "cart_alias",
  {
    id: text().primaryKey(),
    cart_id: text().notNull(),
    merged_at: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [index("cart_alias_cart_index").on(table.cart_id)],
)

/** To whom else a cart answers: who has redeemed a code for it. */
export const cart_claim = mostrador.table(
  "cart_claim",
  {
    /** SHA-256 of the token that the claimant holds, hexadecimal. */
    token_hash: text().primaryKey(),
    cart_id: text().notNull(),
    expires_at: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [index("cart_claim_cart_index").on(table.cart_id)],
)
