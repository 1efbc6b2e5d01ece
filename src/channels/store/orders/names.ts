/** The names of a row's columns, behind that of the relation. */
export const named = (prefix: string, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${prefix}${name}`)

/** @source Medusa 2.21 `medusa/dist/api/store/orders/query-config.js` */
export const DEFAULTS = {
  one: [
    ...named(
      "",
      `id status summary currency_code display_id custom_display_id region_id email
      total subtotal tax_total discount_total discount_subtotal discount_tax_total
      original_total original_subtotal original_tax_total item_total item_subtotal item_tax_total
      original_item_total original_item_subtotal original_item_tax_total
      shipping_total shipping_subtotal shipping_tax_total
      original_shipping_tax_total original_shipping_subtotal original_shipping_total
      credit_line_total credit_line_subtotal credit_line_tax_total created_at updated_at`,
    ),
    ...named("*", "credit_lines items items.tax_lines items.adjustments items.detail items.variant"),
    ...named("*", "items.variant.product shipping_address billing_address"),
    ...named("*", "shipping_methods shipping_methods.tax_lines shipping_methods.adjustments payment_collections"),
  ],
  list: named("", "id status summary display_id custom_display_id total currency_code metadata created_at updated_at"),
}

/** What is allowed besides on both routes. */
const EXTRAS = [
  ...named("", "customer_id sales_channel_id payment_status fulfillment_status item_discount_total gift_card_total"),
  ...named("", "gift_card_tax_total shipping_discount_total customer.id customer.email cart.id items.metadata"),
  ...named("", "items.product fulfillments promotions"),
  ...named("payment_collections.", "payments payment_sessions payment_providers"),
  ...named("promotions.", "id code is_automatic is_tax_inclusive"),
  ...named("promotions.application_method.", "value type currency_code"),
]

const TIMES = "created_at updated_at"
const SIZES = "hs_code origin_country mid_code material weight length height width"
export const ALLOWED = {
  one: new Set([
    ...DEFAULTS.one.map((it) => it.replace(/^\*/, "")),
    ...EXTRAS,
    ...named(
      "items.",
      `id title subtitle thumbnail variant_id product_id product_title product_description product_subtitle
      product_type_id product_type product_collection product_handle variant_sku variant_barcode variant_title
      variant_option_values requires_shipping is_discountable is_tax_inclusive unit_price quantity ${TIMES}
      original_total original_subtotal original_tax_total item_total item_subtotal item_tax_total total subtotal
      tax_total discount_total discount_tax_total refundable_total refundable_total_per_unit`,
    ),
    ...named(
      "items.detail.",
      `id item_id quantity fulfilled_quantity delivered_quantity shipped_quantity return_requested_quantity
      return_received_quantity return_dismissed_quantity written_off_quantity metadata ${TIMES}`,
    ),
    ...named("items.tax_lines.", `id code rate ${TIMES} item_id total subtotal`),
    ...named("items.adjustments.", `id amount order_id ${TIMES} item_id`),
    ...named(
      "items.variant.",
      `id title sku barcode ean upc thumbnail allow_backorder manage_inventory ${SIZES} ${TIMES} deleted_at options`,
    ),
    ...named(
      "items.variant.product.",
      `id title handle subtitle description is_giftcard status thumbnail ${SIZES} collection_id type_id discountable
      external_id ${TIMES} deleted_at variants options images`,
    ),
    ...named("shipping_address.", `id metadata ${TIMES}`),
    ...named("billing_address.", `id metadata ${TIMES}`),
    ...named(
      "shipping_methods.",
      `id order_id name amount is_tax_inclusive shipping_option_id data metadata original_total original_subtotal
      original_tax_total total subtotal tax_total discount_total discount_tax_total ${TIMES}`,
    ),
    ...named("shipping_methods.tax_lines.", `id code rate ${TIMES} shipping_method_id total subtotal`),
    ...named("shipping_methods.adjustments.", `id amount order_id ${TIMES} shipping_method_id`),
    ...named("payment_collections.", "id currency_code amount status"),
  ]),
  list: new Set([
    ...DEFAULTS.list,
    ...EXTRAS,
    ...named("", "email region_id items items.variant items.detail shipping_address billing_address shipping_methods"),
    ...named(
      "",
      `payment_collections subtotal shipping_total discount_total tax_total item_subtotal discount_tax_total
      original_total original_subtotal original_tax_total item_total item_tax_total
      original_item_total original_item_subtotal original_item_tax_total shipping_subtotal shipping_tax_total
      original_shipping_total original_shipping_subtotal original_shipping_tax_total credit_line_total`,
    ),
  ]),
}
