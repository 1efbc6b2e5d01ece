/**
 * A product with all that the Store API shows of it; dates are ISO texts, as they are answered.
 *
 * @source Medusa 2.21 `product/dist/models`
 */
export interface Product {
  id: string
  title: string
  subtitle: string | null
  description: string | null
  handle: string
  status: "draft" | "proposed" | "published" | "rejected"
  is_giftcard: boolean
  discountable: boolean
  thumbnail: string | null
  collection_id: string | null
  type_id: string | null
  material: string | null
  external_id: string | null
  metadata: Record<string, unknown> | null
  created_at: string
  updated_at: string
  type: { id: string; value: string } | null
  collection: { id: string; title: string; handle: string } | null
  options: ProductOption[]
  tags: { id: string; value: string }[]
  images: { id: string; url: string; rank: number }[]
  categories: Category[]
  variants: Variant[]
}

export interface ProductOption {
  id: string
  title: string
  values: { id: string; value: string }[]
}

export interface Category {
  id: string
  name: string
  handle: string
  /** Ids from the root to this one, with dots. */
  mpath: string
  is_active: boolean
  is_internal: boolean
  parent_category_id: string | null
}

export interface Variant {
  id: string
  title: string
  sku: string | null
  barcode: string | null
  ean: string | null
  upc: string | null
  manage_inventory: boolean
  allow_backorder: boolean
  product_id: string
  thumbnail: string | null
  variant_rank: number | null
  options: { id: string; value: string; option_id: string }[]
  /** Images that are assigned to this very variant. */
  image_ids: string[]
}

export interface VariantPrices {
  price_set_id: string
  prices: {
    id: string
    currency_code: string
    amount: number
    raw_amount: { value: string; precision: number }
    min_quantity: number | null
    max_quantity: number | null
    price_list_id: string | null
    rules_count: number
    rules: { attribute: string; operator: string; value: string; priority: number }[]
  }[]
  /** The price lists of these prices, so that a list's change is one of the document. */
  lists: {
    id: string
    type: "sale" | "override"
    status: "draft" | "active"
    starts_at: string | null
    ends_at: string | null
    /** Whether it was within its dates when the document was built; built anew when it begins and when it ends. */
    is_due: boolean
    rules_count: number | null
    rules: { attribute: string; value: unknown }[]
  }[]
}

export interface VariantStock {
  items: { inventory_item_id: string; required_quantity: number }[]
  /** Not managed, or sold beyond what is there. */
  always: boolean
  /** Stock locations that have at least one, beyond their safety stock. */
  locations: string[]
  /** Sales channels whose locations together have at least one, beyond their safety stock. */
  channels: string[]
  /** Stands for which channels ship from which of its locations, so that another link is a change of the document. */
  linked: string | null
}

/** The read model of one product; see `documents.sql.ts`. */
export interface ProductDocument {
  product_id: string
  version: number
  product: Product
  /** By variant id; null for a variant without a price set. */
  prices: Record<string, VariantPrices | null>
  /** By variant id. */
  stock: Record<string, VariantStock>
  /** Sales channels that show it. */
  visible_in: string[]
}
