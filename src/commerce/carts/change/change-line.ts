import type { TransactionSql } from "postgres"
import type { StockRow } from "../../inventory/index.ts"
import { withoutPrice } from "./add-line.ts"
import type { Draft } from "./draft.ts"
import { CartRefused, OnlyMedusa } from "./errors.ts"
import { compareAt, isRounded, mergedMetadata, removeLines, saleFrom, stored, unitPrice } from "./lines.ts"
import { pricesIn } from "./prices.ts"
import { refresh } from "./refresh.ts"
import { offersOf, type Shop } from "./shop.ts"
import { confirmStock } from "./stock.ts"

/** What is to become of a line. */
export interface LineUpdate {
  /** 0 takes the line out of the cart. */
  quantity: number
  /** See `mergedMetadata`. */
  metadata?: Record<string, unknown> | null | undefined
}

/**
 * Gives a line another quantity, at the price that holds for it.
 *
 * @param stock  of `readLineStock`, for the line
 * @throws CartRefused, or an error of the inventory's `confirmLine`, in Medusa's order
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/update-line-item-in-cart.js`
 */
export async function changeLine(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  lineId: string,
  { quantity, metadata }: LineUpdate,
  stock: readonly StockRow[],
): Promise<void> {
  const { cart } = draft
  const line = cart.items.find((it) => it.id === lineId)
  if (!line) throw new CartRefused("not_found", `Line item with id: ${lineId} was not found`)
  if (quantity === 0) {
    removeLines(draft, [line])
    return await refresh(tx, draft, shop)
  }
  const { variant_id, product_id } = line
  if (variant_id === null || product_id === null) throw new OnlyMedusa("a line is of no variant")
  const offer = (await offersOf(shop, [{ variant_id, product_id }])).get(variant_id)
  if (!offer) throw new OnlyMedusa("a line's variant is not in the catalog's documents")
  const price = pricesIn(cart, "changed_line", shop)(offer, quantity)
  if (!price || price.calculated_amount === null) throw withoutPrice([variant_id])

  await confirmStock(tx, cart, shop, { offer, quantity, existing: line }, stock)
  const columns = {
    quantity: stored(quantity),
    metadata: mergedMetadata(line.metadata, metadata),
    ...(line.is_custom_price ? {} : { ...unitPrice(price.calculated_amount), ...compareAt(saleFrom(price)) }),
    is_tax_inclusive: line.is_tax_inclusive || price.is_calculated_price_tax_inclusive,
  }
  draft.update("cart_line_item", line, columns, isRounded(quantity))
  await refresh(tx, draft, shop)
}

/**
 * Takes a line out of the cart.
 *
 * @throws OnlyMedusa for one that is in another cart, from which Medusa takes it
 * @source Medusa 2.21 `core-flows/dist/line-item/workflows/delete-line-items.js`
 */
export async function removeLine(tx: TransactionSql, draft: Draft, shop: Shop, lineId: string): Promise<void> {
  const line = draft.cart.items.find((it) => it.id === lineId)
  if (line) removeLines(draft, [line])
  else if ((await tx`select from cart_line_item where id = ${lineId} and deleted_at is null`).length > 0) {
    throw new OnlyMedusa("the line is in another cart")
  }
  await refresh(tx, draft, shop)
}
