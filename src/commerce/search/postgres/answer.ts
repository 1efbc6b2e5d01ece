import { type Facet, type FacetResult, type Filters, type SearchQuery, UnknownSearchField } from "../engine.ts"
import { searchField } from "../fields.ts"
import { split, withoutField } from "../filters.ts"
import { fold } from "../words.ts"
import { type Ask, all, isSetField, type Test, testOf } from "./filters.ts"
import type { Matched } from "./match.ts"
import type { SearchMemory } from "./memory.ts"
import type { Pace } from "./pace.ts"

/** What was found: one page of it, and all of it counted. */
export interface Answer {
  count: number
  hits: { id: string; score: number; price: Record<string, number> }[]
  facets: FacetResult[]
}

/** Conditions that are tried between two looks at the clock. */
const LOOK = 16_384
/** Of a page that ends below, what comes behind it is sorted out on the way. */
const SMALL_PAGE = 1_024

/**
 * Goes through the rows that have the words, or through all, once: narrows them, counts them for every facet and sorts
 * them. A disjunctive facet counts without its own filter.
 *
 * @throws UnknownSearchField
 * @throws InvalidSearch
 * @throws SearchUnavailable
 */
export async function answerOf(
  query: SearchQuery,
  matched: Matched | undefined,
  memory: SearchMemory,
  ask: Ask,
  pace: Pace,
): Promise<Answer> {
  const fields = query.disjunctive ? query.facets.map((facet) => facet.field) : []
  const { common, chosen } = split(query.filters, fields)
  const mine = memory.combinationsWhere("sales_channel_ids", (members) =>
    query.channels.some((it) => members.includes(it)),
  )
  const channels = memory.setsOf("sales_channel_ids")
  const isMine: Test = (row) => mine[channels[row] ?? 0] === 1
  const passes = all([isMine, await testOf({ $and: common }, memory, ask, pace)])
  const isFound = await testOf({ $and: chosen }, memory, ask, pace)
  const counters: { test: Test; counter: Counter }[] = []
  for (const facet of query.facets) {
    const left = chosen.map((it) => withoutField(it, facet.field))
    const isOwn = query.disjunctive && JSON.stringify(left) !== JSON.stringify(chosen)
    const test = isOwn ? await testOf({ $and: left }, memory, ask, pace) : isFound
    counters.push({ test, counter: counterOf(facet, memory) })
  }
  const page = pageOf(query, matched, memory)

  const { ids } = memory
  const look = Math.ceil(LOOK / ((1 + conditionsIn(query.filters)) * (1 + counters.length)))
  let count = 0
  const length = matched ? matched.rows.length : memory.size
  for (let i = 0; i < length; i++) {
    // What changes in a row meanwhile is counted as it is then, or not at all.
    if (i % look === 0 && pace.isOver) await pace.pause()
    const row = matched ? (matched.rows[i] as number) : i
    if (ids[row] === undefined || !passes(row)) continue
    const found = isFound(row)
    if (found) {
      count++
      page.add(i)
    }
    for (const { test, counter } of counters) if (test === isFound ? found : test(row)) counter.add(row)
  }
  const hits = (await page.rows(pace)).map((i) => {
    const row = matched ? (matched.rows[i] as number) : i
    return { id: ids[row] as string, score: matched?.scores[i] ?? 0, price: memory.priceOf(row) }
  })
  return { count, hits, facets: counters.map(({ counter }) => counter.result()) }
}

/** Keeps the places that stand on the page, and those before it, in their order. */
function pageOf(query: SearchQuery, matched: Matched | undefined, memory: SearchMemory) {
  const rowOf = (i: number) => (matched ? (matched.rows[i] as number) : i)
  const orders = query.order.length > 0 || !matched ? query.order : [{ field: "_score", direction: "DESC" as const }]
  const compares = orders.map(({ field, direction }) => {
    const sign = direction === "DESC" ? -1 : 1
    if (field === "_score")
      return (a: number, b: number) => sign * ((matched?.scores[a] ?? 0) - (matched?.scores[b] ?? 0))
    if (!searchField(field)?.sortable) throw new UnknownSearchField(field, "order")
    if (field === "title")
      return (a: number, b: number) => sign * byCode(memory.titles[rowOf(a)], memory.titles[rowOf(b)])
    const column = memory.numbersOf(field)
    return (a: number, b: number) => byNumber(column?.[rowOf(a)], column?.[rowOf(b)], sign)
  })
  const compare = (a: number, b: number) => {
    for (const it of compares) {
      const order = it(a, b)
      if (order !== 0) return order
    }
    return byCode(memory.ids[rowOf(a)], memory.ids[rowOf(b)])
  }

  const most = query.skip + query.take
  let kept: number[] = []
  let last: number | undefined
  return {
    add(i: number) {
      // Sorted out now and then: whoever comes after the last of those that are kept is none of them.
      if (most === 0 || (last !== undefined && compare(i, last) > 0)) return
      kept.push(i)
      if (most > SMALL_PAGE || kept.length < 2 * most + 64) return
      kept = kept.sort(compare).slice(0, most)
      last = kept.at(-1)
    },
    rows: async (pace: Pace) => (await pace.sort(kept, compare)).slice(query.skip, most),
  }
}

/** By UTF-16 units: of what ids and folded titles are made, that is Postgres's `collate "C"`. */
const byCode = (a = "", b = "") => (a < b ? -1 : a > b ? 1 : 0)

/** What has no number comes last, in either direction. */
function byNumber(a = Number.NaN, b = Number.NaN, sign: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return sign * (a - b)
}

interface Counter {
  add(row: number): void
  result(): FacetResult
}

function counterOf(facet: Facet, memory: SearchMemory): Counter {
  const field = searchField(facet.field)
  if (!field?.facets.includes(facet.type)) throw new UnknownSearchField(facet.field, "facet")
  if (facet.type === "value") return valueCounter(facet, memory)
  const column = memory.numbersOf(facet.field)
  return facet.type === "range" ? rangeCounter(facet, column, field.kind === "date") : statsCounter(facet.field, column)
}

function valueCounter(facet: Extract<Facet, { type: "value" }>, memory: SearchMemory): Counter {
  if (!isSetField(facet.field)) throw new UnknownSearchField(facet.field, "facet")
  const column = memory.setsOf(facet.field)
  const counted = new Uint32Array(memory.combinationCount)
  return {
    add(row) {
      const combination = column[row] as number
      counted[combination] = (counted[combination] as number) + 1
    },
    result() {
      const counts = new Map<string, number>()
      for (const [combination, count] of counted.entries()) {
        if (count === 0) continue
        for (const value of memory.membersOf(combination)) counts.set(value, (counts.get(value) ?? 0) + count)
      }
      const begins = fold(facet.query ?? "")
      const values = [...counts]
        .map(([value, count]) => ({ value, count }))
        .filter(({ value }) => begins === "" || fold(value).startsWith(begins))
        .sort((a, b) => (facet.sort === "count" ? b.count - a.count : 0) || byText(a.value, b.value))
      return { field: facet.field, type: "value", values: values.slice(0, facet.limit) }
    },
  }
}

function rangeCounter(
  { field, ranges }: Extract<Facet, { type: "range" }>,
  column: Float64Array | undefined,
  isDate: boolean,
): Counter {
  const bounds = ranges.map(({ from, to }) => ({
    from: from === undefined ? Number.NEGATIVE_INFINITY : bound(from, isDate),
    to: to === undefined ? undefined : bound(to, isDate),
  }))
  const counts = ranges.map(() => 0)
  return {
    add(row) {
      const number = column?.[row] ?? Number.NaN
      for (const [i, { from, to }] of bounds.entries()) {
        if (number >= from && (to === undefined || number < to)) counts[i] = (counts[i] as number) + 1
      }
    },
    result: () => ({
      ...{ field, type: "range" },
      ranges: ranges.map((it, i) => ({
        key: it.key ?? `${it.from ?? "*"}-${it.to ?? "*"}`,
        count: counts[i] as number,
      })),
    }),
  }
}

function statsCounter(field: string, column: Float64Array | undefined): Counter {
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return {
    add(row) {
      const number = column?.[row] ?? Number.NaN
      if (Number.isNaN(number)) return
      count++
      sum += number
      if (number < min) min = number
      if (number > max) max = number
    },
    result: () =>
      count === 0
        ? { field, type: "stats", min: null, max: null, avg: null, sum: 0, count }
        : { field, type: "stats", min, max, avg: sum / count, sum, count },
  }
}

/** A date as a number, as filters read it. A bound that is no number bounds nothing in. */
function bound(value: number | string, isDate: boolean): number {
  const number = isDate && typeof value === "string" ? Date.parse(value) : Number(value)
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number
}

/** How many conditions a tree of filters has. */
function conditionsIn(filters: Filters | undefined): number {
  return Object.entries(filters ?? {}).reduce((sum, [key, value]) => {
    if (key === "$not") return sum + conditionsIn(value as Filters)
    if (key !== "$and" && key !== "$or") return sum + 1
    return (value as Filters[]).reduce((more, it) => more + conditionsIn(it), sum)
  }, 0)
}

const collator = new Intl.Collator("en")
const byText = (a: string, b: string) => collator.compare(a, b) || byCode(a, b)
