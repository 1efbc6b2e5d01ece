import type { ShippingLine, ShippingMethod } from "./cart.ts"
import { OptionsNotOffered, OptionsWithoutPrice } from "./errors.ts"
import { LeftToMedusa } from "./left.ts"
import { offeredOptions } from "./offer.ts"
import { type PriceQuestion, pricesOf } from "./price.ts"
import type { ShippingOption, ShippingReference } from "./reference.ts"

/** An option that a cart is offered, at the price that it is charged. */
export interface PricedOption {
  option: ShippingOption
  /** Undefined where no price is for this cart. */
  price: { amount: number; is_tax_inclusive: boolean } | undefined
}

/** What a cart is asked for when it is priced for being charged. */
export type ChargeQuestion = Omit<PriceQuestion, "purpose" | "shopper">

/**
 * Of some options those that a cart is offered now, at what they are charged.
 *
 * @param ids  those of the cart's methods, or those that were chosen; at least one
 * @returns in the database's order of their ids
 * @throws CartIncomplete
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/list-shipping-options-for-cart-with-pricing.js`
 */
export function chargedOptions(
  ids: readonly string[],
  reference: ShippingReference,
  question: ChargeQuestion,
): PricedOption[] | LeftToMedusa {
  const options = offeredOptions(question.cart, reference, { is_return: false }, new Set(ids))
  if (options instanceof LeftToMedusa) return options
  if (options.some((it) => it.price_type !== "flat")) return new LeftToMedusa("calculated_price")
  const prices = pricesOf(options, { ...question, purpose: "charged", shopper: undefined })
  if (prices instanceof LeftToMedusa) return prices
  return options.map((option) => {
    const price = prices.get(option.id)
    const amount = price?.calculated_amount ?? undefined
    const is_tax_inclusive = price?.is_calculated_price_tax_inclusive ?? false
    return { option, price: amount === undefined ? undefined : { amount, is_tax_inclusive } }
  })
}

/** What becomes of a cart's shipping methods. `raw_amount` of what is written is made of `amount`. */
export interface RefreshedMethods {
  /** Ids of those to be deleted softly; their tax lines and adjustments stay as they are. */
  removed: string[]
  /** Those of which something changes, as they are afterwards. */
  updated: ShippingMethod[]
}

/**
 * What a change of the cart does to its shipping methods: those whose option is not offered any more, or has no price,
 * go; the others take the option's name and price of now. Of several methods also those go whose profile no line needs
 * that ships; one alone stays, even in an empty cart.
 *
 * @param methods  all of the cart; with none there is nothing to do, and nothing need be asked
 * @param lines    all of the cart, as they are after the change
 * @param offered  `chargedOptions` for the options of the methods
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/refresh-cart-shipping-methods.js`
 */
export function methodsAfterRefresh(
  methods: readonly ShippingMethod[],
  lines: readonly ShippingLine[],
  offered: readonly PricedOption[],
): RefreshedMethods | LeftToMedusa {
  if (methods.some((it) => it.shipping_option_id === null)) return new LeftToMedusa("method_without_option")
  const needed = new Set(lines.filter((it) => it.requires_shipping).map((it) => it.shipping_profile_id))
  const byId = new Map(offered.map((it) => [it.option.id, it]))
  const refreshed: RefreshedMethods = { removed: [], updated: [] }
  for (const method of methods) {
    const { option, price } = byId.get(method.shipping_option_id ?? "") ?? {}
    const profile = option?.shipping_profile_id
    const isOrphan = methods.length > 1 && profile && !needed.has(profile)
    if (!option || !price || isOrphan) refreshed.removed.push(method.id)
    else if (differs(method, option.name, price)) refreshed.updated.push({ ...method, name: option.name, ...price })
  }
  return refreshed
}

function differs(method: ShippingMethod, name: string, price: NonNullable<PricedOption["price"]>): boolean {
  return method.name !== name || method.amount !== price.amount || method.is_tax_inclusive !== price.is_tax_inclusive
}

/** An option that a shopper chooses, with what its provider wants to know. */
export interface ChosenOption {
  option_id: string
  data?: Record<string, unknown> | undefined
}

/** A row of `cart_shipping_method` to be written, but for ids, times and `raw_amount`, which is made of `amount`. */
export interface NewShippingMethod {
  shipping_option_id: string
  name: string
  amount: number
  is_tax_inclusive: boolean
  data: Record<string, unknown>
}

/** What choosing shipping options does to a cart's methods. */
export interface ChosenMethods {
  created: NewShippingMethod[]
  /** Ids of those to be deleted softly; their tax lines and adjustments stay as they are. */
  removed: string[]
}

/**
 * What choosing options does to a cart's shipping methods: each becomes a method, in the place of those of its profile.
 * Two options of one profile that are chosen together both become one, as does the same one twice. Methods whose option
 * is no more, or has no profile, go in any case.
 *
 * Medusa refreshes the cart afterwards: `methodsAfterRefresh` over what is left and what is new.
 *
 * @param methods  all of the cart
 * @throws CartIncomplete, OptionsNotOffered, OptionsWithoutPrice; in the order in which Medusa finds out
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/add-shipping-method-to-cart.js`
 */
export function methodsForOptions(
  chosen: readonly ChosenOption[],
  methods: readonly Pick<ShippingMethod, "id" | "shipping_option_id">[],
  reference: ShippingReference,
  question: ChargeQuestion,
): ChosenMethods | LeftToMedusa {
  if (chosen.length === 0) return new LeftToMedusa("no_options")
  const ids = [...new Set(chosen.map((it) => it.option_id))]
  const offered = chargedOptions(ids, reference, question)
  if (offered instanceof LeftToMedusa) return offered
  const byId = new Map(offered.map((it) => [it.option.id, it]))
  const notOffered = ids.filter((it) => !byId.has(it))
  if (notOffered.length > 0) throw new OptionsNotOffered(notOffered)
  const priceless = offered.filter((it) => !it.price)
  if (priceless.length > 0) throw new OptionsWithoutPrice(priceless.map((it) => it.option.id))
  if (!offered.every((it) => it.option.provider_id?.startsWith(MANUAL))) return new LeftToMedusa("provider")
  if (methods.some((it) => it.shipping_option_id === null)) return new LeftToMedusa("method_without_option")

  const profiles = new Set(offered.map((it) => it.option.shipping_profile_id))
  const isReplaced = ({ shipping_option_id }: Pick<ShippingMethod, "shipping_option_id">) => {
    const profile = reference.profiles.get(shipping_option_id ?? "")
    return !profile || profiles.has(profile)
  }
  // Of the same option twice both take the data of the first.
  const dataOf = (id: string) => chosen.find((it) => it.option_id === id)?.data ?? {}
  return {
    created: chosen.flatMap(({ option_id }) => {
      const { option, price } = byId.get(option_id) ?? {}
      const data = dataOf(option_id)
      return option && price ? [{ shipping_option_id: option_id, name: option.name, ...price, data }] : []
    }),
    removed: methods.filter(isReplaced).map((it) => it.id),
  }
}

/** The manual provider takes any data as it is, under whichever name it is configured. */
const MANUAL = "manual_"
