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
 * Flattens a cart as Medusa does, but only what is asked for: of lines, methods and the cart the path in question, each
 * once. No name of an object depends on its other names.
 *
 * @source Medusa 2.21 `promotion/dist/utils/compute-actions/build-promotion-rule-query-filter-from-context.js`
 */
export function attributeValues(cart: PromotionCart): AttributeValues {
  const found = new Map<string, Found | undefined>()
  return (attribute) => {
    if (!found.has(attribute)) found.set(attribute, valuesAt(attribute, cart))
    return found.get(attribute)
  }
}

function valuesAt(attribute: string, cart: PromotionCart): Found | undefined {
  const [prefix, part] = partOf(attribute, cart)
  const path = attribute.slice(prefix.length)
  const there = prefix === "" ? (part as Record<string, unknown>)[path] : undefined
  // Most rules ask for one of these, which is what it is.
  const isPlain = typeof there === "string" || typeof there === "number"
  const value = isPlain ? there : flattenObjectToKeyValuePairs(only(part, path.split(".")) as object)[path]
  return value === undefined ? undefined : digest(Array.isArray(value) ? value : [value])
}

function partOf(attribute: string, cart: PromotionCart): [prefix: string, part: object] {
  if (attribute.startsWith("items.")) return ["items.", cart.items]
  if (attribute.startsWith("shipping_methods.")) return ["shipping_methods.", cart.shipping_methods]
  return ["", attribute === "items" || attribute === "shipping_methods" ? {} : cart]
}

/** What there is on a path, with the objects and lists around it; of metadata all, whose names may have dots. */
function only(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((it) => only(it, name === undefined ? [] : [name, ...rest]))
  if (name === undefined || typeof value !== "object" || value === null) return value
  if (!(name in value)) return {}
  const there: unknown = value[name as keyof typeof value]
  return { [name]: name === "metadata" ? there : only(there, rest) }
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
