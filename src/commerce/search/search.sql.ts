import { integer, jsonb, text } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** What the merchant has set; no row: the defaults. */
export const searchSettings = mostrador.table("search_settings", {
  id: integer().primaryKey(),
  value: jsonb().notNull(),
})

/** The price lists without rules whose prices the index shows now; see `price-lists.ts`. */
export const searchPriceList = mostrador.table("search_price_list", {
  id: text().primaryKey(),
  type: text().notNull(),
})

/** Products whose document is the same and whose place in the index is not: public prices, the index's form. */
export const searchStale = mostrador.table("search_stale", { product_id: text().primaryKey() })
