import { BigNumber } from "bignumber.js"
import type { PromotionCart } from "./cart.ts"
import { flattenObjectToKeyValuePairs } from "./medusa.ts"
import type { PromotionRule } from "./promotion.ts"

/** What a cart has at each attribute, over all lines; undefined where it has nothing at all. */
export type AttributeValues = (attribute: string) => Found | undefined

export interface Found {
  readonly strings: ReadonlySet<string>
  /** The least and the greatest of what are numbers; undefined without any. */
  readonly numbers: { readonly least: number; readonly greatest: number } | undefined
}

/**
 * Flattens a cart as Medusa does, but only what is asked for: of lines, methods and the cart the keys in question, each
 * once. Nothing of a line depends on its other keys.
 *
 * @source Medusa 2.21 `promotion/dist/utils/compute-actions/build-promotion-rule-query-filter-from-context.js`
 */
export function attributeValues(cart: PromotionCart): AttributeValues {
  const flattened = new Map<string, Map<string, Found>>()
  return (attribute) => {
    const [prefix, part] = partOf(attribute, cart)
    const [key = ""] = attribute.slice(prefix.length).split(".", 1)
    let values = flattened.get(prefix + key)
    if (!values) {
      values = flatten(prefix, key, part)
      flattened.set(prefix + key, values)
    }
    return values.get(attribute)
  }
}

function partOf(attribute: string, cart: PromotionCart): [prefix: string, part: object] {
  if (attribute.startsWith("items.")) return ["items.", cart.items]
  if (attribute.startsWith("shipping_methods.")) return ["shipping_methods.", cart.shipping_methods]
  return ["", attribute === "items" || attribute === "shipping_methods" ? {} : cart]
}

function flatten(prefix: string, key: string, part: object): Map<string, Found> {
  const pick = (it: object) => (key in it ? { [key]: it[key as never] as unknown } : {})
  const picked = Array.isArray(part) ? part.map(pick) : pick(part)
  const values = new Map<string, Found>()
  for (const [path, value] of Object.entries(flattenObjectToKeyValuePairs(picked))) {
    values.set(prefix + path, digest(Array.isArray(value) ? value : [value]))
  }
  return values
}

function digest(values: readonly unknown[]): Found {
  const numbers = values.map(Number).filter((it) => !Number.isNaN(it))
  return {
    strings: new Set(values.map(String)),
    numbers: numbers.length ? { least: Math.min(...numbers), greatest: Math.max(...numbers) } : undefined,
  }
}

/**
 * Whether a cart may meet a rule of an automatic promotion, as Medusa asks the database before it looks closer. This is
 * stricter than the rule: what the cart does not have cannot be met at all, not even by being another (`ne`), and every
 * value of a comparison must be possible.
 *
 * @source see `attributeValues`
 */
export function isPossible({ attribute, operator, values }: PromotionRule, cart: AttributeValues): boolean {
  const found = cart(attribute)
  if (!found) return false
  const { strings, numbers } = found
  if (operator === "eq" || operator === "in") return !strings.size || values.some(({ value }) => strings.has(value))
  if (!numbers) return true
  const { least, greatest } = numbers
  switch (operator) {
    case "gt":
      return values.every(({ value }) => new BigNumber(value).lt(greatest))
    case "gte":
      return values.every(({ value }) => strings.has(value) || new BigNumber(value).lte(greatest))
    case "lt":
      return values.every(({ value }) => new BigNumber(value).gt(least))
    case "lte":
      return values.every(({ value }) => strings.has(value) || new BigNumber(value).gte(least))
    default:
      return true
  }
}

/** Whether Postgres takes a text for a `decimal`, in any version, and we read it as the same number. */
export function isNumber(text: string): boolean {
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
}
