import { type Filters, InvalidSearch, UnknownSearchField } from "./engine.ts"
import { type SearchField, searchField } from "./fields.ts"

/** What every engine asks of a filter before it makes its own of it. */

/** The field that a condition is about. */
export interface Place {
  name: string
  field: SearchField
}

/** @throws UnknownSearchField */
export function placeOf(name: string): Place {
  const field = searchField(name)
  if (!field?.filterable) throw new UnknownSearchField(name, "filter")
  return { name, field }
}

/**
 * A condition as operators and what they compare with; all of them must hold.
 *
 * @throws InvalidSearch when it is a map of something else
 */
export function operatorsOf(name: string, given: unknown): [operator: string, value: unknown][] {
  if (Array.isArray(given)) return [["$in", given]]
  if (given === null || typeof given !== "object") return [["$eq", given]]
  const operators = Object.entries(given).filter(([, value]) => value !== undefined)
  if (operators.length === 0 || operators.some(([operator]) => !operator.startsWith("$"))) {
    throw new InvalidSearch(`Empty operator map on filter field "${name}"`)
  }
  return operators
}

export const isNumber = ({ field }: Place) => field.kind === "number" || field.kind === "date"

/** @throws InvalidSearch unless the field has many values */
export function requireList<At extends Place>(at: At, operator: string): At {
  if (!at.field.array) throw new InvalidSearch(`Operator ${operator} on "${at.name}" needs an array field`)
  return at
}

/** @throws InvalidSearch when the field has many values */
export function requireOne<At extends Place>(at: At, operator: string): At {
  if (at.field.array) throw new InvalidSearch(`Operator "${operator}" is not supported on array field "${at.name}"`)
  return at
}

/** @throws InvalidSearch unless the field has one text */
export function requireText<At extends Place>(at: At, operator: string): At {
  if (isNumber(requireOne(at, operator))) {
    throw new InvalidSearch(`Operator "${operator}" is not supported on number field "${at.name}"`)
  }
  return at
}

/**
 * A value as a field's numbers are kept: a date in milliseconds.
 *
 * @throws InvalidSearch
 */
export function toNumber({ name, field }: Place, value: unknown): number {
  const number = field.kind === "date" && typeof value === "string" ? Date.parse(value) : Number(value)
  if (!Number.isFinite(number)) throw new InvalidSearch(`Cannot cast filter value for "${name}" to a number`)
  return number
}

/** A value as a text: Postgres has none with a zero byte in it, and nothing equals one. */
export const toText = (value: unknown) => String(value).replaceAll("\0", "\uFFFD")

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
