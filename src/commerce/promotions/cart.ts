/**
 * A cart as promotions see it: the context that Medusa's `computeActions` gets, without what only a rule written by hand
 * could ask (such a rule makes the answer one for Medusa, see `attributes.ts`).
 *
 * Read after lines, shipping methods and tax lines are final, with the adjustments that are there **before** this
 * computation. Amounts are doubles in the major unit and next to nothing (up to 0.0001) is 0, as after a
 * `JSON.stringify` of Medusa's `BigNumber`. Objects are plain ones, and null or left out where there is nothing.
 *
 * @source Medusa 2.21 `core-flows/dist/cart/utils/fields.js`, `cartFieldsForRefreshSteps`
 */
export interface PromotionCart {
  id: string
  email: string | null
  currency_code: string
  region_id: string | null
  sales_channel_id: string | null
  customer_id: string | null
  locale: string | null
  metadata: Metadata
  /** Totals as the cart shows them: the first three with the discounts that it has so far, the others without. */
  total: number
  subtotal: number
  item_total: number
  item_subtotal: number
  original_item_total: number
  original_item_subtotal: number
  shipping_subtotal: number
  region: PromotionRegion | null
  shipping_address: PromotionAddress | null
  /** As the customer is now. Left out for a cart without one. */
  customer?: PromotionCustomer | null
  /** In the order in which the database gives them: it decides between equally dear lines. */
  items: PromotionItem[]
  shipping_methods: PromotionShippingMethod[]
}

export type Metadata = Record<string, unknown> | null

export interface PromotionRegion {
  id: string
  name: string
  currency_code: string
}

export interface PromotionAddress {
  country_code: string | null
  province: string | null
  postal_code: string | null
  city: string | null
  address_1: string | null
  address_2: string | null
  company: string | null
  first_name: string | null
  last_name: string | null
  phone: string | null
  metadata: Metadata
}

export interface PromotionCustomer {
  id: string
  email: string | null
  has_account: boolean
  company_name: string | null
  first_name: string | null
  last_name: string | null
  phone: string | null
  metadata: Metadata
  /** Those that are not deleted. */
  groups: { id: string; name: string; metadata: Metadata }[]
}

export interface PromotionItem {
  id: string
  /** Whole units. */
  quantity: number
  unit_price: number
  /** Of all units, without tax, before discounts. */
  subtotal: number
  /** Of all units, with tax, before discounts. */
  original_total: number
  /** Of all units, with tax, after the discounts that it has so far. */
  total: number
  is_discountable: boolean
  is_giftcard: boolean
  is_tax_inclusive: boolean
  is_custom_price: boolean
  requires_shipping: boolean
  title: string
  variant_id: string | null
  variant_sku: string | null
  variant_barcode: string | null
  variant_title: string | null
  product_id: string | null
  product_title: string | null
  product_handle: string | null
  /** The snapshots that the line took when it was made; for what the product is now see `product`. */
  product_type: string | null
  product_type_id: string | null
  product_collection: string | null
  metadata: Metadata
  /** The product as it is now, found by `product_id`; null when there is none, or no longer. */
  product: PromotionProduct | null
  adjustments: PromotionAdjustment[]
}

export interface PromotionProduct {
  id: string
  is_giftcard: boolean
  collection_id: string | null
  type_id: string | null
  weight: number | null
  categories: { id: string }[]
  tags: { id: string }[]
}

export interface PromotionShippingMethod {
  id: string
  name: string
  amount: number
  /** Without tax, before discounts. */
  subtotal: number
  /** With tax, after the discounts that it has so far. */
  total: number
  is_tax_inclusive: boolean
  shipping_option_id: string | null
  metadata: Metadata
  /** The option as it is now; null when there is none, or no longer. */
  shipping_option: { shipping_option_type_id: string | null; shipping_profile_id: string | null } | null
  adjustments: PromotionAdjustment[]
}

/** A discount that is on a line or a shipping method so far, and not deleted. */
export interface PromotionAdjustment {
  /** Null for one that no promotion gave. */
  code: string | null
}
