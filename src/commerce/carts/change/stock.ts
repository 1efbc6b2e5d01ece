import type { ISql } from "postgres"
import { confirmLine, isStockRefusal, readCartStock, type StockRow } from "../../inventory/index.ts"
import type { Cart, LineItemRow } from "../cart.ts"
import { type Offer, offersOf, type Shop } from "./shop.ts"

/** A line that is to have so many; without a row of its own yet, or with one. */
interface WantedStock {
  offer: Offer
  quantity: number
  existing: LineItemRow | undefined
}

/**
 * Says whether a line of a cart can have its new quantity, beside the lines that are made of the same items.
 *
 * @param read  of `readCartStock` or `readLineStock`, for the line's variant
 * @throws the errors of `confirmLine`
 */
export async function confirmStock(
  tx: ISql,
  cart: Cart,
  shop: Shop,
  { offer, quantity, existing }: WantedStock,
  read: readonly StockRow[],
): Promise<void> {
  const isMore = quantity > (existing?.quantity ?? 0)
  const others = cart.items.filter((it) => it !== existing)
  const sharing = isMore ? await linesSharing(others, offer, shop) : []
  const ids = [...new Set([offer.variant.id, ...sharing.flatMap((it) => it.variant_id ?? [])])]
  confirmLine(ids.length === 1 ? read : await readCartStock(tx, cart.id, ids, shop.counter_location_id), {
    sales_channel_id: cart.sales_channel_id,
    line: { line_item_id: existing?.id, variant_id: offer.variant.id, quantity },
    sharing,
  })
}

/**
 * How many of its new quantity a line of a cart can have: no fewer than it has.
 *
 * @param read  of `readCartStock`, for the variants of all lines and of this one
 */
export async function mostInStock(
  cart: Cart,
  shop: Shop,
  { offer, quantity, existing }: WantedStock,
  read: readonly StockRow[],
): Promise<number> {
  const had = existing?.quantity ?? 0
  if (quantity <= had) return quantity
  const { sales_channel_id } = cart
  const sharing = await linesSharing(
    cart.items.filter((it) => it !== existing),
    offer,
    shop,
  )
  const fits = (quantity: number) => {
    try {
      const line = { line_item_id: existing?.id, variant_id: offer.variant.id, quantity }
      confirmLine(read, { sales_channel_id, line, sharing })
      return true
    } catch (error) {
      if (isStockRefusal(error)) return false
      throw error
    }
  }
  if (fits(quantity)) return quantity
  let [most, tooMany] = [had, quantity]
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2)
    if (fits(middle)) most = middle
    else tooMany = middle
  }
  return most
}

async function linesSharing(lines: readonly LineItemRow[], { document, variant }: Offer, shop: Shop) {
  const items = new Set(document.stock[variant.id]?.items.map((it) => it.inventory_item_id))
  if (items.size === 0 || lines.length === 0) return []
  const wanted = lines.flatMap(({ variant_id, product_id }) =>
    variant_id !== null && product_id !== null ? [{ variant_id, product_id }] : [],
  )
  const offers = await offersOf(shop, wanted)
  return lines.filter(({ variant_id }) => {
    const offer = offers.get(variant_id ?? "")
    return offer?.document.stock[offer.variant.id]?.items.some((it) => items.has(it.inventory_item_id)) ?? false
  })
}
