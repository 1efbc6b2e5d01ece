import type { TransactionSql } from "postgres"
import type { Cart, ShippingMethodRow } from "../cart.ts"
import { createAddress, type GivenAddress, putAddress } from "./addresses.ts"
import type { Draft } from "./draft.ts"
import { OnlyMedusa } from "./errors.ts"
import type { CartChange } from "./events.ts"
import { removeLines } from "./lines.ts"
import { customLines, type Dropped, dropUnsellable, refreshWith } from "./merge.ts"
import { refresh, requireOpen } from "./refresh.ts"
import { reprice } from "./reprice.ts"
import { dropShipping } from "./shipping.ts"
import type { Shop } from "./shop.ts"
import { setTaxes, upsertTaxes } from "./taxes.ts"

/** The shop in which a cart is sold over the counter: what is sold there is sold in its region, and taxed there. */
export interface ShopPlace {
  region_id: string
  /** Its country in small letters. */
  address: GivenAddress & { country_code: string }
}

/** What has become of a cart that was moved to another region. */
export interface Moved {
  /** The regions. */
  from: string | null
  to: string
  dropped: Dropped[]
}

/**
 * Brings an open cart to a shop: into its region and currency, and to where its taxes are. What is in it is priced anew; what
 * cannot be kept is taken out, and told in `draft.moved`. Nothing is sent from there.
 *
 * As in Medusa a region's change takes the address with it. The cart gets no more of the shop's than taxes hang on: who goes
 * on with it on the web is not sent his goods to the shop.
 *
 * @returns what was done; undefined when it is there already
 * @throws CartRefused when the cart is an order already
 */
export async function moveTo(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  place: ShopPlace,
): Promise<CartChange | undefined> {
  requireOpen(draft)
  const { cart } = draft
  const { region_id: from } = cart
  const region = shop.regions.find(place.region_id)
  if (!region) throw new OnlyMedusa("the region is not known")
  const isMoved = from !== region.id
  if (!isMoved && isTaxedAt(cart, shop, place)) return undefined
  const { country_code, province } = place.address
  dropShipping(draft)
  putAddress(draft, "shipping", createAddress(draft, { country_code, province }))
  if (!isMoved) {
    await refresh(tx, draft, shop, { taxes: "all" })
    return "updated"
  }
  draft.update("cart", cart, { region_id: region.id, currency_code: region.currency_code.toLowerCase() })
  const custom = cart.items.filter((it) => it.is_custom_price)
  removeLines(draft, custom)
  const dropped: Dropped[] = customLines(custom)
  dropped.push(...(await dropUnsellable(draft, shop)))
  await reprice(draft, shop)
  dropped.push(...(await refreshWith(tx, draft, shop, [])))
  draft.moved = { from, to: region.id, dropped }
  return "region_updated"
}

/**
 * What is sold over the counter is supplied there, wherever the web would have sent it: the cart, and so the order, gets the
 * shop's address and its taxes.
 *
 * @param methods  by which it is handed over
 */
export function supplyAt(draft: Draft, shop: Shop, place: ShopPlace, methods: readonly ShippingMethodRow[]): void {
  const isTaxedHere = isTaxedAt(draft.cart, shop, place)
  putAddress(draft, "shipping", createAddress(draft, place.address))
  if (isTaxedHere) upsertTaxes(draft, shop, { methods })
  else setTaxes(draft, shop)
}

/** Whether the cart's taxes are those of the place: of its country, and of its province where that has its own. */
function isTaxedAt({ shipping_address }: Cart, { tax }: Shop, { address }: ShopPlace): boolean {
  const provinces = tax.reference.countries.get(address.country_code)?.provinces
  const own = (province: string | null | undefined) => provinces?.get(province?.toLowerCase() ?? "")
  const isOfCountry = shipping_address?.country_code?.toLowerCase() === address.country_code
  return isOfCountry && own(shipping_address?.province) === own(address.province)
}
