import {
  calculatePrice,
  type Price,
  type PriceList,
  type PricePreference,
  type PricingContext,
  prepare,
  pricingContext,
  pricingReference,
} from "../../../src/commerce/pricing/index.ts"

export const now = new Date("2026-06-01T12:00:00Z")
export const shopper = pricingContext({ currency_code: "eur", region_id: "reg_es" })
export const member = pricingContext({ currency_code: "eur", region_id: "reg_es", customer_groups: ["club", "staff"] })

/** A price of ten euros for everybody, but for what is given. */
export function price(given: Partial<Price> & { id: string }): Price {
  const rules = given.rules ?? []
  return {
    amount: "10",
    raw_amount: { value: String(given.amount ?? "10"), precision: 20 },
    currency_code: "eur",
    min_quantity: null,
    max_quantity: null,
    price_list_id: null,
    rules_count: rules.length,
    ...given,
    rules,
  }
}

/** A sale for everybody without an end, but for what is given. */
export function list(given: Partial<PriceList> & { id: string }): PriceList {
  const rules = given.rules ?? []
  return { type: "sale", status: "active", starts_at: null, ends_at: null, rules_count: rules.length, ...given, rules }
}

export const rule = (attribute: string, operator: string, value: string) => ({ attribute, operator, value })

/** What a variant with these prices costs. */
export function cost(
  prices: Price[],
  given: { lists?: PriceList[]; preferences?: PricePreference[]; context?: PricingContext; at?: Date } = {},
) {
  const reference = pricingReference(given.lists ?? [], given.preferences ?? [])
  return calculatePrice("pset_1", prepare(prices), reference, given.context ?? shopper, given.at ?? now)
}
