import { BeyondEngine, type Filters, InvalidSearch } from "../engine.ts"
import {
  isNumber,
  operatorsOf,
  type Place,
  placeOf,
  requireList,
  requireOne,
  requireText,
  toNumber,
} from "../filters.ts"

/**
 * A condition that Meilisearch understands. Every value is quoted, so none can be an operator or end the condition.
 *
 * Meilisearch compares texts without regard to case. What it cannot do (`$like`: a part of a text, which is
 * experimental there) is left to another engine.
 *
 * @throws UnknownSearchField
 * @throws InvalidSearch
 * @throws BeyondEngine for `$like`
 * @source https://www.meilisearch.com/docs/learn/filtering_and_sorting/filter_expression_reference
 */
export function toFilter(filters: Filters): string | undefined {
  const parts = Object.entries(filters).map(([key, value]) => {
    if (value === undefined) return undefined
    if (key === "$and") return all((value as Filters[]).map(toFilter))
    // Nothing to choose from is no condition, as in Medusa.
    if (key === "$or") return any((value as Filters[]).map((it) => toFilter(it) ?? EVERYTHING))
    if (key === "$not") return `NOT (${toFilter(value as Filters) ?? EVERYTHING})`
    return fieldFilter(key, value)
  })
  return all(parts)
}

const EVERYTHING = "id EXISTS"
const NOTHING = "id NOT EXISTS"

/** All of these; undefined when they are no conditions. */
export function all(parts: (string | undefined)[]): string | undefined {
  const some = parts.filter((it) => it !== undefined)
  return some.length > 1 ? some.map((it) => `(${it})`).join(" AND ") : some[0]
}
const any = (parts: string[]) => (parts.length > 1 ? parts.map((it) => `(${it})`).join(" OR ") : parts[0])

/** A text as a value: quotes and backslashes in it are escaped, everything else stands for itself. */
export const quote = (value: unknown): string => `"${String(value).replace(/["\\]/g, "\\$&")}"`

/** One of these values; no values are found nowhere. */
export const among = (field: string, values: readonly unknown[]): string =>
  values.length === 0 ? NOTHING : `${field} IN [${values.map(quote).join(", ")}]`

function fieldFilter(name: string, given: unknown): string | undefined {
  const at = placeOf(name)
  return all(operatorsOf(name, given).map(([operator, value]) => apply(at, operator, value)))
}

const COMPARISONS: Record<string, string> = { $lt: "<", $lte: "<=", $gt: ">", $gte: ">=" }

function apply(at: Place, operator: string, value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : [value]
  switch (operator) {
    case "$eq":
    case "$in":
      return oneOf(at, list)
    case "$ne":
    case "$nin":
      return `NOT (${oneOf(at, list)})`
    case "$exists":
      return value ? `NOT (${isEmpty(at)})` : isEmpty(at)
    case "$lt":
    case "$lte":
    case "$gt":
    case "$gte":
      return compare(at, operator, value)
    case "$overlaps":
      return oneOf(requireList(at, operator), list)
    case "$contains":
      return all(list.map((it) => `${requireList(at, operator).name} = ${quote(it)}`)) ?? EVERYTHING
    case "$prefix":
      return `${requireText(at, operator).name} STARTS WITH ${quote(value)}`
    case "$like":
      requireText(at, operator)
      throw new BeyondEngine("Meilisearch does not look for parts of texts")
    default:
      throw new InvalidSearch(`The search does not support operator "${operator}" on "${at.name}"`)
  }
}

/** Has one of the values; null stands for none at all. */
function oneOf(at: Place, list: unknown[]): string {
  const some = list.filter((it) => it !== null && it !== undefined)
  const parts = some.length < list.length ? [isEmpty(at)] : []
  if (some.length > 0) parts.push(among(at.name, isNumber(at) ? some.map((it) => toNumber(at, it)) : some))
  return any(parts) ?? NOTHING
}

function isEmpty({ name, field }: Place): string {
  if (field.array) return `${name} IS EMPTY`
  return field.kind === "number" ? `${name} NOT EXISTS` : `${name} IS NULL`
}

function compare(at: Place, operator: string, value: unknown): string {
  const { name } = requireOne(at, operator)
  return `${name} ${COMPARISONS[operator]} ${quote(isNumber(at) ? toNumber(at, value) : value)}`
}
