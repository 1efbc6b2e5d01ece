/** A row of `shipping_option_rule`; `value` is JSON. */
export interface ShippingOptionRule {
  attribute: string
  value: unknown
  operator: string
}

/** What a shipping option's rules are held against. */
export interface ShippingSituation {
  /** The goods come back. */
  is_return: boolean
}

/** A rule that is known to be understood. */
export type RuleTest = (situation: ShippingSituation) => boolean

/**
 * The rules of a shipping option, all of which must hold for it to be offered.
 *
 * @returns undefined when there is one at which Medusa fails, or looks into what an attribute is made of
 */
export function digestRules(rules: readonly ShippingOptionRule[]): RuleTest[] | undefined {
  return rules.every(isPlain) ? rules.map((rule) => (situation) => holds(rule, situation)) : undefined
}

function isPlain({ attribute, operator, value }: ShippingOptionRule): boolean {
  const isPath = attribute.includes(".") || attribute in {}
  const needsList = operator === "in" || operator === "nin"
  return !isPath && (!needsList || typeof value === "string" || Array.isArray(value))
}

/**
 * An attribute is held against a rule as text: the number or boolean of a rule is never equal to it, a list in the form
 * of a text has each part of that text, and what nobody knows is the word `undefined`. None of the known texts is a
 * number or a date, so that no comparison holds.
 *
 * @source Medusa 2.21 `fulfillment/dist/utils/utils.js`, `isContextValid`
 */
function holds({ attribute, operator, value }: ShippingOptionRule, { is_return }: ShippingSituation): boolean {
  const known: Record<string, string> = { is_return: String(is_return), enabled_in_store: "true" }
  const text = known[attribute] ?? "undefined"
  switch (operator) {
    case "eq":
      return value === text
    case "ne":
      return value !== text
    case "in":
      return (value as string | unknown[]).includes(text)
    case "nin":
      return !(value as string | unknown[]).includes(text)
    default:
      return false
  }
}
