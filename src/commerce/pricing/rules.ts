import type { AttributeValue, PricingContext } from "./context.ts"

/** A row of `price_rule`. */
export interface PriceRule {
  attribute: string
  operator: string
  value: string
}

/** A row of `price_list_rule`; `value` is JSON, as a rule a list of strings. */
export interface PriceListRule {
  attribute: string
  value: unknown
}

/** A price rule, parsed. */
export interface RuleTest {
  readonly attribute: string
  readonly operator: string
  readonly value: string
  /** Not a number where Postgres would not take the text for one; then no comparison holds. */
  readonly threshold: number
}

/** A price list's rule, parsed: one of these values must be there. */
export interface ListRuleTest {
  readonly attribute: string
  readonly values: ReadonlySet<unknown>
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i

export function digestRule({ attribute, operator, value }: PriceRule): RuleTest {
  return { attribute, operator, value, threshold: NUMBER.test(value) ? Number(value) : Number.NaN }
}

export function digestListRule({ attribute, value }: PriceListRule): ListRuleTest {
  return { attribute, values: new Set(Array.isArray(value) ? value : [value]) }
}

/**
 * How many of a price's rules the context meets.
 *
 * Only a number is compared by the rule's operator. Of anything else the text must be the rule's, or that of one
 * element of a list, whatever the operator says.
 *
 * Where a rule compares with something that is no number ("gt", "abc") Medusa's query fails in Postgres; here the rule
 * is not met. Numbers are compared as doubles: from the 16th digit on they are the same.
 *
 * @source Medusa 2.21 `pricing/dist/repositories/pricing.js`, `priceRuleMatchConditions`
 */
export function countMatches(rules: readonly RuleTest[], context: PricingContext): number {
  let matches = 0
  for (const rule of rules) {
    const value = context.attributes.get(rule.attribute)
    if (value !== undefined && meets(value, rule)) matches++
  }
  return matches
}

function meets(value: AttributeValue, rule: RuleTest): boolean {
  if (typeof value === "number") return compares(value, rule)
  if (typeof value === "object") return value.some((element) => String(element) === rule.value)
  // Medusa drops what is empty from the context.
  return value !== "" && String(value) === rule.value
}

function compares(value: number, { operator, value: text, threshold }: RuleTest): boolean {
  switch (operator) {
    case "eq":
      return String(value) === text
    case "gt":
      return value > threshold
    case "gte":
      return value >= threshold
    case "lt":
      return value < threshold
    case "lte":
      return value <= threshold
    default:
      return false
  }
}

/**
 * How many of a price list's rules the context meets. Types count here: the number 5 is not the text "5".
 *
 * @source Medusa 2.21 `pricing/dist/repositories/pricing.js`, `priceListRuleMatchConditions` (`jsonb @>`)
 */
export function countListMatches(rules: readonly ListRuleTest[], context: PricingContext): number {
  let matches = 0
  for (const { attribute, values } of rules) {
    const value = context.attributes.get(attribute)
    if (value === undefined || value === "") continue
    if (typeof value === "object" ? value.some((element) => values.has(element)) : values.has(value)) matches++
  }
  return matches
}
