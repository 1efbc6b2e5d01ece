import { CART_REQUESTS } from "./cart-requests.ts"
import { CATALOG_REQUESTS } from "./catalog-requests.ts"
import { LARGE_CART_REQUESTS, offerPromotions } from "./large-cart-requests.ts"
import { ORDER_REQUESTS } from "./order-requests.ts"
import type { Group } from "./request.ts"

/** Everything that is measured, in this order: the last group's promotions would change the figures of all others. */
export const GROUPS: Group[] = [
  { name: "catalog", requests: CATALOG_REQUESTS },
  { name: "carts", furnish: ({ carts }) => carts.fillShop(), requests: CART_REQUESTS },
  { name: "orders", furnish: ({ carts }) => carts.fillShop(), requests: ORDER_REQUESTS },
  {
    name: "large carts",
    async furnish(shop) {
      await shop.carts.fillShop()
      await offerPromotions(shop)
    },
    requests: LARGE_CART_REQUESTS,
  },
]

/**
 * @param only  the name of a request or a group, or part of the names of several; empty: all of them
 * @returns the groups, without the requests that are not wanted
 */
export function wanted(only: string): Group[] {
  const named = GROUPS.some(({ name, requests }) => [name, ...requests.map((it) => it.name)].includes(only))
  const fits = (name: string) => (named ? name === only : name.includes(only))
  return GROUPS.map((group) => ({
    ...group,
    requests: group.requests.filter(({ name }) => fits(group.name) || fits(name)),
  })).filter(({ requests }) => requests.length > 0)
}
