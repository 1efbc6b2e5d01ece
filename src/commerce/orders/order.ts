import type { Raw } from "../carts/index.ts"

type Json = Record<string, unknown>

/** A tax on a line or a shipping method: a row of `order_line_item_tax_line` or `order_shipping_method_tax_line`. */
export interface OrderTaxLine extends Json {
  id: string
  /** Percent. */
  rate: number
  raw_rate: Raw
}

/** A discount: a row of `order_line_item_adjustment` or `order_shipping_method_adjustment`. */
export interface OrderAdjustment extends Json {
  id: string
  amount: number
  raw_amount: Raw
  is_tax_inclusive?: boolean
}

/** A row of `order_item`: a line as it is in this version of the order. */
export type OrderItem = Json & {
  id: string
  version: number
  item_id: string
  quantity: number
  raw_quantity: Raw
  unit_price: number | null
  raw_unit_price: Raw | null
  compare_at_unit_price: number | null
  raw_compare_at_unit_price: Raw | null
  metadata: Json | null
} & Record<DoneQuantity, number> &
  Record<`raw_${DoneQuantity}`, Raw>

/** What of a line was done, in units. */
export type DoneQuantity =
  | "fulfilled_quantity"
  | "delivered_quantity"
  | "shipped_quantity"
  | "return_requested_quantity"
  | "return_received_quantity"
  | "return_dismissed_quantity"
  | "written_off_quantity"

/** A line of an order: its row of `order_line_item`, and its row of `order_item`. */
export interface OrderLine {
  item: OrderItem
  line: Json & {
    id: string
    variant_id: string | null
    unit_price: number
    raw_unit_price: Raw
    compare_at_unit_price: number | null
    raw_compare_at_unit_price: Raw | null
    is_tax_inclusive: boolean
    metadata: Json | null
  }
  tax_lines: OrderTaxLine[]
  adjustments: OrderAdjustment[]
  /** With its product; null where one of them is deleted, or is not asked for. */
  variant: (Json & { product: ProductRow }) | null
  /** Only where it is asked for; null where it is deleted. */
  product?: ProductRow | null
}

export type ProductRow = Json & {
  id: string
  is_giftcard: boolean
  type_id: string | null
  collection_id: string | null
}

/** A shipping method of an order: its row of `order_shipping_method`, and its row of `order_shipping`. */
export interface OrderMethod {
  shipping: Json
  method: Json & { id: string; amount: number; raw_amount: Raw; is_tax_inclusive: boolean }
  tax_lines: OrderTaxLine[]
  adjustments: OrderAdjustment[]
}

/** An order in its current version, as it stands in Medusa's tables. Times are ISO with milliseconds. */
export interface Order {
  order: Json & {
    id: string
    version: number
    is_draft_order: boolean
    currency_code: string
    region_id: string | null
    customer_id: string | null
  }
  /** `order_summary.totals`. */
  summary: Json
  credit_lines: (Json & { amount: number; raw_amount: Raw })[]
  items: OrderLine[]
  shipping_methods: OrderMethod[]
  shipping_address: Json | null
  billing_address: Json | null
  payment_collections: PaymentCollectionRow[]
  fulfillments: FulfillmentRow[]
  /** What is read only where it is asked for. */
  promotions?: ((Json & { application_method: (Json & { id: string }) | null; campaign_id: string | null }) | null)[]
  customer?: (Json & { id: string }) | null
  /** The cart that it was. */
  cart?: { id: string } | null
}

export type PaymentCollectionRow = Json & {
  status: string
  amount: number
  captured_amount: number | null
  refunded_amount: number | null
  payments?: Json[]
  payment_sessions?: Json[]
}

export type FulfillmentRow = Json & Record<"packed_at" | "shipped_at" | "delivered_at" | "canceled_at", string | null>
