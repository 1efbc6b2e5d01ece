/**
 * Medusa's tables that lanes use, as they stand in a freshly migrated database.
 * Written by `npm run schema:pull`; which tables they are is said in `drizzle/medusa.config.ts`. Not edited by hand.
 */

import { sql } from "drizzle-orm"
import {
  boolean,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  real,
  serial,
  text,
  timestamp,
  varchar,
} from "drizzle-orm/pg-core"

export const account_holder = pgTable("account_holder", {
  id: text().primaryKey().notNull(),
  provider_id: text().notNull(),
  external_id: text().notNull(),
  email: text(),
  data: jsonb().default({}).notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const api_key = pgTable("api_key", {
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
})

export const capture = pgTable("capture", {
  id: text().primaryKey().notNull(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  payment_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  created_by: text(),
  metadata: jsonb(),
})

export const cart = pgTable("cart", {
  id: text().primaryKey().notNull(),
  region_id: text(),
  customer_id: text(),
  sales_channel_id: text(),
  email: text(),
  currency_code: text().notNull(),
  shipping_address_id: text(),
  billing_address_id: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  completed_at: timestamp({ withTimezone: true, mode: "date" }),
  locale: text(),
})

export const cart_address = pgTable("cart_address", {
  id: text().primaryKey().notNull(),
  customer_id: text(),
  company: text(),
  first_name: text(),
  last_name: text(),
  address_1: text(),
  address_2: text(),
  city: text(),
  country_code: text(),
  province: text(),
  postal_code: text(),
  phone: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const cart_line_item = pgTable("cart_line_item", {
  id: text().primaryKey().notNull(),
  cart_id: text().notNull(),
  title: text().notNull(),
  subtitle: text(),
  thumbnail: text(),
  quantity: integer().notNull(),
  variant_id: text(),
  product_id: text(),
  product_title: text(),
  product_description: text(),
  product_subtitle: text(),
  product_type: text(),
  product_collection: text(),
  product_handle: text(),
  variant_sku: text(),
  variant_barcode: text(),
  variant_title: text(),
  variant_option_values: jsonb(),
  requires_shipping: boolean().default(true).notNull(),
  is_discountable: boolean().default(true).notNull(),
  is_tax_inclusive: boolean().default(false).notNull(),
  compare_at_unit_price: numeric(),
  raw_compare_at_unit_price: jsonb(),
  unit_price: numeric().notNull(),
  raw_unit_price: jsonb().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  product_type_id: text(),
  is_custom_price: boolean().default(false).notNull(),
  is_giftcard: boolean().default(false).notNull(),
})

export const cart_line_item_adjustment = pgTable("cart_line_item_adjustment", {
  id: text().primaryKey().notNull(),
  description: text(),
  promotion_id: text(),
  code: text(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  provider_id: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  item_id: text(),
  is_tax_inclusive: boolean().default(false).notNull(),
})

export const cart_line_item_tax_line = pgTable("cart_line_item_tax_line", {
  id: text().primaryKey().notNull(),
  description: text(),
  tax_rate_id: text(),
  code: text().notNull(),
  rate: real().notNull(),
  provider_id: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  item_id: text(),
  data: jsonb(),
})

export const cart_payment_collection = pgTable("cart_payment_collection", {
  cart_id: varchar({ length: 255 }).notNull(),
  payment_collection_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const cart_promotion = pgTable("cart_promotion", {
  cart_id: varchar({ length: 255 }).notNull(),
  promotion_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const cart_shipping_method = pgTable("cart_shipping_method", {
  id: text().primaryKey().notNull(),
  cart_id: text().notNull(),
  name: text().notNull(),
  description: jsonb(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  is_tax_inclusive: boolean().default(false).notNull(),
  shipping_option_id: text(),
  data: jsonb(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const cart_shipping_method_adjustment = pgTable("cart_shipping_method_adjustment", {
  id: text().primaryKey().notNull(),
  description: text(),
  promotion_id: text(),
  code: text(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  provider_id: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  shipping_method_id: text(),
})

export const cart_shipping_method_tax_line = pgTable("cart_shipping_method_tax_line", {
  id: text().primaryKey().notNull(),
  description: text(),
  tax_rate_id: text(),
  code: text().notNull(),
  rate: real().notNull(),
  provider_id: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  shipping_method_id: text(),
  data: jsonb(),
})

export const credit_line = pgTable("credit_line", {
  id: text().primaryKey().notNull(),
  cart_id: text().notNull(),
  reference: text(),
  reference_id: text(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

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

export const customer = pgTable("customer", {
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
})

export const customer_account_holder = pgTable("customer_account_holder", {
  customer_id: varchar({ length: 255 }).notNull(),
  account_holder_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const customer_address = pgTable("customer_address", {
  id: text().primaryKey().notNull(),
  customer_id: text().notNull(),
  address_name: text(),
  is_default_shipping: boolean().default(false).notNull(),
  is_default_billing: boolean().default(false).notNull(),
  company: text(),
  first_name: text(),
  last_name: text(),
  address_1: text(),
  address_2: text(),
  city: text(),
  country_code: text(),
  province: text(),
  postal_code: text(),
  phone: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const customer_group = pgTable("customer_group", {
  id: text().primaryKey().notNull(),
  name: text().notNull(),
  metadata: jsonb(),
  created_by: text(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const customer_group_customer = pgTable("customer_group_customer", {
  id: text().primaryKey().notNull(),
  customer_id: text().notNull(),
  customer_group_id: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  created_by: text(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const fulfillment = pgTable("fulfillment", {
  id: text().primaryKey().notNull(),
  location_id: text().notNull(),
  packed_at: timestamp({ withTimezone: true, mode: "date" }),
  shipped_at: timestamp({ withTimezone: true, mode: "date" }),
  delivered_at: timestamp({ withTimezone: true, mode: "date" }),
  canceled_at: timestamp({ withTimezone: true, mode: "date" }),
  data: jsonb(),
  provider_id: text(),
  shipping_option_id: text(),
  metadata: jsonb(),
  delivery_address_id: text(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  marked_shipped_by: text(),
  created_by: text(),
  requires_shipping: boolean().default(true).notNull(),
})

export const image = pgTable("image", {
  id: text().primaryKey().notNull(),
  url: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  rank: integer().default(0).notNull(),
  product_id: text().notNull(),
})

export const inventory_item = pgTable("inventory_item", {
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
})

export const inventory_level = pgTable("inventory_level", {
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
})

export const order = pgTable("order", {
  id: text().primaryKey().notNull(),
  region_id: text(),
  display_id: serial(),
  customer_id: text(),
  version: integer().default(1).notNull(),
  sales_channel_id: text(),
  status: text().default("pending").notNull(),
  is_draft_order: boolean().default(false).notNull(),
  email: text(),
  currency_code: text().notNull(),
  shipping_address_id: text(),
  billing_address_id: text(),
  no_notification: boolean(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  canceled_at: timestamp({ withTimezone: true, mode: "date" }),
  custom_display_id: text(),
  locale: text(),
})

export const order_address = pgTable("order_address", {
  id: text().primaryKey().notNull(),
  customer_id: text(),
  company: text(),
  first_name: text(),
  last_name: text(),
  address_1: text(),
  address_2: text(),
  city: text(),
  country_code: text(),
  province: text(),
  postal_code: text(),
  phone: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const order_cart = pgTable("order_cart", {
  order_id: varchar({ length: 255 }).notNull(),
  cart_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const order_credit_line = pgTable("order_credit_line", {
  id: text().primaryKey().notNull(),
  order_id: text().notNull(),
  reference: text(),
  reference_id: text(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  version: integer().default(1).notNull(),
})

export const order_fulfillment = pgTable("order_fulfillment", {
  order_id: varchar({ length: 255 }).notNull(),
  fulfillment_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const order_item = pgTable("order_item", {
  id: text().primaryKey().notNull(),
  order_id: text().notNull(),
  version: integer().notNull(),
  item_id: text().notNull(),
  quantity: numeric().notNull(),
  raw_quantity: jsonb().notNull(),
  fulfilled_quantity: numeric().notNull(),
  raw_fulfilled_quantity: jsonb().default({ value: "0", precision: 20 }).notNull(),
  shipped_quantity: numeric().notNull(),
  raw_shipped_quantity: jsonb().default({ value: "0", precision: 20 }).notNull(),
  return_requested_quantity: numeric().notNull(),
  raw_return_requested_quantity: jsonb().default({ value: "0", precision: 20 }).notNull(),
  return_received_quantity: numeric().notNull(),
  raw_return_received_quantity: jsonb().default({ value: "0", precision: 20 }).notNull(),
  return_dismissed_quantity: numeric().notNull(),
  raw_return_dismissed_quantity: jsonb().default({ value: "0", precision: 20 }).notNull(),
  written_off_quantity: numeric().notNull(),
  raw_written_off_quantity: jsonb().default({ value: "0", precision: 20 }).notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  delivered_quantity: numeric().default("0").notNull(),
  raw_delivered_quantity: jsonb().default({ value: "0", precision: 20 }).notNull(),
  unit_price: numeric(),
  raw_unit_price: jsonb(),
  compare_at_unit_price: numeric(),
  raw_compare_at_unit_price: jsonb(),
})

export const order_line_item = pgTable("order_line_item", {
  id: text().primaryKey().notNull(),
  totals_id: text(),
  title: text().notNull(),
  subtitle: text(),
  thumbnail: text(),
  variant_id: text(),
  product_id: text(),
  product_title: text(),
  product_description: text(),
  product_subtitle: text(),
  product_type: text(),
  product_collection: text(),
  product_handle: text(),
  variant_sku: text(),
  variant_barcode: text(),
  variant_title: text(),
  variant_option_values: jsonb(),
  requires_shipping: boolean().default(true).notNull(),
  is_discountable: boolean().default(true).notNull(),
  is_tax_inclusive: boolean().default(false).notNull(),
  compare_at_unit_price: numeric(),
  raw_compare_at_unit_price: jsonb(),
  unit_price: numeric().notNull(),
  raw_unit_price: jsonb().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  is_custom_price: boolean().default(false).notNull(),
  product_type_id: text(),
  is_giftcard: boolean().default(false).notNull(),
})

export const order_line_item_adjustment = pgTable("order_line_item_adjustment", {
  id: text().primaryKey().notNull(),
  description: text(),
  promotion_id: text(),
  code: text(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  provider_id: text(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  item_id: text().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  is_tax_inclusive: boolean().default(false).notNull(),
  version: integer().default(1).notNull(),
})

export const order_line_item_tax_line = pgTable("order_line_item_tax_line", {
  id: text().primaryKey().notNull(),
  description: text(),
  tax_rate_id: text(),
  code: text().notNull(),
  rate: numeric().notNull(),
  raw_rate: jsonb().notNull(),
  provider_id: text(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  item_id: text().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  metadata: jsonb(),
  data: jsonb(),
})

export const order_payment_collection = pgTable("order_payment_collection", {
  order_id: varchar({ length: 255 }).notNull(),
  payment_collection_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const order_promotion = pgTable("order_promotion", {
  order_id: varchar({ length: 255 }).notNull(),
  promotion_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const order_shipping = pgTable("order_shipping", {
  id: text().primaryKey().notNull(),
  order_id: text().notNull(),
  version: integer().notNull(),
  shipping_method_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  return_id: text(),
  claim_id: text(),
  exchange_id: text(),
})

export const order_shipping_method = pgTable("order_shipping_method", {
  id: text().primaryKey().notNull(),
  name: text().notNull(),
  description: jsonb(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  is_tax_inclusive: boolean().default(false).notNull(),
  shipping_option_id: text(),
  data: jsonb(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  is_custom_amount: boolean().default(false).notNull(),
})

export const order_shipping_method_adjustment = pgTable("order_shipping_method_adjustment", {
  id: text().primaryKey().notNull(),
  description: text(),
  promotion_id: text(),
  code: text(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  provider_id: text(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  shipping_method_id: text().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  version: integer().default(1).notNull(),
})

export const order_shipping_method_tax_line = pgTable("order_shipping_method_tax_line", {
  id: text().primaryKey().notNull(),
  description: text(),
  tax_rate_id: text(),
  code: text().notNull(),
  rate: numeric().notNull(),
  raw_rate: jsonb().notNull(),
  provider_id: text(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  shipping_method_id: text().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  metadata: jsonb(),
  data: jsonb(),
})

export const order_summary = pgTable("order_summary", {
  id: text().primaryKey().notNull(),
  order_id: text().notNull(),
  version: integer().default(1).notNull(),
  totals: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const order_transaction = pgTable("order_transaction", {
  id: text().primaryKey().notNull(),
  order_id: text().notNull(),
  version: integer().default(1).notNull(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  currency_code: text().notNull(),
  reference: text(),
  reference_id: text(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  return_id: text(),
  claim_id: text(),
  exchange_id: text(),
})

export const payment = pgTable("payment", {
  id: text().primaryKey().notNull(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  currency_code: text().notNull(),
  provider_id: text().notNull(),
  data: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  captured_at: timestamp({ withTimezone: true, mode: "date" }),
  canceled_at: timestamp({ withTimezone: true, mode: "date" }),
  payment_collection_id: text().notNull(),
  payment_session_id: text().notNull(),
  metadata: jsonb(),
})

export const payment_collection = pgTable("payment_collection", {
  id: text().primaryKey().notNull(),
  currency_code: text().notNull(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  authorized_amount: numeric(),
  raw_authorized_amount: jsonb(),
  captured_amount: numeric(),
  raw_captured_amount: jsonb(),
  refunded_amount: numeric(),
  raw_refunded_amount: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  completed_at: timestamp({ withTimezone: true, mode: "date" }),
  status: text().default("not_paid").notNull(),
  metadata: jsonb(),
})

export const payment_session = pgTable("payment_session", {
  id: text().primaryKey().notNull(),
  currency_code: text().notNull(),
  amount: numeric().notNull(),
  raw_amount: jsonb().notNull(),
  provider_id: text().notNull(),
  data: jsonb().default({}).notNull(),
  context: jsonb(),
  status: text().default("pending").notNull(),
  authorized_at: timestamp({ withTimezone: true, mode: "date" }),
  payment_collection_id: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const price = pgTable("price", {
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
})

export const price_list = pgTable("price_list", {
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
})

export const price_list_rule = pgTable("price_list_rule", {
  id: text().primaryKey().notNull(),
  price_list_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  value: jsonb(),
  attribute: text().default("").notNull(),
})

export const price_preference = pgTable("price_preference", {
  id: text().primaryKey().notNull(),
  attribute: text().notNull(),
  value: text(),
  is_tax_inclusive: boolean().default(false).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const price_rule = pgTable("price_rule", {
  id: text().primaryKey().notNull(),
  value: text().notNull(),
  priority: integer().default(0).notNull(),
  price_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  attribute: text().default("").notNull(),
  operator: text().default("eq").notNull(),
})

export const price_set = pgTable("price_set", {
  id: text().primaryKey().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const product = pgTable("product", {
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
})

export const product_category = pgTable("product_category", {
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
})

export const product_category_product = pgTable("product_category_product", {
  product_id: text().notNull(),
  product_category_id: text().notNull(),
})

export const product_collection = pgTable("product_collection", {
  id: text().primaryKey().notNull(),
  title: text().notNull(),
  handle: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  external_id: text(),
})

export const product_option = pgTable("product_option", {
  id: text().primaryKey().notNull(),
  title: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  is_exclusive: boolean().default(false).notNull(),
})

export const product_option_value = pgTable("product_option_value", {
  id: text().primaryKey().notNull(),
  value: text().notNull(),
  option_id: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  rank: integer(),
})

export const product_product_option = pgTable("product_product_option", {
  id: text().primaryKey().notNull(),
  product_id: text().notNull(),
  product_option_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const product_product_option_value = pgTable("product_product_option_value", {
  id: text().primaryKey().notNull(),
  product_product_option_id: text().notNull(),
  product_option_value_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const product_sales_channel = pgTable("product_sales_channel", {
  product_id: varchar({ length: 255 }).notNull(),
  sales_channel_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const product_tag = pgTable("product_tag", {
  id: text().primaryKey().notNull(),
  value: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  external_id: text(),
})

export const product_tags = pgTable("product_tags", {
  product_id: text().notNull(),
  product_tag_id: text().notNull(),
})

export const product_type = pgTable("product_type", {
  id: text().primaryKey().notNull(),
  value: text().notNull(),
  metadata: json(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  external_id: text(),
})

export const product_variant = pgTable("product_variant", {
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
})

export const product_variant_inventory_item = pgTable("product_variant_inventory_item", {
  variant_id: varchar({ length: 255 }).notNull(),
  inventory_item_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  required_quantity: numeric().default("1").notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})
export const product_variant_option = pgTable("product_variant_option", {
  variant_id: text().notNull(),
  option_value_id: text().notNull(),
})

export const product_variant_price_set = pgTable("product_variant_price_set", {
  variant_id: varchar({ length: 255 }).notNull(),
  price_set_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const product_variant_product_image = pgTable("product_variant_product_image", {
  id: text().primaryKey().notNull(),
  variant_id: text().notNull(),
  image_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const promotion = pgTable("promotion", {
  id: text().primaryKey().notNull(),
  code: text().notNull(),
  campaign_id: text(),
  is_automatic: boolean().default(false).notNull(),
  type: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  status: text().default("draft").notNull(),
  is_tax_inclusive: boolean().default(false).notNull(),
  limit: integer(),
  used: integer().default(0).notNull(),
  metadata: jsonb(),
})

export const promotion_application_method = pgTable("promotion_application_method", {
  id: text().primaryKey().notNull(),
  value: numeric(),
  raw_value: jsonb(),
  max_quantity: integer(),
  apply_to_quantity: integer(),
  buy_rules_min_quantity: integer(),
  type: text().notNull(),
  target_type: text().notNull(),
  allocation: text(),
  promotion_id: text().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  currency_code: text(),
})

export const publishable_api_key_sales_channel = pgTable("publishable_api_key_sales_channel", {
  publishable_key_id: varchar({ length: 255 }).notNull(),
  sales_channel_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const region = pgTable("region", {
  id: text().primaryKey().notNull(),
  name: text().notNull(),
  currency_code: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  automatic_taxes: boolean().default(true).notNull(),
})

export const region_country = pgTable("region_country", {
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
})

export const sales_channel = pgTable("sales_channel", {
  id: text().primaryKey().notNull(),
  name: text().notNull(),
  description: text(),
  is_disabled: boolean().default(false).notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const sales_channel_stock_location = pgTable("sales_channel_stock_location", {
  sales_channel_id: varchar({ length: 255 }).notNull(),
  stock_location_id: varchar({ length: 255 }).notNull(),
  id: varchar({ length: 255 }).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).default(sql`CURRENT_TIMESTAMP`).notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const stock_location = pgTable("stock_location", {
  id: text().primaryKey().notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
  name: text().notNull(),
  address_id: text(),
  metadata: jsonb(),
})

export const stock_location_address = pgTable("stock_location_address", {
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
})

export const store = pgTable("store", {
  id: text().primaryKey().notNull(),
  name: text().default("Medusa Store").notNull(),
  default_sales_channel_id: text(),
  default_region_id: text(),
  default_location_id: text(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const tax_provider = pgTable("tax_provider", {
  id: text().primaryKey().notNull(),
  is_enabled: boolean().default(true).notNull(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const tax_rate = pgTable("tax_rate", {
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
})

export const tax_rate_rule = pgTable("tax_rate_rule", {
  id: text().primaryKey().notNull(),
  tax_rate_id: text().notNull(),
  reference_id: text().notNull(),
  reference: text().notNull(),
  metadata: jsonb(),
  created_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  updated_at: timestamp({ withTimezone: true, mode: "date" }).defaultNow().notNull(),
  created_by: text(),
  deleted_at: timestamp({ withTimezone: true, mode: "date" }),
})

export const tax_region = pgTable("tax_region", {
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
})
