import { type Filters, InvalidSearch } from "../engine.ts"
import {
  type Place as AnyPlace,
  isNumber,
  operatorsOf,
  placeOf,
  requireList,
  requireOne,
  requireText,
  toNumber,
  withoutField,
} from "../filters.ts"
import { SET_FIELDS, toMember } from "./row.ts"

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
  const at = { ...placeOf(name), values }
  return all(operatorsOf(name, given).map(([operator, value]) => apply(at, operator, value)))
}

interface Place extends AnyPlace {
  values: Values
}

const COMPARISONS = { $lt: "<", $lte: "<=", $gt: ">", $gte: ">=" }

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
    case "$lte":
    case "$gt":
    case "$gte":
      return compare(requireOne(at, operator), COMPARISONS[operator], value)
    case "$overlaps":
      return oneOf(requireList(at, operator), list)
    case "$contains":
      return containsAll(requireList(at, operator), list)
    case "$prefix":
      return textCondition(
        requireText(at, operator).name,
        (text) => `starts_with(${text}, ${at.values.add(clean(value), "text")})`,
      )
    case "$like":
      return textCondition(
        requireText(at, operator).name,
        (text) => `strpos(${text}, ${at.values.add(clean(value), "text")}) > 0`,
      )
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
  const { name, values } = at
  if (name === "status") return list.includes("published") ? "true" : "false"
  if (isNumber(at)) {
    return `coalesce(${numberOf(name, values)} = any(${values.add(
      list.map((it) => toNumber(at, it)),
      "float8[]",
    )}), false)`
  }
  if (isSet(name)) return inSets(name, `members && ${values.add(list.map(toMember), "text[]")}`)
  const texts = values.add(list.map(clean), "text[]")
  return name === "id" ? `product_id = any(${texts})` : has(name, `value = any(${texts})`)
}

function containsAll({ name, values }: Place, list: unknown[]): string {
  if (isSet(name)) return inSets(name, `members @> ${values.add(list.map(toMember), "text[]")}`)
  const texts = values.add(list.map(clean), "text[]")
  return `((product_id in (select product_id from (${OWN[name]}) own where value = any(${texts})
    group by product_id having count(distinct value) = ${new Set(list.map(clean)).size})) is true)`
}

function compare(at: Place, operator: string, value: unknown): string {
  const { name, values } = at
  if (isNumber(at)) {
    return `coalesce(${numberOf(name, values)} ${operator} ${values.add(toNumber(at, value), "float8")}, false)`
  }
  return textCondition(name, (text) => `${text} ${operator} ${values.add(clean(value), "text")} collate "C"`)
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
  const isChosen = (it: Filters) =>
    fields.some((field) => JSON.stringify(withoutField(it, field)) !== JSON.stringify(it))
  return { common: conditions.filter((it) => !isChosen(it)), chosen: conditions.filter(isChosen) }
}

function conjuncts(filters: Filters): Filters[] {
  return Object.entries(filters).flatMap(([key, value]) =>
    key === "$and" ? (value as Filters[]).flatMap(conjuncts) : value === undefined ? [] : [{ [key]: value }],
  )
}
