import {
  type AttributeValue,
  type CalculatedPrice,
  calculatePrice,
  type PricingContext,
  type PricingReference,
} from "../pricing/index.ts"
import type { ShippingCart, ShippingShopper, ShippingTotals } from "./cart.ts"
import { LeftToMedusa } from "./left.ts"
import type { ShippingOption } from "./reference.ts"

const TOTALS = ["item_total", "total"]
const ADDRESS = ["city", "country_code", "province", "postal_code"] as const
const OF_CART = ["id", "sales_channel_id", "region_id", "locale", ...ADDRESS.map((it) => `shipping_address.${it}`)]
const OF_SHOPPER = ["email", "customer_id", "customer.id", "customer.groups.id"]

/**
 * For what a price is asked: to be `shown` in the list of options, or to be `charged` when an option is chosen, or a
 * method's price is renewed. Medusa tells its prices who the customer is in the first case alone; so one that is for a
 * group of customers is shown to them and not charged.
 */
export type PricePurpose = "shown" | "charged"

/** Attributes of which it is known what they are, and those of which it is known that there is nothing. */
const KNOWN: Record<PricePurpose, { there: ReadonlySet<string>; never: (attribute: string) => boolean }> = {
  shown: {
    there: new Set([...TOTALS, ...OF_CART, ...OF_SHOPPER]),
    never: (attribute) => attribute.startsWith("items."),
  },
  charged: { there: new Set([...TOTALS, ...OF_CART]), never: (attribute) => OF_SHOPPER.includes(attribute) },
}

/** What the rules of these options' prices, and of the price lists that some of them are of, ask for. */
function attributesOf(options: readonly ShippingOption[], pricing: PricingReference): Set<string> {
  const lists = options.flatMap((it) => it.price_list_ids).map((id) => pricing.lists.get(id))
  const ofLists = lists.flatMap((list) => list?.rules.map((rule) => rule.attribute) ?? [])
  return new Set([...options.flatMap((it) => it.price_attributes), ...ofLists])
}

/** Whether prices of these options hang on what the cart comes to, so that its totals have to be known. */
export function needsTotals(options: readonly ShippingOption[], pricing: PricingReference): boolean {
  const attributes = attributesOf(options, pricing)
  return TOTALS.some((it) => attributes.has(it))
}

/** What is known when shipping is priced. */
export interface PriceQuestion {
  purpose: PricePurpose
  cart: ShippingCart
  /** Undefined where `needsTotals` says that they are not needed. */
  totals: ShippingTotals | undefined
  /** Undefined where the price is `charged`. */
  shopper: ShippingShopper | undefined
  pricing: PricingReference
  now: Date
}

/**
 * What each option costs for a cart.
 *
 * @returns by the option's id; null where no price is for this cart, undefined for an option without prices
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/list-shipping-options-for-cart.js` (shown) and
 *   `list-shipping-options-for-cart-with-pricing.js` (charged)
 */
export function pricesOf(
  options: readonly ShippingOption[],
  question: PriceQuestion,
): Map<string, CalculatedPrice | null | undefined> | LeftToMedusa {
  const { there, never } = KNOWN[question.purpose]
  const attributes = attributesOf(options, question.pricing)
  if ([...attributes].some((it) => !there.has(it) && !never(it))) return new LeftToMedusa("price_rule")
  const context = contextOf(question)
  return new Map(
    options.map(({ id, price_set }) => [
      id,
      price_set && calculatePrice(price_set.id, price_set.prices, question.pricing, context, question.now),
    ]),
  )
}

function contextOf({ cart, totals, shopper }: PriceQuestion): PricingContext {
  const { id, sales_channel_id, region_id, locale, shipping_address } = cart
  const given: Record<string, AttributeValue | null | undefined> = {
    ...{ id, sales_channel_id, region_id, locale },
    ...Object.fromEntries(ADDRESS.map((it) => [`shipping_address.${it}`, shipping_address?.[it]])),
    item_total: totals?.item_total,
    total: totals?.total,
    email: shopper?.email,
    customer_id: shopper?.customer_id,
    "customer.id": shopper?.customer?.id,
    "customer.groups.id": shopper?.customer?.group_ids,
  }
  const attributes = new Map(
    Object.entries(given).filter((it): it is [string, AttributeValue] => it[1] !== null && it[1] !== undefined),
  )
  return { currency_code: cart.currency_code, attributes, ...(region_id ? { region_id } : {}) }
}
