import type { ShippingCart } from "./cart.ts"
import { CartIncomplete } from "./errors.ts"
import { LeftToMedusa } from "./left.ts"
import type { ShippingOption, ShippingReference } from "./reference.ts"
import type { ShippingSituation } from "./rules.ts"
import { reaches } from "./zones.ts"

/**
 * The shipping options that a cart is offered: those of the locations that its sales channel sells from, whose zones
 * reach its address and whose rules hold. What is in the cart plays no part, nor do profiles and stock.
 *
 * @param only  no others than these
 * @returns in the database's order of their ids
 * @throws CartIncomplete
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/list-shipping-options-for-cart.js`
 */
export function offeredOptions(
  cart: ShippingCart,
  reference: ShippingReference,
  situation: ShippingSituation,
  only?: ReadonlySet<string>,
): ShippingOption[] | LeftToMedusa {
  const missing = (["sales_channel_id", "region_id", "currency_code"] as const).filter((field) => !cart[field])
  if (missing.length > 0) throw new CartIncomplete(missing)
  const sets = reference.channels.get(cart.sales_channel_id ?? "")
  if (!sets) return new LeftToMedusa("channel")
  const reaching = reference.options.filter(
    (it) =>
      (!only || only.has(it.id)) && sets.has(it.fulfillment_set.id) && reaches(it.geo_zones, cart.shipping_address),
  )
  const odd = reaching.find((it) => it.oddity)
  if (odd?.oddity) return new LeftToMedusa(odd.oddity)
  return reaching.filter((it) => it.tests.every((holds) => holds(situation)))
}
