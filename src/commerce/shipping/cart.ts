import type { ShippingAddress } from "./zones.ts"

/** What of a cart decides how it can be shipped, as its row stands in `cart`. */
export interface ShippingCart {
  id: string
  sales_channel_id: string | null
  region_id: string | null
  currency_code: string
  locale: string | null
  /** Null without an address, and where it is deleted. */
  shipping_address: ShippingAddress | null
}

/**
 * Totals in the major unit, as `decorateCartTotals` makes them of the rows as they stand in the database: rules see
 * what was there before the change that is being made.
 */
export interface ShippingTotals {
  item_total: number
  total: number
}

/** Who the cart is for, as far as prices that are shown hang on it. */
export interface ShippingShopper {
  email: string | null
  customer_id: string | null
  /** Null when there is none, or he is deleted. */
  customer: { id: string; group_ids: readonly string[] } | null
}

/** A live row of `cart_shipping_method`. */
export interface ShippingMethod {
  id: string
  shipping_option_id: string | null
  name: string
  amount: number
  is_tax_inclusive: boolean
}

/** What of a live row of `cart_line_item` says which profiles are needed. */
export interface ShippingLine {
  requires_shipping: boolean
  /** Of the product of its variant, out of `product_shipping_profile`; null without variant, product or profile. */
  shipping_profile_id: string | null
}
