/**
 * Medusa's tables that lanes use, as they stand in a freshly migrated database.
 * Written by `npm run schema:pull`; which tables they are is said in `drizzle/medusa.config.ts`. Not edited by hand.
 */

import { sql } from "drizzle-orm"
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  varchar,
} from "drizzle-orm/pg-core"

export const api_key = pgTable(
  "api_key",
  {
    id: text().primaryKey().notNull(),
    token: text().notNull(),
    salt: text().notNull(),
    redacted: text().notNull(),
    title: text().notNull(),
    type: text().notNull(),
    last_used_at: timestamp({ withTimezone: true, mode: "date" }),
    created_by: text().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    revoked_by: text(),
    revoked_at: timestamp({ withTimezone: true, mode: "date" }),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_api_key_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_api_key_redacted")
      .using("btree", table.redacted.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_api_key_revoked_at")
      .using("btree", table.revoked_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_api_key_token_unique").using("btree", table.token.asc().nullsLast().op("text_ops")),
    index("IDX_api_key_type").using("btree", table.type.asc().nullsLast().op("text_ops")),
    check("api_key_type_check", sql`type = ANY (ARRAY['publishable'::text, 'secret'::text])`),
  ],
)

export const currency = pgTable("currency", {
  code: text().primaryKey().notNull(),
  symbol: text().notNull(),
  symbol_native: text().notNull(),
  decimal_digits: integer().default(0).notNull(),
  rounding: numeric().default("0").notNull(),
  raw_rounding: jsonb().notNull(),
  name: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const product_category = pgTable(
  "product_category",
  {
    id: text().primaryKey().notNull(),
    name: text().notNull(),
    description: text().default("").notNull(),
    handle: text().notNull(),
    mpath: text().notNull(),
    is_active: boolean().default(false).notNull(),
    is_internal: boolean().default(false).notNull(),
    rank: integer().default(0).notNull(),
    parent_category_id: text(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    metadata: jsonb(),
    external_id: text(),
  },
  (table) => [
    uniqueIndex("IDX_category_handle_unique")
      .using("btree", table.handle.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_category_parent_category_id")
      .using("btree", table.parent_category_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_category_path")
      .using("btree", table.mpath.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.parent_category_id],
      foreignColumns: [table.id],
      name: "product_category_parent_category_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const product_collection = pgTable(
  "product_collection",
  {
    id: text().primaryKey().notNull(),
    title: text().notNull(),
    handle: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    external_id: text(),
  },
  (table) => [
    uniqueIndex("IDX_collection_handle_unique")
      .using("btree", table.handle.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_collection_deleted_at").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
  ],
)

export const product_tag = pgTable(
  "product_tag",
  {
    id: text().primaryKey().notNull(),
    value: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    external_id: text(),
  },
  (table) => [
    index("IDX_product_tag_deleted_at").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    uniqueIndex("IDX_tag_value_unique")
      .using("btree", table.value.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
  ],
)

export const product_type = pgTable(
  "product_type",
  {
    id: text().primaryKey().notNull(),
    value: text().notNull(),
    metadata: json(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    external_id: text(),
  },
  (table) => [
    index("IDX_product_type_deleted_at").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    uniqueIndex("IDX_type_value_unique")
      .using("btree", table.value.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
  ],
)

export const publishable_api_key_sales_channel = pgTable(
  "publishable_api_key_sales_channel",
  {
    publishable_key_id: varchar({ length: 255 }).notNull(),
    sales_channel_id: varchar({ length: 255 }).notNull(),
    id: varchar({ length: 255 }).notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_deleted_at_-1d67bae40").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    index("IDX_id_-1d67bae40").using("btree", table.id.asc().nullsLast().op("text_ops")),
    index("IDX_publishable_key_id_-1d67bae40")
      .using("btree", table.publishable_key_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_sales_channel_id_-1d67bae40")
      .using("btree", table.sales_channel_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    primaryKey({
      columns: [table.publishable_key_id, table.sales_channel_id],
      name: "publishable_api_key_sales_channel_pkey",
    }),
  ],
)

export const region = pgTable(
  "region",
  {
    id: text().primaryKey().notNull(),
    name: text().notNull(),
    currency_code: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    automatic_taxes: boolean().default(true).notNull(),
  },
  (table) => [
    index("IDX_region_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
  ],
)

export const region_country = pgTable(
  "region_country",
  {
    iso_2: text().primaryKey().notNull(),
    iso_3: text().notNull(),
    num_code: text().notNull(),
    name: text().notNull(),
    display_name: text().notNull(),
    region_id: text(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_region_country_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_region_country_region_id")
      .using("btree", table.region_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_region_country_region_id_iso_2_unique").using(
      "btree",
      table.region_id.asc().nullsLast().op("text_ops"),
      table.iso_2.asc().nullsLast().op("text_ops"),
    ),
    foreignKey({
      columns: [table.region_id],
      foreignColumns: [region.id],
      name: "region_country_region_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("set null"),
  ],
)
