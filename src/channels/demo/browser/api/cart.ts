/** Of a cart as the shop shows it, what the page shows of it. */
export interface Cart {
  id: string
  currency_code: string
  customer_id: string | null
  email: string | null
  completed_at: string | null
  items: Line[]
  promotions?: { code: string | null }[]
  shipping_methods?: { id: string; name: string }[]
  discount_total: number
  shipping_total: number
  tax_total: number
  total: number
}

export interface Line {
  id: string
  variant_id: string | null
  product_title: string
  variant_title: string | null
  thumbnail: string | null
  quantity: number
  /** Discounts are taken off the cart's total. */
  unit_price: number
}

/** An order, as far as it is told here. */
export interface Order {
  id: string
  display_id: number | null
}

/** What could not be kept when two carts became one. */
export interface Merge {
  policy: string
  dropped: unknown[]
}

/** What a change was, in short. */
export interface What {
  changed: string[]
  lines: { id: string; title: string; quantity: { from: number; to: number } }[]
  merge?: Merge
}

export interface Viewer {
  id: string
  /** Id of the sales channel. */
  channel: string | null
  device: string | null
  actor: { type: string }
}
