import { bigint, doublePrecision, index, integer, jsonb, text, uniqueIndex } from "drizzle-orm/pg-core"
import { mostrador } from "../../../platform/db/mostrador.sql.ts"

const set = () => integer().notNull()

/**
 * A row for each product that some sales channel shows, or has shown: what it is found, narrowed, counted and sorted by.
 * Written in the transaction that writes the product's document. Every process holds all but the codes in memory
 * (`memory.ts`) and reads on by `version`; therefore a product that is shown no more leaves an empty row.
 *
 * Its many-valued fields stand in `search_set`, one row for each combination that exists: a shop has 100,000 products
 * but a few hundred combinations of categories, so a filter compares one integer and a facet counts integers.
 * What belongs to one product alone (SKUs, variants, its handle) is filtered by in Medusa's own tables.
 */
export const searchProduct = mostrador.table(
  "search_product",
  {
    product_id: text().primaryKey(),
    /** Its place in memory. */
    n: integer().notNull().generatedAlwaysAsIdentity(),
    /** The index's version (see `turn.ts`) that wrote it. */
    version: bigint({ mode: "number" }).notNull().default(0),
    /** Words of the title (weight A), of labels (B), of the subtitle (C) and of the description (D); see `row.ts`. */
    word_lines: text().notNull(),
    /** The version that wrote the words: what changes most often, stock and prices, leaves them as they are. */
    words_version: bigint({ mode: "number" }).notNull().default(0),
    codes: text().array().notNull(),
    /** The title's words: for whole titles, for their beginnings, and to sort by. */
    title: text().notNull(),
    created_at: doublePrecision().notNull(),
    updated_at: doublePrecision().notNull(),
    /** Lowest public price by currency. */
    price: jsonb().notNull(),
    sales_channel_ids: set(),
    category_ids: set(),
    categories: set(),
    tag_ids: set(),
    tags: set(),
    collection_id: set(),
    collection_title: set(),
    type_id: set(),
    type: set(),
    options: set(),
    in_stock_sales_channel_ids: set(),
    in_stock_location_ids: set(),
  },
  (table) => [
    index("search_product_codes_index").using("gin", table.codes),
    index("search_product_version_index").on(table.version, table.n),
  ],
)

/** Combinations of values, by field. They are added, never changed, and forgotten when no product has them. */
export const searchSet = mostrador.table(
  "search_set",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    field: text().notNull(),
    digest: text().notNull(),
    members: text().array().notNull(),
  },
  (table) => [uniqueIndex("search_set_digest_index").on(table.field, table.digest)],
)

/** Every word without digits that stands in a product, with its stem in the shop's language. */
export const searchWord = mostrador.table(
  "search_word",
  { word: text().primaryKey(), stem: text().notNull() },
  (table) => [
    index("search_word_stem_index").on(table.stem),
    index("search_word_beginning_index").using("btree", table.word.op("text_pattern_ops")),
    index("search_word_trigrams_index").using("gin", table.word.op("gin_trgm_ops")),
  ],
)
