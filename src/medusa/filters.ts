import { and, type Column, or, type SQL, type SQLWrapper, sql } from "drizzle-orm"

/** What a column is compared with. `null` is how Medusa reads the word `null` in a query string. */
export type FilterValue = string | boolean | null

/** Each of them must hold. */
export interface FilterOperators {
  $eq?: FilterValue
  $ne?: FilterValue
  $in?: FilterValue[]
  $nin?: FilterValue[]
  $like?: FilterValue
  $ilike?: FilterValue
  $re?: FilterValue
  $gt?: FilterValue
  $gte?: FilterValue
  $lt?: FilterValue
  $lte?: FilterValue
}

/** A filter of one column: its value, or one of its values, or operators. */
export type ColumnFilter = FilterValue | FilterValue[] | FilterOperators

/** Filters of columns by their names; each must hold, and each of `$and`, and one of `$or`. */
export type Filters<Name extends string = string> = { [name in Name]?: ColumnFilter | undefined } & {
  $and?: Filters<Name>[] | undefined
  $or?: Filters<Name>[] | undefined
}

const COMPARISONS = {
  $like: sql.raw("like"),
  $ilike: sql.raw("ilike"),
  $re: sql.raw("~"),
  $gt: sql.raw(">"),
  $gte: sql.raw(">="),
  $lt: sql.raw("<"),
  $lte: sql.raw("<="),
}

/**
 * The condition that Medusa would put on one column.
 *
 * Only `=` and `!=` know null (`is null`, `is not null`): any other comparison with it is unknown, and so is that with
 * a list that has it: `not in (null, 'x')` lets nothing through. No list and no operator at all are what they say:
 * nothing is in an empty list, everything is outside, and no operator lets everything through.
 *
 * @param column  the values are sent as text and read by Postgres as the column's type
 * @source Medusa 2.21 `utils/dist/modules-sdk/build-query.js`, MikroORM 6.6 `knex/query/QueryBuilderHelper.js`
 */
export function columnCondition(column: Column, filter: ColumnFilter): SQL {
  if (Array.isArray(filter)) return within(column, filter)
  if (filter === null || typeof filter !== "object") return equal(column, filter)
  const conditions = Object.entries(filter).flatMap(([operator, value]) => {
    if (value === undefined) return []
    switch (operator) {
      case "$eq":
        return [equal(column, value)]
      case "$ne":
        return [value === null ? sql`${column} is not null` : sql`${column} != ${value}`]
      case "$in":
        return [within(column, value)]
      case "$nin":
        return [value.length === 0 ? sql`true` : sql`${column} not in ${value}`]
      default:
        return [sql`${column} ${COMPARISONS[operator as keyof typeof COMPARISONS]} ${value}`]
    }
  })
  return and(...conditions) ?? sql`true`
}

const equal = (column: Column, value: FilterValue) =>
  value === null ? sql`${column} is null` : sql`${column} = ${value}`
const within = (column: Column, values: FilterValue[]) =>
  values.length === 0 ? sql`false` : sql`${column} in ${values}`

/**
 * The condition that Medusa would make of all filters of one table.
 *
 * @param columns  the columns by the names that the filters have for them
 * @returns undefined when nothing is filtered
 */
export function filterCondition<Name extends string>(
  columns: Record<Name, Column>,
  filters: Filters<Name>,
): SQL | undefined {
  const own = (Object.keys(columns) as Name[]).flatMap((name) => {
    const filter = (filters as Record<Name, ColumnFilter | undefined>)[name]
    return filter === undefined ? [] : [columnCondition(columns[name], filter)]
  })
  const all = filters.$and?.map((it) => filterCondition(columns, it)) ?? []
  const any = filters.$or?.map((it) => filterCondition(columns, it) ?? sql`true`) ?? []
  return and(...own, ...all, or(...any))
}

/**
 * Medusa's free text search: every word stands in one of the columns, in any case.
 *
 * `%`, `_` and `\` in a word mean to Postgres what they always do in `ilike`: Medusa does not escape them. Words are
 * what is between white space; without any, all is found. A null column has no words.
 *
 * @param columns  searchable ones, of the table and of what is joined to it (see `withJoined`)
 * @returns undefined when nothing is searched for
 * @source Medusa 2.21 `utils/dist/dal/mikro-orm/mikro-orm-free-text-search-filter.js`
 */
export function freeTextCondition(columns: SQLWrapper[], query: string): SQL | undefined {
  const patterns = patternsOf(query)
  if (patterns.length === 0) return undefined
  const isFound = or(...columns.map((column) => sql`${column} ilike word.pattern`))
  // One parameter, however many words somebody sends.
  return sql`not exists (select from unnest(${sql.param(patterns)}::text[]) word (pattern) where (${isFound}) is not true)`
}

/**
 * Patterns that what `freeTextCondition` finds must have, each somewhere: for an index of trigrams.
 *
 * @returns of the longest words; none when no word is long enough for such an index
 */
export function necessaryPatterns(query: string): string[] {
  const pieces = query.split(/[\s%_\\]+/).filter((piece) => HAS_TRIGRAM.test(piece))
  const longest = pieces
    .sort((a, b) => b.length - a.length)
    .map((piece) => `%${[...piece].slice(0, LONGEST_PATTERN).join("")}%`)
  return [...new Set(longest)].slice(0, MOST_PATTERNS)
}
const HAS_TRIGRAM = /[\p{L}\p{N}]{3}/u
const LONGEST_PATTERN = 60
const MOST_PATTERNS = 3

const patternsOf = (query: string) => [...new Set(query.split(/\s+/).filter(Boolean))].map((word) => `%${word}%`)

/**
 * Whether `condition` holds for a row together with one of those joined to it, or alone where there is none.
 *
 * That is Medusa's `left join` for a search, or a filter, that reaches into a relation, without its doubled rows. The
 * join is one: two words may stand one in the product and one in its variant, but not in two of its variants.
 *
 * @example withJoined(product_variant, sql`${product_variant.product_id} = ${product.id} and ${product_variant.deleted_at} is null`,
 *   freeTextCondition([product.title, product_variant.sku], "lino L"))
 */
export function withJoined(table: SQLWrapper, on: SQL, condition: SQL | undefined): SQL {
  return sql`exists (select from (select) as alone left join ${table} on ${on} where ${condition ?? sql`true`})`
}

/**
 * The same filters for rows in memory, as far as they only compare for equality.
 *
 * @param columns  a moment is written in many ways, and is another thing in memory: Postgres compares those
 * @returns undefined when there is more to them, which only Postgres can tell
 */
export function filterInMemory<Name extends string>(
  columns: Record<Name, Column>,
  filters: Filters<NoInfer<Name>>,
): ((row: Record<Name, unknown>) => boolean) | undefined {
  const tests: ((row: Record<Name, unknown>) => boolean)[] = []
  for (const [name, filter] of Object.entries(filters) as [Name, ColumnFilter | Filters<Name>[] | undefined][]) {
    if (filter === undefined) continue
    if (name === "$and" || name === "$or") {
      const parts = (filter as Filters<Name>[]).map((it) => filterInMemory(columns, it))
      if (!parts.every((it) => it !== undefined)) return undefined
      tests.push(name === "$and" ? (row) => parts.every((it) => it(row)) : (row) => parts.some((it) => it(row)))
    } else if (filter === null) {
      tests.push((row) => row[name] === null)
    } else if (columns[name].dataType === "date") return undefined
    else if (Array.isArray(filter)) {
      const values = new Set<unknown>(filter.filter((it) => it !== null))
      tests.push((row) => values.has(row[name]))
    } else if (typeof filter !== "object") {
      tests.push((row) => row[name] === filter)
    } else return undefined
  }
  return (row) => tests.every((test) => test(row))
}
