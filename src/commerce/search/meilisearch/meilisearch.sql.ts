import { sql } from "drizzle-orm"
import { bigint, boolean, index, primaryKey, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../../platform/db/mostrador.sql.ts"

/** Given to an entry each time it has to be sent, so that what changes while it is sent is sent again. */
export const meilisearchMark = mostrador.sequence("meilisearch_mark")

/** The indexes in Meilisearch: that which is searched, and while there is a rebuild the one that will be. */
export const meilisearchIndex = mostrador.table("meilisearch_index", {
  /** Its uid there. */
  name: text().primaryKey(),
  /** Whose entries are its own; a swap exchanges these as Meilisearch exchanges documents. */
  build: text().notNull().unique(),
  /** Whether all products have been there at some time: else it must not be searched. */
  filled: boolean().notNull().default(false),
  /** While a swap is under way: the newest task before it. */
  swap_after: bigint({ mode: "number" }),
  /** Why it cannot be kept up, and since when. */
  error: text(),
  failing_since: timestamp({ withTimezone: true }),
})

/** What a build of an index has of each product. */
export const meilisearchEntry = mostrador.table(
  "meilisearch_entry",
  {
    build: text().notNull(),
    product_id: text().notNull(),
    /** Of the document that is there; empty: there is none; null: a task that wrote it has not been followed to its end. */
    hash: text(),
    /** Not null: it has to be looked at, in this order. */
    mark: bigint({ mode: "number" }),
  },
  (table) => [
    primaryKey({ columns: [table.build, table.product_id] }),
    index("meilisearch_entry_mark_index").on(table.build, table.mark).where(sql`mark is not null`),
  ],
)
