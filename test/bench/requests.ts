import { CART_REQUESTS } from "./cart-requests.ts"
import { CATALOG_REQUESTS } from "./catalog-requests.ts"
import { LARGE_CART_REQUESTS, offerPromotions } from "./large-cart-requests.ts"
import type { Group } from "./request.ts"

/** Everything that is measured, in this order: the last group's promotions would change the figures of all others. */
export const GROUPS: Group[] = [
  { name: "catalog", requests: CATALOG_REQUESTS },
  { name: "carts", requests: CART_REQUESTS },
  { name: "large carts", furnish: offerPromotions, requests: LARGE_CART_REQUESTS },
]

/**
 * @param only  part of the names of the requests or of the groups that are wanted; empty: all of them
 * @returns the groups, without the requests that are not wanted
 */
export function wanted(only: string): Group[] {
  return GROUPS.map((group) => ({
    ...group,
    requests: group.requests.filter(({ name }) => group.name.includes(only) || name.includes(only)),
  })).filter(({ requests }) => requests.length > 0)
}
