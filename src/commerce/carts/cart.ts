/** A `jsonb` copy of an amount, exact; see "Data" in the design. */
export interface Raw {
  value: string | number
  precision?: number
  [key: string]: unknown
}

type Json = Record<string, unknown>

/** When a row was written; ISO. */
interface Stamped {
  created_at: string
  updated_at: string
  deleted_at: null
}

/** What a price, of a line or of a shipping method, is taxed and lowered by. */
interface Priced extends Stamped {
  tax_lines: TaxLineRow[]
  adjustments: AdjustmentRow[]
}

/** One tax on a line or a shipping method: a row of `cart_line_item_tax_line` or `cart_shipping_method_tax_line`. */
export interface TaxLineRow extends Stamped {
  id: string
  description: string | null
  code: string
  /** Percent. */
  rate: number
  provider_id: string | null
  tax_rate_id: string | null
  data: Json | null
  metadata: Json | null
  [parent: `${string}_id`]: string | null
}

/** One discount: a row of `cart_line_item_adjustment` or `cart_shipping_method_adjustment`. */
export interface AdjustmentRow extends Stamped {
  id: string
  code: string | null
  amount: number
  raw_amount: Raw | null
  /** Lines only: whether the amount contains the tax. */
  is_tax_inclusive?: boolean
  promotion_id: string | null
  description: string | null
  provider_id: string | null
  metadata: Json | null
  [parent: `${string}_id`]: string | null
}

/** A row of `cart_line_item` with its taxes and discounts. */
export interface LineItemRow extends Priced {
  id: string
  cart_id: string
  title: string
  subtitle: string | null
  thumbnail: string | null
  quantity: number
  variant_id: string | null
  product_id: string | null
  product_type_id: string | null
  requires_shipping: boolean
  is_discountable: boolean
  is_giftcard: boolean
  is_tax_inclusive: boolean
  is_custom_price: boolean
  unit_price: number
  raw_unit_price: Raw | null
  compare_at_unit_price: number | null
  raw_compare_at_unit_price: Raw | null
  metadata: Json | null
  /** Absent when it is deleted, or the line is of none. */
  product?: ProductOfLine
  /** Only when it was asked for. */
  variant?: Json
  [snapshot: `product_${string}` | `variant_${string}`]: unknown
}

export interface ProductOfLine extends Json {
  id: string
  collection_id: string | null
  type_id: string | null
  categories: { id: string }[]
  tags: { id: string }[]
}

/** A row of `cart_shipping_method` with its taxes and discounts. */
export interface ShippingMethodRow extends Priced {
  id: string
  cart_id: string
  name: string
  amount: number
  raw_amount: Raw | null
  is_tax_inclusive: boolean
  shipping_option_id: string | null
  data: Json | null
  metadata: Json | null
}

/** A row of `credit_line`: what is paid by store credit or gift card. */
export interface CreditLineRow {
  id: string
  amount: number
  raw_amount: Raw | null
  metadata: Json | null
  [column: string]: unknown
}

/** A row of `cart_address`. */
export interface AddressRow {
  id: string
  country_code: string | null
  province: string | null
  city: string | null
  postal_code: string | null
  metadata: Json | null
  [column: string]: unknown
}

/**
 * A cart with everything that belongs to it, as it stands in Medusa's tables. Relations that are not there (a deleted
 * customer) are absent, as in Medusa's answers; times are ISO with milliseconds.
 */
export interface Cart {
  id: string
  /** Null while Medusa is changing it, or was when its process ended; see `versionOf`. */
  version: number | null
  /** How often something was done about it that its version does not tell. */
  handovers: number
  /** Whether stock is held for it; an expired hold has not been given back yet. */
  hold: "live" | "expired" | null
  /** The customer whose it is, beyond what he has typed; see `ownerOfRow`. */
  owner: string | null
  region_id: string | null
  customer_id: string | null
  sales_channel_id: string | null
  email: string | null
  currency_code: string
  locale: string | null
  metadata: Json | null
  shipping_address_id: string | null
  billing_address_id: string | null
  completed_at: string | null
  created_at: string
  updated_at: string
  items: LineItemRow[]
  shipping_methods: ShippingMethodRow[]
  credit_lines: CreditLineRow[]
  shipping_address: AddressRow | null
  billing_address: AddressRow | null
  customer?: Json & { id: string; email: string | null; groups: { id: string }[] }
  /** Ids of its links to promotions, which are shown to nobody. */
  promotion_links: string[]
  /** One of a deleted promotion is null. */
  promotions: ((Json & { id: string; code: string | null }) | null)[]
  payment_collection?: Json & { id: string; payment_sessions: Json[] }
}
