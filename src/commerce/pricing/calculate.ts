import type { PricingContext } from "./context.ts"
import type { DigestedPrice, PreparedPrices } from "./price.ts"
import { type ActiveList, applies, type PriceListType, type PricingReference } from "./reference.ts"
import { countMatches } from "./rules.ts"

/** Which price it was. */
export interface ChosenPrice {
  id: string | null
  price_list_id: string | null
  price_list_type: PriceListType | null
  min_quantity: number | null
  max_quantity: number | null
}

/** `variants.calculated_price` as Medusa's Store API shows it, key for key in its order. */
export interface CalculatedPrice {
  /** The price set. */
  id: string
  is_calculated_price_price_list: boolean
  is_calculated_price_tax_inclusive: boolean
  calculated_amount: number | null
  raw_calculated_amount: unknown
  is_original_price_price_list: boolean
  is_original_price_tax_inclusive: boolean
  original_amount: number | null
  raw_original_amount: unknown
  currency_code: string | null
  calculated_price: ChosenPrice
  original_price: ChosenPrice
}

/**
 * What a shopper pays for one of a variant, and what it would be without the sale.
 *
 * Of the base prices, and of those of the price lists that hold now, the one with the most rules met counts (a list's
 * own rules included), then the lowest. If the best list price is of an override list, it is the price. If it is of a
 * sale, it is the price unless the base price is lower; the original price is then the best override, else the base.
 *
 * Equally good prices (as many rules, the same amount): Medusa leaves the choice to Postgres, which is free in it. Here
 * the first one in the order given to `prepare` wins. Amounts are compared as doubles: from the 16th digit on they are
 * the same.
 *
 * @param now  by this process's clock; Medusa goes by that of the database
 * @returns null when there is no price for this shopper, where Medusa shows null too
 * @source Medusa 2.21 `pricing/dist/services/pricing-module.js` (`calculatePrices`) and
 *         `pricing/dist/repositories/pricing.js`
 */
export function calculatePrice(
  priceSetId: string,
  prices: PreparedPrices,
  reference: PricingReference,
  context: PricingContext,
  now: Date,
): CalculatedPrice | null {
  const moment = now.getTime()
  let base: DigestedPrice | undefined
  let listed: DigestedPrice | undefined
  let listedIn: ActiveList | undefined
  let override: DigestedPrice | undefined
  let overrideIn: ActiveList | undefined
  for (const price of prices.get(context.currency_code.toLowerCase()) ?? []) {
    if (!isForQuantity(price, context.quantity) || !isForShopper(price, context)) continue
    if (price.price_list_id === null) {
      if (isBetter(price, undefined, base, undefined)) base = price
      continue
    }
    const list = reference.lists.get(price.price_list_id)
    if (!list || !applies(list, context, moment)) continue
    if (isBetter(price, list, listed, listedIn)) {
      listed = price
      listedIn = list
    }
    if (list.type === "override" && isBetter(price, list, override, overrideIn)) {
      override = price
      overrideIn = list
    }
  }

  const winsOverBase =
    listed !== undefined && (listedIn?.type === "override" || base === undefined || listed.amount <= base.amount)
  const calculated = winsOverBase ? listed : base
  if (calculated === undefined) return null
  const calculatedIn = winsOverBase ? listedIn : undefined
  const original = override ?? base
  return {
    id: priceSetId,
    is_calculated_price_price_list: calculatedIn !== undefined,
    is_calculated_price_tax_inclusive: isTaxInclusive(calculated, reference, context),
    calculated_amount: calculated.amount,
    raw_calculated_amount: calculated.raw_amount,
    is_original_price_price_list: overrideIn !== undefined,
    is_original_price_tax_inclusive: original !== undefined && isTaxInclusive(original, reference, context),
    original_amount: original?.amount ?? null,
    raw_original_amount: original?.raw_amount ?? null,
    currency_code: calculated.currency_code,
    calculated_price: chosen(calculated, calculatedIn),
    original_price: chosen(original, overrideIn),
  }
}

/** Without a quantity, a price holds that can be had for one, though it may end below (Medusa asks no more). */
function isForQuantity(price: DigestedPrice, quantity: number | undefined): boolean {
  return quantity === undefined ? price.from <= 1 : price.from <= quantity && quantity <= price.upTo
}

function isForShopper(price: DigestedPrice, context: PricingContext): boolean {
  return price.rules_count === 0 || countMatches(price.rules, context) === price.rules_count
}

/** @source Medusa 2.21 `pricing/dist/repositories/pricing.js`, `orderByRaw` */
function isBetter(
  price: DigestedPrice,
  list: ActiveList | undefined,
  than: DigestedPrice | undefined,
  thanIn: ActiveList | undefined,
): boolean {
  if (than === undefined) return true
  const rules = price.rules_count + (list?.rules_count ?? 0)
  const thanRules = than.rules_count + (thanIn?.rules_count ?? 0)
  return rules === thanRules ? price.amount < than.amount : rules > thanRules
}

/**
 * A price that is for this region follows the region's preference, if there is one; any other its currency's.
 *
 * @source Medusa 2.21 `pricing/dist/services/pricing-module.js`, `isTaxInclusive`; preferences are looked up with the
 *         currency as the context writes it
 */
function isTaxInclusive(price: DigestedPrice, reference: PricingReference, context: PricingContext): boolean {
  if (context.region_id !== undefined && price.regions.includes(context.region_id)) {
    const ofRegion = reference.taxInclusiveRegions.get(context.region_id)
    if (ofRegion !== undefined) return ofRegion
  }
  if (price.currency_code !== context.currency_code) return false
  return reference.taxInclusiveCurrencies.get(price.currency_code) ?? false
}

function chosen(price: DigestedPrice | undefined, list: ActiveList | undefined): ChosenPrice {
  return {
    id: price?.id ?? null,
    price_list_id: list?.id ?? null,
    price_list_type: list?.type ?? null,
    min_quantity: price?.min_quantity ?? null,
    max_quantity: price?.max_quantity ?? null,
  }
}
