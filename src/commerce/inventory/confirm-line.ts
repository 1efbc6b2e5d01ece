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
  /**
   * Those of the cart's other lines that are made of the same items. None when the line gets less than it had, so that
   * less can always be had.
   */
  sharing: readonly StockLine[]
}

/**
 * Says whether a line can have its new quantity.
 *
 * Differs from Medusa on purpose: the cart's other lines that are made of the same items are added up with it
 * (medusajs/medusa issue 16502). What was sold from under them is no reason to refuse, unless they share its items.
 *
 * @param rows  `readCartStock` for the variants of all these lines
 * @throws in this order: ChannelWithoutStock, VariantWithoutInventory, UnknownInventoryItem, InsufficientStock
 */
export function confirmLine(rows: readonly StockRow[], { sales_channel_id, line, sharing }: LineChange): void {
  checkStock([line], stockOf(rows.filter((it) => it.variant_id === line.variant_id)), sales_channel_id)
  if (sharing.length === 0) return
  const stock = stockOf(rows)
  const strict = [line, ...sharing].filter((it) => {
    const variant = stock.variants.get(it.variant_id ?? "")
    return variant && !mayBackorder(it, variant)
  })
  if (!strict.includes(line)) return
  const { short } = allocate(strict, stock, SINGLE_LOCATION_FIRST)
  if (short.length > 0) throw new InsufficientStock(short)
}
