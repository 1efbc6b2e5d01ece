import type { Context } from "hono"
import {
  CartRefused,
  type Draft,
  type Merge,
  meetCustomer,
  ownBeside,
  transferCart,
} from "../../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../../counter.ts"
import { type Change, changeCart } from "./change.ts"

/**
 * Gives a cart to the customer who has logged in: as his one open cart, with what he has in another; or, where customers
 * have as many as they begin, as Medusa does.
 *
 * @returns the answer `{ cart, merge }`, or a refusal
 * @throws OnlyMedusa when nothing was done, and Medusa is to be asked
 */
export async function meetCart(
  c: Context<Counter>,
  services: Services,
  customerId: string,
  asked: Pick<Change<never>, "cartId" | "show" | "by" | "isPart">,
): Promise<Response> {
  const { cartAccess, cartMerge } = services.config
  /** Who was let into a customer's cart is not its customer. */
  const requireOwn = ({ cart: { owner } }: Draft) => {
    if (cartAccess === "id" || owner === null || owner === customerId) return
    throw new CartRefused("not_allowed", "The cart is another customer's", "cart_is_anothers")
  }
  if (cartMerge === "off") {
    return await changeCart(c, services, {
      ...{ ...asked, isLocking: true },
      async work(tx, draft, shop) {
        requireOwn(draft)
        const isChanged = await transferCart(tx, draft, shop, customerId)
        await ownBeside(tx, draft.cart.id, customerId, { isOpen: false })
        return isChanged ? "customer_transferred" : undefined
      },
    })
  }
  let merge: Merge | undefined
  return await changeCart(c, services, {
    // Who logs in does not wait for Stripe.
    ...{ ...asked, isLocking: true, closesCards: !asked.isPart },
    async work(tx, draft, shop) {
      requireOwn(draft)
      const met = await meetCustomer(tx, draft, shop, customerId, cartMerge)
      merge = met?.merge
      if (!met) return undefined
      return merge ? "merged" : "customer_transferred"
    },
    answer: (cart) => ({ cart, ...(merge ? { merge } : {}) }),
  })
}
