import { once } from "../../../platform/once.ts"
import type { VariantPrices } from "../../catalog/index.ts"
import {
  type AttributeValue,
  type CalculatedPrice,
  calculatePrice,
  type PreparedPrices,
  type PricingReference,
  prepare,
} from "../../pricing/index.ts"
import type { Cart } from "../cart.ts"
import { cartTotals, shown } from "../totals.ts"
import { invalid, OnlyMedusa } from "./errors.ts"
import type { Offer, Shop } from "./shop.ts"

/** What a line is priced for: Medusa tells its prices' rules other things each time. */
export type PricedFor = "new_cart" | "new_line" | "changed_line" | "refresh"

/** What of a cart its lines' prices hang on. */
export type PricedCart = Pick<
  Cart,
  "id" | "currency_code" | "region_id" | "sales_channel_id" | "locale" | "email" | "customer_id" | "customer"
> &
  Pick<Cart, "items" | "shipping_methods" | "credit_lines" | "shipping_address">

type Attributes = Record<string, () => AttributeValue | null | undefined>

/**
 * What variants cost in a cart.
 *
 * @param purpose  see `PricedFor`
 * @returns for a variant and a quantity: null where no price is for this cart, undefined for a variant without prices
 * @throws from the returned function: CartRefused for a cart without a currency, OnlyMedusa when a price's rule asks for
 *   what is not known here
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/get-variants-and-items-with-prices.js`, and
 *   `update-line-item-in-cart.js` for a changed line
 */
export function pricesIn(
  cart: PricedCart,
  purpose: PricedFor,
  shop: Shop,
): (offer: Offer, quantity: number) => CalculatedPrice | null | undefined {
  const attributes = once(() => attributesOf(cart, purpose, shop))
  const now = new Date()
  const pricing = shop.pricing.reference
  return ({ document, variant }, quantity) => {
    const set = document.prices[variant.id]
    if (!set) return undefined
    if (!cart.currency_code) throw invalid("Method calculatePrices requires currency_code in the pricing context")
    const { prices, asked } = preparedOf(set)
    const given = new Map<string, AttributeValue>()
    for (const name of new Set([...asked, ...askedByLists(set, pricing)])) {
      const known = attributes()[name]
      if (!known) throw new OnlyMedusa(`a price's rule asks for ${name}`)
      const value = known()
      if (value !== null && value !== undefined) given.set(name, value)
    }
    const { currency_code, region_id } = cart
    const context = { currency_code, quantity, attributes: given, ...(region_id === null ? {} : { region_id }) }
    return calculatePrice(set.price_set_id, prices, pricing, context, now)
  }
}

function attributesOf(cart: PricedCart, purpose: PricedFor, shop: Shop): Attributes {
  const { customer } = cart
  const address = cart.shipping_address
  const region = cart.region_id === null ? undefined : shop.regions.find(cart.region_id)
  const totals = once(() => cartTotals(cart, shop.currencies.find(cart.currency_code)?.decimal_digits).cart)
  const nothing = () => undefined
  const ofCustomer: Attributes = {
    region_id: () => cart.region_id,
    customer_id: () => cart.customer_id,
    "customer.id": () => customer?.id,
    "customer.groups.id": () => (customer?.groups.length ? customer.groups.map((it) => it.id) : undefined),
  }
  const ofCart: Attributes = {
    id: () => cart.id,
    sales_channel_id: () => cart.sales_channel_id,
    locale: () => cart.locale,
    email: () => cart.email,
    "shipping_address.city": () => address?.city,
    "shipping_address.country_code": () => address?.country_code,
    "shipping_address.province": () => address?.province,
    "shipping_address.postal_code": () => address?.postal_code,
    item_total: () => shown(totals().item_total),
    total: () => shown(totals().total),
  }
  const ofRegion: Attributes = {
    "region.id": () => region?.id,
    "region.name": () => region?.name,
    "region.currency_code": () => region?.currency_code,
  }
  const without = (known: Attributes) => Object.fromEntries(Object.keys(known).map((name) => [name, nothing]))
  switch (purpose) {
    case "new_cart":
      return { ...without(ofCart), ...ofCustomer, ...ofRegion }
    case "refresh":
      return { ...ofCart, ...ofCustomer, ...ofRegion }
    default:
      return { ...ofCart, ...ofCustomer, ...without(ofRegion) }
  }
}

/** Parsed once for as long as the document lives. */
const prepared = new WeakMap<VariantPrices, { prices: PreparedPrices; asked: string[] }>()

function preparedOf(set: VariantPrices): { prices: PreparedPrices; asked: string[] } {
  const known = prepared.get(set)
  if (known) return known
  const asked = [...new Set(set.prices.flatMap((it) => it.rules.map((rule) => rule.attribute)))]
  const made = { prices: prepare(set.prices), asked }
  prepared.set(set, made)
  return made
}

const askedByLists = (set: VariantPrices, { lists }: PricingReference) =>
  set.prices.flatMap(({ price_list_id }) =>
    price_list_id === null ? [] : (lists.get(price_list_id)?.rules.map((it) => it.attribute) ?? []),
  )
