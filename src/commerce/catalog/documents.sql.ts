import { bigint, boolean, customType, index, integer, primaryKey, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** As text in JavaScript: a document is parsed when it is needed, and its keys keep their order. */
const json = customType<{ data: string }>({ dataType: () => "json" })
const version = () => bigint({ mode: "number" }).notNull()

/** Versions of documents, given out under the builder's lock: in the order in which they are committed. */
export const documentVersion = mostrador.sequence("document_version")

/**
 * Every product as the Store API shows it: a read model, built from Medusa's tables by `build.ts`, and from nothing by `npm run catalog:rebuild`. Each part has the version at which it last changed, `version` is the
 * newest of them, and a reader of this table goes on from the last version that it has seen.
 */
export const productDocument = mostrador.table(
  "product_document",
  {
    product_id: text().primaryKey(),
    version: version(),
    /** The product with its relations; null once it is deleted. */
    content: json(),
    content_version: version(),
    /** By variant: its price set and prices. */
    prices: json(),
    prices_version: version(),
    /** By variant: its inventory items, and where it can be had. */
    stock: json(),
    stock_version: version(),
    /** The sales channels that show it: none unless it is published. */
    visible_in: text().array().notNull(),
    visible_version: version(),
    /** Those that have ever shown it: whom a removal is told. */
    seen_in: text().array().notNull(),
    built_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index("product_document_version_index").on(table.version),
    index("product_document_visible_in_index").using("gin", table.visible_in),
  ],
)

/** Products whose document is out of date. Those of large imports (`bulk`) wait behind what a person has just changed. */
export const staleProduct = mostrador.table(
  "stale_product",
  {
    product_id: text().primaryKey(),
    bulk: boolean().notNull(),
    since: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("stale_product_order_index").on(table.bulk, table.since)],
)

/** What a location keeps back for its own counter: not offered to any channel. */
export const safetyStock = mostrador.table(
  "safety_stock",
  {
    location_id: text().notNull(),
    variant_id: text().notNull(),
    quantity: integer().notNull(),
    updated_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.location_id, table.variant_id] }),
    index("safety_stock_variant_id_index").on(table.variant_id),
  ],
)
