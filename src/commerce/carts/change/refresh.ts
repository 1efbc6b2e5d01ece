import type { TransactionSql } from "postgres"
import type { LineItemRow, ShippingMethodRow } from "../cart.ts"
import type { Draft } from "./draft.ts"
import { invalid } from "./errors.ts"
import { refreshPayment } from "./payment.ts"
import { applyPromotions, type ChosenPromotions, sameAsBefore } from "./promotions.ts"
import { refreshShipping } from "./shipping.ts"
import type { Shop } from "./shop.ts"
import { setTaxes, upsertTaxes } from "./taxes.ts"

/** What of the cart is taxed: all of it, or what is new or has changed; nothing unless it is given. */
interface Refresh {
  taxes?: "all" | { items?: readonly LineItemRow[]; methods?: readonly ShippingMethodRow[] }
  /** Those that the cart has, unless they are given. */
  promotions?: ChosenPromotions
}

/**
 * What follows from a change of the cart, in Medusa's order: shipping methods, taxes, discounts, what is to be paid.
 *
 * @throws CartRefused when the cart is an order already
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/refresh-cart-items.js`
 */
export async function refresh(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  { taxes, promotions = sameAsBefore(draft.cart) }: Refresh = {},
): Promise<void> {
  requireOpen(draft)
  await refreshShipping(tx, draft, shop)
  if (taxes === "all") setTaxes(draft, shop)
  else if (taxes) upsertTaxes(draft, shop, taxes)
  await applyPromotions(tx, draft, shop, promotions)
  refreshPayment(draft, shop)
}

/** @throws CartRefused */
export function requireOpen({ cart }: Draft): void {
  if (cart.completed_at !== null) throw invalid(`Cart ${cart.id} is already completed.`)
}
