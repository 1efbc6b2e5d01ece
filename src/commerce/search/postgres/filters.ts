import { type Filters, InvalidSearch, UnknownSearchField } from "../engine.ts"
import { type SearchField, searchField } from "../fields.ts"
import { SET_FIELDS } from "./row.ts"

/** Values of one statement, in the order of their `$1`, `$2`. */
export class Values {
  readonly list: unknown[] = []
  /** @returns the place of the value in the statement */
  add(value: unknown, type: string): string {
    this.list.push(value)
    return `$${this.list.length}::${type}`
  }
}

/**
 * Filters as a condition on `mostrador.search_product`; every value is a parameter.
 *
 * @returns SQL
 * @throws UnknownSearchField
 * @throws InvalidSearch
 */
export function condition(filters: Filters, values: Values): string {
  const parts = Object.entries(filters).map(([key, value]) => {
    if (value === undefined) return "true"
    if (key === "$and") return all((value as Filters[]).map((it) => condition(it, values)))
    // Nothing to choose from is no condition, as in Medusa.
    if (key === "$or")
      return (value as Filters[]).length === 0 ? "true" : any((value as Filters[]).map((it) => condition(it, values)))
    if (key === "$not") return `(not ${condition(value as Filters, values)})`
    return fieldCondition(key, value, values)
  })
  return all(parts)
}

function all(parts: string[]): string {
  const some = parts.filter((it) => it !== "true")
  return some.length > 1 ? `(${some.join(" and ")})` : (some[0] ?? "true")
}
const any = (parts: string[]) => (parts.length === 0 ? "false" : `(${parts.join(" or ")})`)

function fieldCondition(name: string, given: unknown, values: Values): string {
  const field = searchField(name)
  if (!field?.filterable) throw new UnknownSearchField(name, "filter")
  const at: Place = { name, field, values }
  if (given === null || typeof given !== "object") return oneOf(at, [given])
  if (Array.isArray(given)) return oneOf(at, given)
  const operators = Object.entries(given).filter(([, value]) => value !== undefined)
  if (operators.length === 0 || operators.some(([operator]) => !operator.startsWith("$"))) {
    throw new InvalidSearch(`Empty operator map on filter field "${name}"`)
  }
  return all(operators.map(([operator, value]) => apply(at, operator, value)))
}

interface Place {
  name: string
  field: SearchField
  values: Values
}

function apply(at: Place, operator: string, value: unknown): string {
  const list = Array.isArray(value) ? value : [value]
  switch (operator) {
    case "$eq":
    case "$in":
      return oneOf(at, list)
    case "$ne":
    case "$nin":
      return `(not ${oneOf(at, list)})`
    case "$exists":
      return value ? `(not ${isEmpty(at)})` : isEmpty(at)
    case "$lt":
      return compare(at, "<", value)
    case "$lte":
      return compare(at, "<=", value)
    case "$gt":
      return compare(at, ">", value)
    case "$gte":
      return compare(at, ">=", value)
    case "$overlaps":
      return oneOf(requireList(at, operator), list)
    case "$contains":
      return containsAll(requireList(at, operator), list)
    case "$prefix":
      return likes(at, operator, (text) => `starts_with(${text}, ${at.values.add(clean(value), "text")})`)
    case "$like":
      return likes(at, operator, (text) => `strpos(${text}, ${at.values.add(clean(value), "text")}) > 0`)
    default:
      throw new InvalidSearch(`The search does not support operator "${operator}" on "${at.name}"`)
  }
}

/** Has one of the values; null stands for none at all. */
function oneOf(at: Place, list: unknown[]): string {
  const some = list.filter((it) => it !== null && it !== undefined)
  const parts = some.length < list.length ? [isEmpty(at)] : []
  if (some.length > 0) parts.push(hasOne(at, some))
  return any(parts)
}

function hasOne(at: Place, list: unknown[]): string {
  const { name, field, values } = at
  if (name === "status") return list.includes("published") ? "true" : "false"
  if (field.kind === "number" || field.kind === "date") {
    return `coalesce(${numberOf(name, values)} = any(${values.add(
      list.map((it) => toNumber(at, it)),
      "float8[]",
    )}), false)`
  }
  const texts = values.add(list.map(clean), "text[]")
  if (isSet(name)) return inSets(name, `members && ${texts}`)
  return name === "id" ? `product_id = any(${texts})` : has(name, `value = any(${texts})`)
}

function containsAll({ name, values }: Place, list: unknown[]): string {
  const texts = values.add(list.map(clean), "text[]")
  if (isSet(name)) return inSets(name, `members @> ${texts}`)
  return `((product_id in (select product_id from (${OWN[name]}) own where value = any(${texts})
    group by product_id having count(distinct value) = ${new Set(list.map(clean)).size})) is true)`
}

function compare(at: Place, operator: "<" | "<=" | ">" | ">=", value: unknown): string {
  const { name, field, values } = at
  if (field.array) throw new InvalidSearch(`Operator "${operator}" is not supported on array field "${name}"`)
  if (field.kind === "number" || field.kind === "date") {
    return `coalesce(${numberOf(name, values)} ${operator} ${values.add(toNumber(at, value), "float8")}, false)`
  }
  return textCondition(name, (text) => `${text} ${operator} ${values.add(clean(value), "text")} collate "C"`)
}

function likes({ name, field }: Place, operator: string, make: (text: string) => string): string {
  if (field.array) throw new InvalidSearch(`Operator "${operator}" is not supported on array field "${name}"`)
  if (field.kind === "number" || field.kind === "date") {
    throw new InvalidSearch(`Operator "${operator}" is not supported on number field "${name}"`)
  }
  return textCondition(name, make)
}

function textCondition(name: string, make: (text: string) => string): string {
  if (name === "status") return `coalesce(${make("'published'::text")}, false)`
  if (isSet(name)) return inSets(name, make("members[1]"))
  return name === "id" ? make("product_id") : has(name, make("value"))
}

function isEmpty({ name, field, values }: Place): string {
  if (isSet(name)) return inSets(name, `members = '{}'`)
  if (field.array) return `(not ${has(name, "true")})`
  return field.kind === "number" ? `${numberOf(name, values)} is null` : "false"
}

/** A field as a number of `search_product`: a date in milliseconds, or a price, null where it has none. */
export function numberOf(name: string, values: Values): string {
  if (!name.startsWith("price.")) return name === "created_at" ? "created_at" : "updated_at"
  return `(price -> ${values.add(name.slice("price.".length), "text")})::float8`
}

/** A field's value as its numbers are kept. */
function toNumber({ name, field }: Place, value: unknown): number {
  const number = field.kind === "date" && typeof value === "string" ? Date.parse(value) : Number(value)
  if (Number.isNaN(number)) throw new InvalidSearch(`Cannot cast filter value for "${name}" to a number`)
  return number
}

function requireList(at: Place, operator: string): Place {
  if (!at.field.array) throw new InvalidSearch(`Operator ${operator} on "${at.name}" needs an array field`)
  return at
}

/** What belongs to one product alone, where Medusa keeps it. */
const OWN: Record<string, string> = {
  title: "select id as product_id, title as value from product",
  handle: "select id as product_id, handle as value from product",
  variant_ids: "select product_id, id as value from product_variant where deleted_at is null",
  skus: "select product_id, sku as value from product_variant where deleted_at is null and sku is not null",
  barcodes: `select product_id, barcode as value from product_variant where deleted_at is null and barcode is not null
    union all select product_id, ean from product_variant where deleted_at is null and ean is not null
    union all select product_id, upc from product_variant where deleted_at is null and upc is not null`,
  option_value_ids: `select product_id, option_value_id as value from product_variant_option
    join product_variant on product_variant.id = variant_id where deleted_at is null`,
}
const has = (name: string, where: string) =>
  `((product_id in (select product_id from (${OWN[name]}) own where ${where})) is true)`

/**
 * `is true` keeps Postgres from making a join of it, for which it would read products again for each set: so the sets
 * are hashed once, and each product looks its number up.
 */
export const inSets = (name: string, where: string) =>
  `((${name} in (select id from mostrador.search_set where field = '${name}' and ${where})) is true)`
const isSet = (name: string) => (SET_FIELDS as readonly string[]).includes(name)
/** Postgres has no text with a zero byte in it; nothing equals one. */
const clean = (value: unknown) => String(value).replaceAll("\0", "\uFFFD")

/**
 * Filters apart: those that hold for every count, and those on fields of disjunctive facets, which each facet counts
 * without its own.
 */
export function split(filters: Filters | undefined, fields: string[]): { common: Filters[]; chosen: Filters[] } {
  const conditions = conjuncts(filters ?? {})
  const isChosen = (it: Filters) => fields.some((field) => JSON.stringify(without(it, field)) !== JSON.stringify(it))
  return { common: conditions.filter((it) => !isChosen(it)), chosen: conditions.filter(isChosen) }
}

function conjuncts(filters: Filters): Filters[] {
  return Object.entries(filters).flatMap(([key, value]) =>
    key === "$and" ? (value as Filters[]).flatMap(conjuncts) : value === undefined ? [] : [{ [key]: value }],
  )
}

/**
 * Filters without any condition on this field, wherever it stands in them.
 *
 * @source Medusa 2.21 `search/dist/utils/index.js`, `withoutFieldFilter`
 */
export function without(filters: Filters, field: string): Filters {
  const left = Object.entries(filters).flatMap(([key, value]): [string, Filters[string]][] => {
    if (key === field) return []
    if (key === "$and" || key === "$or") {
      const branches = (value as Filters[]).map((it) => without(it, field)).filter((it) => Object.keys(it).length > 0)
      return branches.length > 0 ? [[key, branches]] : []
    }
    if (key === "$not") {
      const inner = without(value as Filters, field)
      return Object.keys(inner).length > 0 ? [[key, inner]] : []
    }
    return [[key, value]]
  })
  return Object.fromEntries(left)
}
