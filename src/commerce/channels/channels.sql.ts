import { sql } from "drizzle-orm"
import { boolean, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** A way in which the shop sells: which of Medusa's sales channels it is, who comes by it, and what he may do there. */
export const channel = mostrador.table(
  "channel",
  {
    /** `chan_...` */
    id: text().primaryKey(),
    name: text().notNull(),
    /** `web`, `app`, `pos`, `phone`, `other`. */
    kind: text().notNull(),
    sales_channel_id: text().notNull(),
    /** Whose requests are of it; null: of those with a key none is. */
    publishable_key_id: text(),
    may: text().array().notNull(),
    is_active: boolean().notNull().default(true),
    created_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updated_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("channel_name_index").on(sql`lower(${table.name})`),
    uniqueIndex("channel_key_index").on(table.publishable_key_id),
  ],
)
