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
  real,
  text,
  timestamp,
  uniqueIndex,
  varchar,
} from "drizzle-orm/pg-core"

export const inventory_item = pgTable(
  "inventory_item",
  {
    id: text().primaryKey().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    sku: text(),
    origin_country: text(),
    hs_code: text(),
    mid_code: text(),
    material: text(),
    weight: integer(),
    length: integer(),
    height: integer(),
    width: integer(),
    requires_shipping: boolean().default(true).notNull(),
    description: text(),
    title: text(),
    thumbnail: text(),
    metadata: jsonb(),
    unit_of_measure: text(),
  },
  (table) => [
    index("IDX_inventory_item_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    uniqueIndex("IDX_inventory_item_sku")
      .using("btree", table.sku.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
  ],
)

export const stock_location_address = pgTable(
  "stock_location_address",
  {
    id: text().primaryKey().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    address_1: text().notNull(),
    address_2: text(),
    company: text(),
    city: text(),
    country_code: text().notNull(),
    phone: text(),
    province: text(),
    postal_code: text(),
    metadata: jsonb(),
  },
  (table) => [
    index("IDX_stock_location_address_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
  ],
)

export const stock_location = pgTable(
  "stock_location",
  {
    id: text().primaryKey().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    name: text().notNull(),
    address_id: text(),
    metadata: jsonb(),
  },
  (table) => [
    uniqueIndex("IDX_stock_location_address_id_unique")
      .using("btree", table.address_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_stock_location_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    foreignKey({
      columns: [table.address_id],
      foreignColumns: [stock_location_address.id],
      name: "stock_location_address_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const inventory_level = pgTable(
  "inventory_level",
  {
    id: text().primaryKey().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    inventory_item_id: text().notNull(),
    location_id: text().notNull(),
    stocked_quantity: numeric().default("0").notNull(),
    reserved_quantity: numeric().default("0").notNull(),
    incoming_quantity: numeric().default("0").notNull(),
    metadata: jsonb(),
    raw_stocked_quantity: jsonb(),
    raw_reserved_quantity: jsonb(),
    raw_incoming_quantity: jsonb(),
  },
  (table) => [
    index("IDX_inventory_level_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_inventory_level_inventory_item_id")
      .using("btree", table.inventory_item_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_inventory_level_location_id")
      .using("btree", table.location_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_inventory_level_location_id_inventory_item_id")
      .using(
        "btree",
        table.inventory_item_id.asc().nullsLast().op("text_ops"),
        table.location_id.asc().nullsLast().op("text_ops"),
      )
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.inventory_item_id],
      foreignColumns: [inventory_item.id],
      name: "inventory_level_inventory_item_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const image = pgTable(
  "image",
  {
    id: text().primaryKey().notNull(),
    url: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    rank: integer().default(0).notNull(),
    product_id: text().notNull(),
  },
  (table) => [
    index("IDX_image_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_image_product_id")
      .using("btree", table.product_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_image_rank")
      .using("btree", table.rank.asc().nullsLast().op("int4_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_image_rank_product_id")
      .using("btree", table.rank.asc().nullsLast().op("text_ops"), table.product_id.asc().nullsLast().op("int4_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_image_url")
      .using("btree", table.url.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_image_url_rank_product_id")
      .using(
        "btree",
        table.url.asc().nullsLast().op("int4_ops"),
        table.rank.asc().nullsLast().op("int4_ops"),
        table.product_id.asc().nullsLast().op("text_ops"),
      )
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.product_id],
      foreignColumns: [product.id],
      name: "image_product_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const product_variant_product_image = pgTable(
  "product_variant_product_image",
  {
    id: text().primaryKey().notNull(),
    variant_id: text().notNull(),
    image_id: text().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_product_variant_product_image_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_variant_product_image_image_id")
      .using("btree", table.image_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_variant_product_image_variant_id")
      .using("btree", table.variant_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.image_id],
      foreignColumns: [image.id],
      name: "product_variant_product_image_image_id_foreign",
    }).onDelete("cascade"),
  ],
)

export const product_product_option = pgTable(
  "product_product_option",
  {
    id: text().primaryKey().notNull(),
    product_id: text().notNull(),
    product_option_id: text().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_product_product_option_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_product_option_product_id")
      .using("btree", table.product_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_product_option_product_option_id")
      .using("btree", table.product_option_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.product_id],
      foreignColumns: [product.id],
      name: "product_product_option_product_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    foreignKey({
      columns: [table.product_option_id],
      foreignColumns: [product_option.id],
      name: "product_product_option_product_option_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const product_option = pgTable(
  "product_option",
  {
    id: text().primaryKey().notNull(),
    title: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    is_exclusive: boolean().default(false).notNull(),
  },
  (table) => [
    index("IDX_product_option_deleted_at").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    uniqueIndex("IDX_product_option_global_title_unique")
      .using("btree", table.title.asc().nullsLast().op("text_ops"))
      .where(sql`((deleted_at IS NULL) AND (is_exclusive = false))`),
  ],
)

export const product_option_value = pgTable(
  "product_option_value",
  {
    id: text().primaryKey().notNull(),
    value: text().notNull(),
    option_id: text(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    rank: integer(),
  },
  (table) => [
    uniqueIndex("IDX_option_value_option_id_unique")
      .using("btree", table.option_id.asc().nullsLast().op("text_ops"), table.value.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_option_value_deleted_at").using(
      "btree",
      table.deleted_at.asc().nullsLast().op("timestamptz_ops"),
    ),
    index("IDX_product_option_value_option_id")
      .using("btree", table.option_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.option_id],
      foreignColumns: [product_option.id],
      name: "product_option_value_option_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const product_product_option_value = pgTable(
  "product_product_option_value",
  {
    id: text().primaryKey().notNull(),
    product_product_option_id: text().notNull(),
    product_option_value_id: text().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_product_product_option_value_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_product_option_value_product_option_value_id")
      .using("btree", table.product_option_value_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_product_option_value_product_product_option_id")
      .using("btree", table.product_product_option_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_product_option_value_product_product_option_id_fk").using(
      "btree",
      table.product_product_option_id.asc().nullsLast().op("text_ops"),
    ),
    foreignKey({
      columns: [table.product_product_option_id],
      foreignColumns: [product_product_option.id],
      name: "product_product_option_value_product_product_option_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    foreignKey({
      columns: [table.product_option_value_id],
      foreignColumns: [product_option_value.id],
      name: "product_product_option_value_product_option_value_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

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

export const product = pgTable(
  "product",
  {
    id: text().primaryKey().notNull(),
    title: text().notNull(),
    handle: text().notNull(),
    subtitle: text(),
    description: text(),
    is_giftcard: boolean().default(false).notNull(),
    status: text().default("draft").notNull(),
    thumbnail: text(),
    weight: real(),
    length: real(),
    height: real(),
    width: real(),
    origin_country: text(),
    hs_code: text(),
    mid_code: text(),
    material: text(),
    collection_id: text(),
    type_id: text(),
    discountable: boolean().default(true).notNull(),
    external_id: text(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    metadata: jsonb(),
  },
  (table) => [
    index("IDX_product_collection_id")
      .using("btree", table.collection_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_deleted_at").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    uniqueIndex("IDX_product_handle_unique")
      .using("btree", table.handle.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_status")
      .using("btree", table.status.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_type_id")
      .using("btree", table.type_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.collection_id],
      foreignColumns: [product_collection.id],
      name: "product_collection_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("set null"),
    foreignKey({
      columns: [table.type_id],
      foreignColumns: [product_type.id],
      name: "product_type_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("set null"),
    check(
      "product_status_check",
      sql`status = ANY (ARRAY['draft'::text, 'proposed'::text, 'published'::text, 'rejected'::text])`,
    ),
  ],
)

export const product_variant = pgTable(
  "product_variant",
  {
    id: text().primaryKey().notNull(),
    title: text().notNull(),
    sku: text(),
    barcode: text(),
    ean: text(),
    upc: text(),
    allow_backorder: boolean().default(false).notNull(),
    manage_inventory: boolean().default(true).notNull(),
    hs_code: text(),
    origin_country: text(),
    mid_code: text(),
    material: text(),
    weight: real(),
    length: real(),
    height: real(),
    width: real(),
    metadata: jsonb(),
    variant_rank: integer().default(0),
    product_id: text(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    thumbnail: text(),
  },
  (table) => [
    uniqueIndex("IDX_product_variant_barcode_unique")
      .using("btree", table.barcode.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_variant_deleted_at").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    uniqueIndex("IDX_product_variant_ean_unique")
      .using("btree", table.ean.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_variant_id_product_id")
      .using("btree", table.id.asc().nullsLast().op("text_ops"), table.product_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_product_variant_product_id")
      .using("btree", table.product_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_product_variant_sku_unique")
      .using("btree", table.sku.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_product_variant_upc_unique")
      .using("btree", table.upc.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.product_id],
      foreignColumns: [product.id],
      name: "product_variant_product_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
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

export const price_set = pgTable(
  "price_set",
  {
    id: text().primaryKey().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_price_set_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
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

export const price_rule = pgTable(
  "price_rule",
  {
    id: text().primaryKey().notNull(),
    value: text().notNull(),
    priority: integer().default(0).notNull(),
    price_id: text().notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    attribute: text().default("").notNull(),
    operator: text().default("eq").notNull(),
  },
  (table) => [
    index("IDX_price_rule_attribute")
      .using("btree", table.attribute.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_rule_attribute_value")
      .using("btree", table.attribute.asc().nullsLast().op("text_ops"), table.value.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_rule_attribute_value_price_id")
      .using(
        "btree",
        table.attribute.asc().nullsLast().op("text_ops"),
        table.value.asc().nullsLast().op("text_ops"),
        table.price_id.asc().nullsLast().op("text_ops"),
      )
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_rule_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_price_rule_operator").using("btree", table.operator.asc().nullsLast().op("text_ops")),
    index("IDX_price_rule_operator_value")
      .using("btree", table.operator.asc().nullsLast().op("text_ops"), table.value.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_rule_price_id")
      .using("btree", table.price_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_price_rule_price_id_attribute_operator_unique")
      .using(
        "btree",
        table.price_id.asc().nullsLast().op("text_ops"),
        table.attribute.asc().nullsLast().op("text_ops"),
        table.operator.asc().nullsLast().op("text_ops"),
      )
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.price_id],
      foreignColumns: [price.id],
      name: "price_rule_price_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    check(
      "price_rule_operator_check",
      sql`operator = ANY (ARRAY['gte'::text, 'lte'::text, 'gt'::text, 'lt'::text, 'eq'::text])`,
    ),
  ],
)

export const price = pgTable(
  "price",
  {
    id: text().primaryKey().notNull(),
    title: text(),
    price_set_id: text().notNull(),
    currency_code: text().notNull(),
    raw_amount: jsonb().notNull(),
    rules_count: integer().default(0),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    price_list_id: text(),
    amount: numeric().notNull(),
    min_quantity: numeric(),
    max_quantity: numeric(),
    raw_min_quantity: jsonb(),
    raw_max_quantity: jsonb(),
  },
  (table) => [
    index("IDX_price_currency_code")
      .using("btree", table.currency_code.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
    index("IDX_price_price_list_id")
      .using("btree", table.price_list_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_price_price_set_id")
      .using("btree", table.price_set_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.price_set_id],
      foreignColumns: [price_set.id],
      name: "price_price_set_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    foreignKey({
      columns: [table.price_list_id],
      foreignColumns: [price_list.id],
      name: "price_price_list_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
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

export const customer = pgTable(
  "customer",
  {
    id: text().primaryKey().notNull(),
    company_name: text(),
    first_name: text(),
    last_name: text(),
    email: text(),
    phone: text(),
    has_account: boolean().default(false).notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
    created_by: text(),
  },
  (table) => [
    index("IDX_customer_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_customer_email_has_account_unique")
      .using("btree", table.email.asc().nullsLast().op("text_ops"), table.has_account.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
  ],
)

export const customer_group = pgTable(
  "customer_group",
  {
    id: text().primaryKey().notNull(),
    name: text().notNull(),
    metadata: jsonb(),
    created_by: text(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_customer_group_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    uniqueIndex("IDX_customer_group_name_unique")
      .using("btree", table.name.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
  ],
)

export const customer_group_customer = pgTable(
  "customer_group_customer",
  {
    id: text().primaryKey().notNull(),
    customer_id: text().notNull(),
    customer_group_id: text().notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    created_by: text(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_customer_group_customer_customer_group_id")
      .using("btree", table.customer_group_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_customer_group_customer_customer_id").using("btree", table.customer_id.asc().nullsLast().op("text_ops")),
    index("IDX_customer_group_customer_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NULL)`),
    foreignKey({
      columns: [table.customer_group_id],
      foreignColumns: [customer_group.id],
      name: "customer_group_customer_customer_group_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    foreignKey({
      columns: [table.customer_id],
      foreignColumns: [customer.id],
      name: "customer_group_customer_customer_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
  ],
)

export const sales_channel = pgTable(
  "sales_channel",
  {
    id: text().primaryKey().notNull(),
    name: text().notNull(),
    description: text(),
    is_disabled: boolean().default(false).notNull(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_sales_channel_deleted_at").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
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

export const store = pgTable(
  "store",
  {
    id: text().primaryKey().notNull(),
    name: text().default("Medusa Store").notNull(),
    default_sales_channel_id: text(),
    default_region_id: text(),
    default_location_id: text(),
    metadata: jsonb(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_store_deleted_at")
      .using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops"))
      .where(sql`(deleted_at IS NOT NULL)`),
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
      columns: [table.provider_id],
      foreignColumns: [tax_provider.id],
      name: "FK_tax_region_provider_id",
    }).onDelete("set null"),
    foreignKey({
      columns: [table.parent_id],
      foreignColumns: [table.id],
      name: "FK_tax_region_parent_id",
    }).onDelete("cascade"),
    check("CK_tax_region_country_top_level", sql`(parent_id IS NULL) OR (province_code IS NOT NULL)`),
    check("CK_tax_region_provider_top_level", sql`(parent_id IS NULL) OR (provider_id IS NULL)`),
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

export const product_variant_option = pgTable(
  "product_variant_option",
  {
    variant_id: text().notNull(),
    option_value_id: text().notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.variant_id],
      foreignColumns: [product_variant.id],
      name: "product_variant_option_variant_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    foreignKey({
      columns: [table.option_value_id],
      foreignColumns: [product_option_value.id],
      name: "product_variant_option_option_value_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    primaryKey({ columns: [table.option_value_id, table.variant_id], name: "product_variant_option_pkey" }),
  ],
)

export const product_tags = pgTable(
  "product_tags",
  {
    product_id: text().notNull(),
    product_tag_id: text().notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.product_id],
      foreignColumns: [product.id],
      name: "product_tags_product_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    foreignKey({
      columns: [table.product_tag_id],
      foreignColumns: [product_tag.id],
      name: "product_tags_product_tag_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    primaryKey({ columns: [table.product_id, table.product_tag_id], name: "product_tags_pkey" }),
  ],
)

export const product_category_product = pgTable(
  "product_category_product",
  {
    product_id: text().notNull(),
    product_category_id: text().notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.product_id],
      foreignColumns: [product.id],
      name: "product_category_product_product_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    foreignKey({
      columns: [table.product_category_id],
      foreignColumns: [product_category.id],
      name: "product_category_product_product_category_id_foreign",
    })
      .onUpdate("cascade")
      .onDelete("cascade"),
    primaryKey({ columns: [table.product_category_id, table.product_id], name: "product_category_product_pkey" }),
  ],
)

export const product_sales_channel = pgTable(
  "product_sales_channel",
  {
    product_id: varchar({ length: 255 }).notNull(),
    sales_channel_id: varchar({ length: 255 }).notNull(),
    id: varchar({ length: 255 }).notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_deleted_at_20b454295").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    index("IDX_id_20b454295").using("btree", table.id.asc().nullsLast().op("text_ops")),
    index("IDX_product_id_20b454295")
      .using("btree", table.product_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_sales_channel_id_20b454295")
      .using("btree", table.sales_channel_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    primaryKey({ columns: [table.product_id, table.sales_channel_id], name: "product_sales_channel_pkey" }),
  ],
)

export const product_variant_price_set = pgTable(
  "product_variant_price_set",
  {
    variant_id: varchar({ length: 255 }).notNull(),
    price_set_id: varchar({ length: 255 }).notNull(),
    id: varchar({ length: 255 }).notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_deleted_at_52b23597").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    index("IDX_id_52b23597").using("btree", table.id.asc().nullsLast().op("text_ops")),
    index("IDX_price_set_id_52b23597")
      .using("btree", table.price_set_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_variant_id_52b23597")
      .using("btree", table.variant_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    primaryKey({ columns: [table.price_set_id, table.variant_id], name: "product_variant_price_set_pkey" }),
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

export const sales_channel_stock_location = pgTable(
  "sales_channel_stock_location",
  {
    sales_channel_id: varchar({ length: 255 }).notNull(),
    stock_location_id: varchar({ length: 255 }).notNull(),
    id: varchar({ length: 255 }).notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_deleted_at_26d06f470").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    index("IDX_id_26d06f470").using("btree", table.id.asc().nullsLast().op("text_ops")),
    index("IDX_sales_channel_id_26d06f470")
      .using("btree", table.sales_channel_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_stock_location_id_26d06f470")
      .using("btree", table.stock_location_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    primaryKey({
      columns: [table.sales_channel_id, table.stock_location_id],
      name: "sales_channel_stock_location_pkey",
    }),
  ],
)

export const product_variant_inventory_item = pgTable(
  "product_variant_inventory_item",
  {
    variant_id: varchar({ length: 255 }).notNull(),
    inventory_item_id: varchar({ length: 255 }).notNull(),
    id: varchar({ length: 255 }).notNull(),
    required_quantity: numeric().default("1").notNull(),
    created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
    deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  },
  (table) => [
    index("IDX_deleted_at_17b4c4e35").using("btree", table.deleted_at.asc().nullsLast().op("timestamptz_ops")),
    index("IDX_id_17b4c4e35").using("btree", table.id.asc().nullsLast().op("text_ops")),
    index("IDX_inventory_item_id_17b4c4e35")
      .using("btree", table.inventory_item_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    index("IDX_variant_id_17b4c4e35")
      .using("btree", table.variant_id.asc().nullsLast().op("text_ops"))
      .where(sql`(deleted_at IS NULL)`),
    primaryKey({ columns: [table.inventory_item_id, table.variant_id], name: "product_variant_inventory_item_pkey" }),
  ],
)
