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
  jsonb,
  pgTable,
  primaryKey,
  real,
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

export const price_list = pgTable(
  "price_list",
  {
    id: text().primaryKey().notNull(),
    status: text().default("draft").notNull(),
    starts_at: timestamp({ withTimezone: true, mode: "date" }),
    ends_at: timestamp({ withTimezone: true, mode: "date" }),
    rules_count: integer().default(0),
    title: text().notNull(),
    description: text().notNull(),
    type: text().default("sale").notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    metadata: jsonb(),
  },
  (table) => [
    index("IDX_price_list_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_price_list_id_status_starts_at_ends_at")
      .using(
        "btree",
        table.id.asc().nullsLast().op("text_ops"),
        table.status.asc().nullsLast().op("text_ops"),
        table.starts_at.asc().nullsLast().op("timestamptz_ops"),
        table.ends_at.asc().nullsLast().op("timestamptz_ops"),
      )
      .where(sql`((deleted_at IS NULL) AND (status = 'active'::text))`),
    check("price_list_status_check", sql`status = ANY (ARRAY['active'::text, 'draft'::text])`),
    check("price_list_type_check", sql`type = ANY (ARRAY['sale'::text, 'override'::text])`),
  ],
)

export const price_list_rule = pgTable(
  "price_list_rule",
  {
    id: text().primaryKey().notNull(),
    price_list_id: text().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    value: jsonb(),
    attribute: text().default("").notNull(),
  },
  (table) => [
    index("IDX_price_list_rule_attribute")
      .using("btree", table.attribute.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_list_rule_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_price_list_rule_price_list_id")
      .using("btree", table.price_list_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_price_list_rule_value")
      .using("gin", table.value.asc().nullsLast().op("jsonb_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.price_list_id],
      foreignColumns: [price_list.id],
      name: "price_list_rule_price_list_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const price_preference = pgTable(
  "price_preference",
  {
    id: text().primaryKey().notNull(),
    attribute: text().notNull(),
    value: text(),
    is_tax_inclusive: boolean().default(false).notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    uniqueIndex("IDX_price_preference_attribute_value")
      .using("btree", table.attribute.asc().nullsLast().op("text_ops"), table.value.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_preference_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
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

export const tax_provider = pgTable(
  "tax_provider",
  {
    id: text().primaryKey().notNull(),
    is_enabled: boolean().default(true).notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_tax_provider_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
  ],
)

export const tax_rate = pgTable(
  "tax_rate",
  {
    id: text().primaryKey().notNull(),
    rate: real(),
    code: text().notNull(),
    name: text().notNull(),
    is_default: boolean().default(false).notNull(),
    is_combinable: boolean().default(false).notNull(),
    tax_region_id: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    created_by: text(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    uniqueIndex("IDX_single_default_region")
      .using("btree", table.tax_region_id.asc().nullsLast().op("text_ops"))
      .where(sql`((is_default = true) AND (deleted_at IS NULL))`),
    index("IDX_tax_rate_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_tax_rate_tax_region_id")
      .using("btree", table.tax_region_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.tax_region_id],
      foreignColumns: [tax_region.id],
      name: "FK_tax_rate_tax_region_id",
    }).onDelete("cascade"),
  ],
)

export const tax_rate_rule = pgTable(
  "tax_rate_rule",
  {
    id: text().primaryKey().notNull(),
    tax_rate_id: text().notNull(),
    reference_id: text().notNull(),
    reference: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    created_by: text(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_tax_rate_rule_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_tax_rate_rule_reference_id")
      .using("btree", table.reference_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_tax_rate_rule_tax_rate_id")
      .using("btree", table.tax_rate_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_tax_rate_rule_unique_rate_reference")
      .using(
        "btree",
        table.tax_rate_id.asc().nullsLast().op("text_ops"),
        table.reference_id.asc().nullsLast().op("text_ops"),
      )
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.tax_rate_id],
      foreignColumns: [tax_rate.id],
      name: "FK_tax_rate_rule_tax_rate_id",
    }).onDelete("cascade"),
  ],
)

export const tax_region = pgTable(
  "tax_region",
  {
    id: text().primaryKey().notNull(),
    provider_id: text(),
    country_code: text().notNull(),
    province_code: text(),
    parent_id: text(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    created_by: text(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_tax_region_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_tax_region_parent_id").using("btree", table.parent_id.asc().nullsLast().op("text_ops")),
    index("IDX_tax_region_provider_id")
      .using("btree", table.provider_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_tax_region_unique_country_nullable_province")
      .using("btree", table.country_code.asc().nullsLast().op("text_ops"))
      .where(sql`((province_code IS NULL) AND (deleted_at IS NULL))`),
    uniqueIndex("IDX_tax_region_unique_country_province")
      .using(
        "btree",
        table.country_code.asc().nullsLast().op("text_ops"),
        table.province_code.asc().nullsLast().op("text_ops"),
      )
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.parent_id],
      foreignColumns: [table.id],
      name: "FK_tax_region_parent_id",
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.provider_id],
      foreignColumns: [tax_provider.id],
      name: "FK_tax_region_provider_id",
    }).onDelete("set null"),
    check("CK_tax_region_country_top_level", sql`(parent_id IS NULL) OR (province_code IS NOT NULL)`),
    check("CK_tax_region_provider_top_level", sql`(parent_id IS NULL) OR (provider_id IS NULL)`),
  ],
)
