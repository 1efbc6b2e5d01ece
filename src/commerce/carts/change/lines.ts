import { BigNumber } from "bignumber.js"
import { newId } from "../../../platform/ids.ts"
import type { CalculatedPrice } from "../../pricing/index.ts"
import type { Cart, LineItemRow, Raw } from "../cart.ts"
import { rawOf } from "../totals.ts"
import type { Draft } from "./draft.ts"
import { invalid } from "./errors.ts"
import type { Offer } from "./shop.ts"

type Json = Record<string, unknown>

/** What a shopper wants in his cart. */
export interface WantedLine {
  variant_id: string
  /** More than 0. */
  quantity: number
  metadata?: Json | null | undefined
}

/**
 * A quantity as its column takes it: whole, from the half upwards, as Postgres rounds it for Medusa.
 *
 * @throws CartRefused for one that no column holds, at which Medusa fails
 */
export function stored(quantity: number): number {
  const whole = Math.round(quantity)
  if (whole > MOST) throw invalid(`Quantity must not be more than ${MOST}`)
  return whole
}
const MOST = 2_147_483_647

/** Whether a quantity is another one in its column: for Medusa the line changes, though it may keep the one that it has. */
export const isRounded = (quantity: number) => stored(quantity) !== quantity

/** An amount in the major unit, as the two columns that hold it: next to nothing is nothing there. */
export function amountColumns(amount: number): { amount: number; raw: Raw } {
  return { amount: Math.abs(amount) <= EPSILON ? 0 : amount, raw: rawOf(new BigNumber(amount)) }
}
const EPSILON = 0.0001

export function unitPrice(amount: number): Pick<LineItemRow, "unit_price" | "raw_unit_price"> {
  const { amount: unit_price, raw: raw_unit_price } = amountColumns(amount)
  return { unit_price, raw_unit_price }
}

/** What was to be paid before the sale; null where there is no sale. */
export function saleFrom(price: CalculatedPrice): number | null {
  const isSale = price.calculated_price.price_list_type === "sale"
  return isSale && price.original_amount !== price.calculated_amount ? price.original_amount : null
}

export function compareAt(
  amount: number | null,
): Pick<LineItemRow, "compare_at_unit_price" | "raw_compare_at_unit_price"> {
  if (amount === null) return { compare_at_unit_price: null, raw_compare_at_unit_price: null }
  const { amount: compare_at_unit_price, raw: raw_compare_at_unit_price } = amountColumns(amount)
  return { compare_at_unit_price, raw_compare_at_unit_price }
}

/** What a line keeps of its product and variant as they were. */
export function snapshotOf({ product, variant }: Offer) {
  return {
    product_title: product.title,
    product_description: product.description,
    product_subtitle: product.subtitle,
    product_type: product.type?.value ?? null,
    product_type_id: product.type?.id ?? null,
    product_collection: product.collection?.title ?? null,
    product_handle: product.handle,
    variant_sku: variant.sku,
    variant_barcode: variant.barcode,
    variant_title: variant.title,
  }
}

/**
 * Puts a new line into the cart.
 *
 * @param requiresShipping  whether the product has a shipping profile, or the variant is made of something that ships
 * @source Medusa 2.21 `core-flows/dist/cart/utils/prepare-line-item-data.js`
 */
export function createLine(
  draft: Draft,
  wanted: WantedLine,
  offer: Offer,
  price: CalculatedPrice & { calculated_amount: number },
  requiresShipping: boolean,
): LineItemRow {
  const { product, variant } = offer
  const { id: collectionId } = product.collection ?? { id: null }
  const row = draft.create("cart_line_item", {
    id: newId("cali"),
    cart_id: draft.cart.id,
    title: product.title,
    subtitle: variant.title,
    thumbnail: variant.thumbnail ?? product.thumbnail,
    quantity: stored(wanted.quantity),
    variant_id: variant.id,
    product_id: product.id,
    ...snapshotOf(offer),
    variant_option_values: null,
    requires_shipping: requiresShipping,
    is_discountable: product.discountable,
    is_giftcard: product.is_giftcard,
    is_tax_inclusive: price.is_calculated_price_tax_inclusive,
    is_custom_price: false,
    ...unitPrice(price.calculated_amount),
    ...compareAt(saleFrom(price)),
    metadata: wanted.metadata ?? {},
  })
  const line: LineItemRow = Object.assign(row, {
    tax_lines: [],
    adjustments: [],
    product: {
      id: product.id,
      collection_id: collectionId,
      type_id: product.type_id,
      categories: product.categories.map(({ id }) => ({ id })),
      tags: product.tags.map(({ id }) => ({ id })),
    },
  })
  draft.cart.items.push(line)
  return line
}

/** Takes lines out of the cart, with their taxes and discounts. */
export function removeLines(draft: Draft, lines: readonly LineItemRow[]): void {
  draft.remove("cart_line_item", lines)
  for (const { tax_lines, adjustments } of lines) {
    draft.remove("cart_line_item_tax_line", tax_lines)
    draft.remove("cart_line_item_adjustment", adjustments)
  }
  draft.cart.items = draft.cart.items.filter((it) => !lines.includes(it))
}

/**
 * The line that more of the same goes to: the first, by id, of the same variant, whose metadata says the same.
 *
 * @source Medusa 2.21 `core-flows/dist/cart/utils/find-matching-line-item.js`
 */
export function matchingLine({ items }: Cart, wanted: WantedLine): LineItemRow | undefined {
  const [first] = items
    .filter((it) => it.variant_id === wanted.variant_id && !it.is_custom_price)
    .filter((it) => (isEmpty(it.metadata) && isEmpty(wanted.metadata)) || says(it.metadata, wanted.metadata))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return first
}

const isEmpty = (metadata: Json | null | undefined) => !metadata || Object.keys(metadata).length === 0

/** Equal as Medusa compares: a list is an object with numbers for names. */
function says(a: unknown, b: unknown): boolean {
  if (typeof a !== typeof b) return false
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b
  const names = Object.keys(a)
  const of = (it: object, name: string) => (it as Json)[name]
  return names.length === Object.keys(b).length && names.every((name) => name in b && says(of(a, name), of(b, name)))
}

/**
 * Metadata that is changed: each name by itself, `""` takes it away; null takes all away, and nothing changes nothing.
 *
 * @source Medusa 2.21 `utils/dist/common/merge-metadata.js`, and its caller in `medusa-internal-service.js`
 */
export function mergedMetadata(old: Json | null, given: Json | null | undefined): Json | null {
  if (given === undefined) return old
  if (given === null) return null
  const merged: Json = { ...old }
  for (const [name, value] of Object.entries(given)) {
    if (value === "") delete merged[name]
    else merged[name] = value
  }
  return merged
}
