import { type Filters, InvalidSearch, SearchUnavailable, UnknownSearchField } from "../engine.ts"
import { type SearchField, searchField } from "../fields.ts"

/**
 * A condition that Meilisearch understands. Every value is quoted, so none can be an operator or end the condition.
 *
 * Meilisearch compares texts without regard to case. What it cannot do (`$like`: a part of a text, which is
 * experimental there) is left to another engine.
 *
 * @throws UnknownSearchField
 * @throws InvalidSearch
 * @throws SearchUnavailable for `$like`
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

interface Place {
  name: string
  field: SearchField
}

function fieldFilter(name: string, given: unknown): string | undefined {
  const field = searchField(name)
  if (!field?.filterable) throw new UnknownSearchField(name, "filter")
  const at = { name, field }
  if (given === null || typeof given !== "object") return oneOf(at, [given])
  if (Array.isArray(given)) return oneOf(at, given)
  const operators = Object.entries(given).filter(([, value]) => value !== undefined)
  if (operators.length === 0 || operators.some(([operator]) => !operator.startsWith("$"))) {
    throw new InvalidSearch(`Empty operator map on filter field "${name}"`)
  }
  return all(operators.map(([operator, value]) => apply(at, operator, value)))
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
      throw new SearchUnavailable("Meilisearch does not look for parts of texts")
    default:
      throw new InvalidSearch(`The search does not support operator "${operator}" on "${at.name}"`)
  }
}

/** Has one of the values; null stands for none at all. */
function oneOf(at: Place, list: unknown[]): string {
  const some = list.filter((it) => it !== null && it !== undefined)
  const isNumber = at.field.kind === "number" || at.field.kind === "date"
  const parts = some.length < list.length ? [isEmpty(at)] : []
  if (some.length > 0) parts.push(among(at.name, isNumber ? some.map((it) => toNumber(at, it)) : some))
  return any(parts) ?? NOTHING
}

function isEmpty({ name, field }: Place): string {
  if (field.array) return `${name} IS EMPTY`
  return field.kind === "number" ? `${name} NOT EXISTS` : `${name} IS NULL`
}

function compare(at: Place, operator: string, value: unknown): string {
  if (at.field.array) throw new InvalidSearch(`Operator "${operator}" is not supported on array field "${at.name}"`)
  const isNumber = at.field.kind === "number" || at.field.kind === "date"
  return `${at.name} ${COMPARISONS[operator]} ${quote(isNumber ? toNumber(at, value) : value)}`
}

function requireList(at: Place, operator: string): Place {
  if (!at.field.array) throw new InvalidSearch(`Operator ${operator} on "${at.name}" needs an array field`)
  return at
}

function requireText(at: Place, operator: string): Place {
  const { name, field } = at
  if (field.array) throw new InvalidSearch(`Operator "${operator}" is not supported on array field "${name}"`)
  if (field.kind === "number" || field.kind === "date") {
    throw new InvalidSearch(`Operator "${operator}" is not supported on number field "${name}"`)
  }
  return at
}

/** A field's value as its numbers are kept: a date in milliseconds. */
export function toNumber({ name, field }: Place, value: unknown): number {
  const number = field.kind === "date" && typeof value === "string" ? Date.parse(value) : Number(value)
  if (!Number.isFinite(number)) throw new InvalidSearch(`Cannot cast filter value for "${name}" to a number`)
  return number
}

/**
 * Filters without any condition on this field, wherever it stands in them.
 *
 * @source Medusa 2.21 `search/dist/utils/index.js`, `withoutFieldFilter`
 */
export function withoutField(filters: Filters, field: string): Filters {
  const left = Object.entries(filters).flatMap(([key, value]): [string, Filters[string]][] => {
    if (key === field) return []
    if (key === "$and" || key === "$or") {
      const branches = (value as Filters[]).map((it) => withoutField(it, field))
      const some = branches.filter((it) => Object.keys(it).length > 0)
      return some.length > 0 ? [[key, some]] : []
    }
    if (key === "$not") {
      const inner = withoutField(value as Filters, field)
      return Object.keys(inner).length > 0 ? [[key, inner]] : []
    }
    return [[key, value]]
  })
  return Object.fromEntries(left)
}
