import { allocate, mayBackorder, type StockLine } from "./allocate.ts"
import { checkStock } from "./confirm.ts"
import { InsufficientStock } from "./errors.ts"
import { SINGLE_LOCATION_FIRST } from "./sourcing.ts"
import { type StockRow, stockOf } from "./stock.ts"

/** A line of a cart that is to have another quantity, beside its other lines. */
export interface LineChange {
  sales_channel_id: string | null
  /** As it would be. */
  line: StockLine
  /** All others of the cart. */
  others: readonly StockLine[]
  /** It is new, or gets more than it had: only then are the others looked at, so that less can always be had. */
  isMore: boolean
}

/**
 * Says whether a line can have its new quantity.
 *
 * Differs from Medusa on purpose: the cart's other lines that are made of the same items are added up with it
 * (medusajs/medusa issue 16502). What was sold from under them is no reason to refuse, unless they share its items.
 *
 * @param rows  `readCartStock` for the line's variant
 * @throws in this order: ChannelWithoutStock, VariantWithoutInventory, UnknownInventoryItem, InsufficientStock
 */
export function confirmLine(rows: readonly StockRow[], { sales_channel_id, line, others, isMore }: LineChange): void {
  checkStock([line], stockOf(rows.filter((it) => it.variant_id === line.variant_id)), sales_channel_id)
  if (!isMore) return
  const stock = stockOf(rows)
  const sharing = others.filter((it) => it.variant_id !== null && stock.variants.has(it.variant_id))
  if (sharing.length === 0) return
  const strict = [line, ...sharing].filter((it) => {
    const variant = stock.variants.get(it.variant_id ?? "")
    return variant && !mayBackorder(it, variant)
  })
  if (!strict.includes(line)) return
  const { short } = allocate(strict, stock, SINGLE_LOCATION_FIRST)
  if (short.length > 0) throw new InsufficientStock(short)
}
