import type { LineItemRow } from "../cart.ts"
import { unavailable, withoutPrice } from "./add-line.ts"
import type { Draft } from "./draft.ts"
import { invalid, OnlyMedusa } from "./errors.ts"
import { compareAt, mergedMetadata, saleFrom, snapshotOf, unitPrice } from "./lines.ts"
import { pricesIn } from "./prices.ts"
import { requireOpen } from "./refresh.ts"
import { offersOf, type Shop } from "./shop.ts"

/**
 * Prices all lines anew, since something has changed that prices hang on. What a line does not know of its product, it
 * learns; the price before a sale stays where there was one.
 *
 * @throws CartRefused when a line cannot be sold any more
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/refresh-cart-items.js` with `force_refresh`, and
 *   `core-flows/dist/cart/utils/prepare-line-item-data.js`
 */
export async function reprice(draft: Draft, shop: Shop): Promise<void> {
  requireOpen(draft)
  const { cart } = draft
  if (cart.items.length === 0) return
  const lines = cart.items.map((line) => ({ line, ...variantOf(line) }))
  const offers = await offersOf(shop, lines)
  const pricesOf = pricesIn(cart, "refresh", shop)
  const priced = lines.map(({ line, variant_id }) => {
    const offer = offers.get(variant_id)
    if (!offer) throw new OnlyMedusa("a line's variant is not in the catalog's documents")
    return { line, offer, price: pricesOf(offer, line.quantity) }
  })

  const unpriced = priced.filter((it) => it.price === undefined && it.line.unit_price === 0)
  if (unpriced.length > 0) throw withoutPrice([...new Set(unpriced.map((it) => it.offer.variant.id))])
  if (cart.items.some((it) => it.quantity <= 0)) throw invalid("Item quantity must be greater than 0")
  const unpublished = priced.filter((it) => it.offer.product.status !== "published")
  if (unpublished.length > 0) throw unavailable(unpublished.map((it) => it.offer.variant.id))
  const withoutAny = priced.filter((it) => !it.price && !it.line.is_custom_price)
  if (withoutAny.length > 0) throw withoutPrice(withoutAny.map((it) => it.offer.variant.id))

  for (const { line, offer, price } of priced) {
    const { product, variant } = offer
    const learned = Object.entries(snapshotOf(offer)).filter(([name]) => line[name as `product_${string}`] === null)
    const before = price && line.compare_at_unit_price === null ? saleFrom(price) : null
    draft.update("cart_line_item", line, {
      subtitle: line.subtitle ?? variant.title,
      thumbnail: line.thumbnail ?? variant.thumbnail ?? product.thumbnail,
      ...Object.fromEntries(learned),
      is_giftcard: product.is_giftcard,
      metadata: mergedMetadata(line.metadata, line.metadata ?? {}),
      ...(before === null ? {} : compareAt(before)),
      ...(price && !line.is_custom_price
        ? { ...unitPrice(amountOf(price)), is_tax_inclusive: price.is_calculated_price_tax_inclusive }
        : {}),
    })
  }
}

function variantOf({ variant_id, product_id }: LineItemRow): { variant_id: string; product_id: string } {
  if (variant_id === null || product_id === null) throw new OnlyMedusa("a line is of no variant")
  return { variant_id, product_id }
}

function amountOf({ calculated_amount }: { calculated_amount: number | null }): number {
  if (calculated_amount === null) throw new OnlyMedusa("a price has no amount")
  return calculated_amount
}
