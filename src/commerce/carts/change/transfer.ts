import type { TransactionSql } from "postgres"
import { readCustomer } from "./customers.ts"
import type { Draft } from "./draft.ts"
import { CartRefused } from "./errors.ts"
import { refresh } from "./refresh.ts"
import { reprice } from "./reprice.ts"
import type { Shop } from "./shop.ts"

/**
 * Gives the cart to a customer, with his prices; whose it was before is not asked.
 *
 * @returns false when it is his already, and nothing changes
 * @throws CartRefused
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/transfer-cart-customer.js`
 */
export async function transferCart(tx: TransactionSql, draft: Draft, shop: Shop, customerId: string): Promise<boolean> {
  const { cart } = draft
  const customer = await readCustomer(tx, customerId)
  if (!customer) throw new CartRefused("not_found", `Customer id not found: ${customerId}`)
  if (cart.customer_id === customer.id) return false
  draft.update("cart", cart, { customer_id: customer.id, email: customer.email })
  cart.customer = customer
  await reprice(draft, shop)
  await refresh(tx, draft, shop, { taxes: "all" })
  return true
}
