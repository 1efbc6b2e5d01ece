import type { Motif } from "../pictures/index.ts"

/**
 * Values of an option; with numbers, how many euros each adds to the price. Values that look like whole numbers
 * are written as a list: JavaScript would sort them before all other keys.
 */
export type Choices = string[] | Record<string, number>

/** A part of a kit: an inventory item of its own, which no variant sells alone. */
export interface Part {
  sku: string
  title: string
  quantity: number
}

/** A product as the catalog's files write it: what the shop knows, and nothing that can be worked out. */
export interface ProductData {
  handle: string
  title: string
  /** Stem of its variants' SKUs; an option's value is put after it. */
  sku: string
  description: string
  /** Euros, VAT included. */
  price: number
  /** Grams of the cheapest variant; the others grow with their price. */
  weight: number
  picture: Motif
  /** Of the picture, when the product has no option `Color`. */
  colour?: string
  options?: Record<string, Choices>
  material?: string
  collection?: string
  tags?: string[]
  /** Buying many costs less: from `from` pieces on, `percent` off. */
  tier?: { from: number; percent: number }
  /** `backorder`: no stock anywhere, sold all the same. `shared`: all variants take from one inventory item. */
  inventory?: "unmanaged" | "backorder" | "shared" | { kit: Part[] }
  /** Where it is sold, if not everywhere. */
  only?: ("web" | "app" | "pos" | "phone")[]
  draft?: true
}

/** Products of one category that are taxed alike. */
export interface Shelf {
  category: string
  type: string
  /** Medusa's `discountable`: whether promotions may lower the price. */
  discountable?: false
  hsCode: string
  products: ProductData[]
}
