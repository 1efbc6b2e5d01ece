import { type Facet, type SearchQuery, UnknownSearchField } from "../engine.ts"
import { searchField } from "../fields.ts"
import { withoutField } from "../filters.ts"
import { condition, inSets, numberOf, split, Values } from "./filters.ts"
import type { Terms } from "./terms.ts"

/** What the statement answers: one row. */
export interface Answer {
  count: number
  hits: { id: string; score: number; price: Record<string, number> }[] | null
  /** A facet of values: `[set, count]`; of ranges: counts; of statistics: `[min, max, avg, sum, count]`. */
  facets: (unknown[] | null)[]
}

/**
 * One statement for all of a query: what matches is found once, and its page and every facet are taken from that.
 *
 * A disjunctive facet counts without its own filter, so what matches may be more than what is found: `found` tells the
 * difference, and `f0`, `f1` ... are the same for each facet.
 */
export function statement(query: SearchQuery, terms: Terms): { text: string; values: unknown[] } {
  const values = new Values()
  const fields = query.disjunctive ? query.facets.map((facet) => facet.field) : []
  const { common, chosen } = split(query.filters, fields)

  const where = [
    inSets("sales_channel_ids", `members && ${values.add(query.channels, "text[]")}`),
    ...(terms.match ? [`words @@ ${values.add(terms.match, "tsquery")}`] : []),
    ...common.map((it) => condition(it, values)),
  ]
  const found = condition({ $and: chosen }, values)
  const relaxed = query.facets.map((facet) => {
    if (!query.disjunctive) return undefined
    const left = chosen.map((it) => withoutField(it, facet.field))
    return JSON.stringify(left) === JSON.stringify(chosen) ? undefined : condition({ $and: left }, values)
  })
  const more = relaxed.filter((it): it is string => it !== undefined)
  // What is found fits each facet's weaker condition, too.
  const wanted = more.length > 0 ? [...new Set(more)] : [found]
  if (chosen.length > 0 && !wanted.includes("true")) where.push(`(${wanted.join(" or ")})`)

  const order = orderOf(query, terms)
  const columns = [
    "product_id",
    `${score(terms, values)} as score`,
    `${found} as found`,
    ...relaxed.flatMap((it, i) => (it === undefined ? [] : [`${it} as f${i}`])),
    ...order.flatMap(({ field }, i) => (field === "_score" ? [] : [`${orderColumn(field, values)} as o${i}`])),
    ...query.facets.map((facet, i) => `${facetColumn(facet, values)} as v${i}`),
  ]
  const sorted = order.map(({ field, direction }, i) => {
    const column = field === "_score" ? "score" : `o${i}`
    return `${column} ${direction === "DESC" ? "desc" : "asc"} nulls last`
  })
  const facets = query.facets.map((facet, i) =>
    facetCount(facet, i, relaxed[i] === undefined ? "found" : `f${i}`, values),
  )

  const text = `
with matched as materialized (
  select ${columns.join(",\n    ")}
  from mostrador.search_product
  where ${where.join("\n    and ")}
), page as (
  select product_id, score from matched where found
  order by ${[...sorted, 'product_id collate "C"'].join(", ")}
  limit ${values.add(query.take, "int8")} offset ${values.add(query.skip, "int8")}
)
select
  (select count(*)::int from matched where found) as count,
  (select json_agg(json_build_object('id', product_id, 'score', score, 'price',
    (select price from mostrador.search_product shown where shown.product_id = page.product_id))) from page) as hits,
  json_build_array(${facets.join(",\n    ")}) as facets`
  return { text, values: values.list }
}

/**
 * How well a product fits, between 0 and 1, in steps that do not overlap: a whole code, a whole title, the beginning of
 * a title, the words as they were typed, and what was found by other forms, synonyms or slips. Within a step the words
 * decide: those of a title weigh more than those of labels, and these more than a description's.
 */
function score(terms: Terms, values: Values): string {
  if (!terms.match) return "0::float8"
  const rank = terms.rank ? `0.3 * ts_rank('{0.1,0.3,0.6,1}', words, ${values.add(terms.rank, "tsquery")}, 32)` : "0"
  const exact = terms.exact ? `(words @@ ${values.add(terms.exact, "tsquery")})::int` : "1"
  const title = terms.title
    ? `case when title = ${values.add(terms.title, "text")} then 0.6
        when starts_with(title, ${values.add(terms.title, "text")}) then 0.38 else 0 end`
    : "0"
  const steps = `(${title} + 0.2 * ${exact} + ${rank})::float8`
  if (!terms.code) return steps
  // Looked up once in the index: hardly any product has it, and every match would be asked.
  const coded = `select product_id from mostrador.search_product where words @@ ${values.add(terms.code, "tsquery")}`
  return `case when (product_id in (${coded})) is true then 1 else ${steps} end`
}

function orderOf(query: SearchQuery, terms: Terms): SearchQuery["order"] {
  if (query.order.length > 0) return query.order
  return terms.match ? [{ field: "_score", direction: "DESC" }] : []
}

function orderColumn(field: string, values: Values): string {
  if (!searchField(field)?.sortable) throw new UnknownSearchField(field, "order")
  return field === "title" ? 'title collate "C"' : numberOf(field, values)
}

function facetColumn(facet: Facet, values: Values): string {
  const field = searchField(facet.field)
  if (!field?.facets.includes(facet.type)) throw new UnknownSearchField(facet.field, "facet")
  return facet.type === "value" ? facet.field : numberOf(facet.field, values)
}

function facetCount(facet: Facet, i: number, where: string, values: Values): string {
  if (facet.type === "value") {
    return `(select json_agg(json_build_array(v, n)) from (select v${i} as v, count(*)::int as n from matched where ${where} group by 1) counted)`
  }
  if (facet.type === "stats") {
    return `(select json_build_array(min(v${i}), max(v${i}), avg(v${i}), coalesce(sum(v${i}), 0), count(v${i})) from matched where ${where})`
  }
  if (facet.ranges.length === 0) return "'[]'::json"
  const counts = facet.ranges.map(({ from, to }) => {
    const bounds = [
      `v${i} is not null`,
      ...(from === undefined ? [] : [`v${i} >= ${values.add(bound(from), "float8")}`]),
      ...(to === undefined ? [] : [`v${i} < ${values.add(bound(to), "float8")}`]),
    ]
    return `count(*) filter (where ${bounds.join(" and ")})`
  })
  return `(select json_build_array(${counts.join(", ")}) from matched where ${where})`
}

/** A bound that is no number bounds nothing in. */
function bound(value: number | string): number {
  const number = Number(value)
  return Number.isNaN(number) ? Date.parse(String(value)) || Number.POSITIVE_INFINITY : number
}
