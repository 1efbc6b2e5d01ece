import type { TransactionSql } from "postgres"
import type { StockRow } from "../../inventory/index.ts"
import type { Draft } from "./draft.ts"
import { invalid, OnlyMedusa } from "./errors.ts"
import {
  compareAt,
  createLine,
  isRounded,
  matchingLine,
  saleFrom,
  stored,
  unitPrice,
  type WantedLine,
} from "./lines.ts"
import { pricesIn } from "./prices.ts"
import { refresh, requireOpen } from "./refresh.ts"
import { offersOf, type Shop } from "./shop.ts"
import { confirmStock } from "./stock.ts"

/**
 * Puts more of a variant into the cart: onto the line that has it already, or as a new one.
 *
 * @param stock  of `readCartStock`, for the variant
 * @throws CartRefused, or an error of the inventory's `confirmLine`, in Medusa's order
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/add-to-cart.js`
 */
export async function addLine(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  wanted: WantedLine,
  stock: readonly StockRow[],
): Promise<void> {
  requireOpen(draft)
  const { cart } = draft
  const { variant_id } = wanted
  const variant = stock[0]
  if (!variant) throw unavailable([variant_id])
  const offer = (await offersOf(shop, [{ variant_id, product_id: variant.product_id }])).get(variant_id)
  if (!offer) throw new OnlyMedusa("a variant is not in the catalog's documents yet")
  const existing = matchingLine(cart, wanted)
  const quantity = (existing?.quantity ?? 0) + wanted.quantity
  const price = pricesIn(cart, "new_line", shop)(offer, quantity)
  if (price === undefined) throw withoutPrice([variant_id])
  if (offer.product.status !== "published") throw unavailable([variant_id])
  if (price === null) throw withoutPrice([variant_id])
  const { calculated_amount } = price
  if (calculated_amount === null) throw invalid(`Items ${offer.product.title} do not have a price`)

  await confirmStock(tx, cart, shop, { offer, quantity, existing }, stock)

  let changed = existing
  if (existing) {
    const before = saleFrom(price)
    const columns = {
      quantity: stored(quantity),
      ...unitPrice(calculated_amount),
      ...(before === null ? {} : compareAt(before)),
    }
    draft.update("cart_line_item", existing, columns, isRounded(quantity))
  } else changed = createLine(draft, wanted, offer, { ...price, calculated_amount }, variant.requires_shipping)
  await refresh(tx, draft, shop, { taxes: { items: changed ? [changed] : [] } })
}

export const withoutPrice = (variantIds: readonly string[]) =>
  invalid(`Variants with IDs ${variantIds.join(", ")} do not have a price`)

export const unavailable = (variantIds: readonly string[]) =>
  invalid(`Variants ${variantIds.join(", ")} do not exist or belong to a product that is not published`)
