import { BigNumber } from "bignumber.js"
import type { ISql } from "postgres"
import { allocate, mayBackorder, type StockLine } from "./allocate.ts"
import {
  ChannelWithoutStock,
  InsufficientStock,
  type ShortLine,
  UnknownInventoryItem,
  VariantWithoutInventory,
} from "./errors.ts"
import { SINGLE_LOCATION_FIRST } from "./sourcing.ts"
import { readStock, type Source, type Stock, type StockedVariant, stockOf, usable } from "./stock.ts"

/**
 * Says whether a sales channel can sell these lines, in one statement; takes nothing.
 *
 * Differs from Medusa on purpose: lines that take the same item are added up (medusajs/medusa issue 16502), what a
 * location keeps back as safety stock is not offered, and what is held for the cart itself is.
 *
 * @throws in this order: ChannelWithoutStock, VariantWithoutInventory, UnknownInventoryItem, InsufficientStock
 * @source Medusa 2.21 `prepareConfirmInventoryInput`, `confirmInventoryStep`
 */
export async function confirm(
  sql: ISql,
  lines: readonly StockLine[],
  { cart_id, ...source }: Source & { cart_id?: string | undefined },
): Promise<void> {
  const variants = variantsOf(lines)
  if (variants.length === 0) return
  checkStock(lines, stockOf(await readStock(sql, variants, source, cart_id)), source.sales_channel_id)
}

/** @returns in the order in which lines name them, each once */
export const variantsOf = (lines: readonly StockLine[]): string[] => [
  ...new Set(lines.flatMap(({ variant_id }) => (variant_id === null ? [] : [variant_id]))),
]

/** `confirm` over what was read. Lines whose variant there is not, or whose stock nobody manages, pass. */
export function checkStock(lines: readonly StockLine[], stock: Stock, salesChannelId: string | null): void {
  checkSourced(lines, stock, salesChannelId)
  checkItems(lines, stock)
  const alone = lines.flatMap((line) => shortAlone(line, stock) ?? [])
  if (alone.length > 0) throw new InsufficientStock(alone)
  const strict = lines.filter((line) => {
    const variant = managed(line, stock)
    return !variant || !mayBackorder(line, variant)
  })
  const { short } = allocate(strict, stock, SINGLE_LOCATION_FIRST)
  if (short.length > 0) throw new InsufficientStock(short)
}

/**
 * Whether the channel has anything to take the lines from, as Medusa asks before a cart's check and before an order's
 * reservations. Of a kit one part must have a place in the channel.
 *
 * @throws ChannelWithoutStock, then VariantWithoutInventory; of several, the first
 */
export function checkSourced(lines: readonly StockLine[], stock: Stock, salesChannelId: string | null): void {
  const variants = [...stock.variants.values()]
  if (!variants.some((it) => it.manage_inventory)) return
  if (salesChannelId !== null) {
    for (const id of variantsOf(lines)) {
      const variant = stock.variants.get(id)
      const isPlaced = variant?.parts.some((part) => part.location_ids.length > 0)
      const backorder = variant && lines.some((line) => line.variant_id === id && mayBackorder(line, variant))
      if (variant?.manage_inventory && !isPlaced && !backorder) throw new ChannelWithoutStock(salesChannelId, id)
    }
  }
  // Medusa looks for items only when there are any in the request: also those of a variant that it does not manage.
  if (variants.every((it) => it.parts.length === 0)) return
  for (const line of lines) {
    const variant = managed(line, stock)
    if (variant?.parts.length === 0) throw new VariantWithoutInventory(line.variant_id ?? "")
  }
}

/** Medusa looks up the item of each part that it checks, unless the channel has no location at all to check it at. */
function checkItems(lines: readonly StockLine[], stock: Stock): void {
  if (stock.locations.size === 0) return
  for (const line of lines) {
    const variant = managed(line, stock)
    if (!variant || mayBackorder(line, variant)) continue
    const gone = variant.parts.find((part) => !part.item_exists)
    if (gone) throw new UnknownInventoryItem(gone.inventory_item_id)
  }
}

/** Medusa's own check: one location has all of a part, or all together have, also those that owe some. */
function shortAlone(line: StockLine, stock: Stock): ShortLine | undefined {
  const variant = managed(line, stock)
  if (!variant || mayBackorder(line, variant)) return undefined
  let left = Infinity
  let isShort = false
  for (const part of variant.parts) {
    const offers = part.location_ids.map((id) => usable(stock, variant, part, id))
    const together = offers.reduce((sum, it) => sum.plus(it), new BigNumber(0))
    const most = BigNumber.max(together, ...offers)
    if (most.lt(part.required_quantity.times(line.quantity))) isShort = true
    if (part.required_quantity.gt(0)) {
      const units = BigNumber.max(most, 0).dividedBy(part.required_quantity).integerValue(BigNumber.ROUND_FLOOR)
      left = Math.min(left, units.toNumber())
    }
  }
  if (!isShort) return undefined
  return { line_item_id: line.line_item_id, variant_id: line.variant_id ?? "", quantity: line.quantity, left }
}

function managed({ variant_id }: StockLine, stock: Stock): StockedVariant | undefined {
  const variant = variant_id === null ? undefined : stock.variants.get(variant_id)
  return variant?.manage_inventory ? variant : undefined
}
