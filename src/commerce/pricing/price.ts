import { digestRule, type PriceRule, type RuleTest } from "./rules.ts"

/** One price of a price set, as its row stands in `price`, with its rules out of `price_rule`. */
export interface Price {
  id: string
  /** In the major unit, exact: `numeric` as Postgres writes it, or a number that came through JSON. */
  amount: string | number
  /** Medusa's second copy of the amount; shown, never computed with. */
  raw_amount: unknown
  currency_code: string
  min_quantity: string | number | null
  max_quantity: string | number | null
  price_list_id: string | null
  /** What Medusa believes the number of rules to be; it asks for as many matches. Null never matches. */
  rules_count: number | null
  rules: readonly PriceRule[]
}

/** A price as `calculatePrice` reads it: parsed once, when its price set is loaded. */
export interface DigestedPrice {
  readonly id: string
  readonly amount: number
  readonly raw_amount: unknown
  readonly currency_code: string
  readonly price_list_id: string | null
  /** As Medusa shows it: zero is shown as null. */
  readonly min_quantity: number | null
  readonly max_quantity: number | null
  /** From and up to which quantity it holds; without bounds infinite. */
  readonly from: number
  readonly upTo: number
  readonly rules_count: number
  readonly rules: readonly RuleTest[]
  /** The regions that a rule of it names: there the region's preference about taxes holds. */
  readonly regions: readonly string[]
}

/** The prices of one price set, by currency. */
export type PreparedPrices = ReadonlyMap<string, readonly DigestedPrice[]>

/**
 * Parses the prices of one price set, so that asking for them is only comparing. Keep the result as long as the rows.
 *
 * @param prices  those that are not deleted, with their rules that are not deleted. Their order decides between prices
 *                that Medusa finds equally good (see `calculatePrice`): give them as they were created.
 */
export function prepare(prices: readonly Price[]): PreparedPrices {
  const prepared = new Map<string, DigestedPrice[]>()
  for (const price of prices) {
    if (price.rules_count === null) continue
    const ofCurrency = prepared.get(price.currency_code)
    if (ofCurrency) ofCurrency.push(digest(price, price.rules_count))
    else prepared.set(price.currency_code, [digest(price, price.rules_count)])
  }
  return prepared
}

function digest(price: Price, rulesCount: number): DigestedPrice {
  const minimum = numberOrNull(price.min_quantity)
  const maximum = numberOrNull(price.max_quantity)
  return {
    id: price.id,
    amount: Number(price.amount),
    raw_amount: price.raw_amount,
    currency_code: price.currency_code,
    price_list_id: price.price_list_id,
    min_quantity: minimum || null,
    max_quantity: maximum || null,
    from: minimum ?? Number.NEGATIVE_INFINITY,
    upTo: maximum ?? Number.POSITIVE_INFINITY,
    rules_count: rulesCount,
    rules: price.rules.map(digestRule),
    regions: price.rules.filter((rule) => rule.attribute === "region_id").map((rule) => rule.value),
  }
}

const numberOrNull = (quantity: string | number | null) => (quantity === null ? null : Number(quantity))
