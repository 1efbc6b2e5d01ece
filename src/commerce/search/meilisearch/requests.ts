import type { MultiSearchQuery, SearchForFacetValuesParams } from "meilisearch"
import { type Facet, type SearchQuery, UnknownSearchField } from "../engine.ts"
import { SEARCHED_FIELDS, searchField } from "../fields.ts"
import { toNumber, withoutField } from "../filters.ts"
import type { Budget } from "./budget.ts"
import { all, among, quote, toFilter } from "./filters.ts"

/** What Meilisearch is asked once: one text, or several of which one is enough, which is a request of its own. */
export interface Ask {
  texts: string[]
  query: Omit<MultiSearchQuery, "q" | "indexUid">
}

/** Where the answer of a facet comes from. */
export type FacetSource =
  | { from: "ask"; ask: number }
  | { from: "ranges"; asks: number[] }
  | { from: "facetSearch"; params: SearchForFacetValuesParams }

/** All that answers one search: `asks[0]` has its hits. */
export interface Plan {
  asks: Ask[]
  facets: FacetSource[]
}

/** The ways in which a search may be answered; the first that finds something is taken, and the last in any case. */
export type Plans = { code: Plan | undefined; words: Plan | undefined }

const CODES = ["skus", "barcodes"]
/** Meilisearch reads no more words of a query. */
const MOST_WORDS = 10
const MOST_CODE_WORDS = 3
const SNIPPET_WORDS = 30

/**
 * What to ask Meilisearch for a search.
 *
 * A text that may be a SKU or a barcode is asked for as such too, by a filter on the whole of it: a scanned code then
 * answers with its product alone, and not with all that look like it.
 *
 * @throws UnknownSearchField
 * @throws InvalidSearch
 * @throws BeyondEngine for what only another engine can do
 */
export function plansOf(query: SearchQuery, budget: Budget): Plans {
  const plan = (texts: string[], more?: string, searchOn?: string[]) => planOf(query, budget, texts, more, searchOn)
  const fields = searchedFields(query.searchOn)
  const text = query.q.trim()
  if (text === "") return { code: undefined, words: plan([""]) }

  const codes = CODES.filter((it) => fields.includes(it))
  const words = text.replace(/"/g, " ").split(/\s+/).map(plain).filter(saysSomething).slice(0, MOST_WORDS)
  const isCode = codes.length > 0 && text.length <= 200 && text.split(/\s+/).length <= MOST_CODE_WORDS
  const code = codes.map((field) => `${field} = ${quote(text)}`).join(" OR ")
  const worded = fields.filter((it) => !CODES.includes(it))
  return {
    code: isCode ? plan([""], code) : undefined,
    words: words.length > 0 && worded.length > 0 ? plan(texts(words, query), undefined, worded) : undefined,
  }
}

/** A leading `-` would exclude the word. */
const plain = (word: string) => word.replace(/^-+/, "")
const saysSomething = (word: string) => /[\p{L}\p{N}]/u.test(word)

function searchedFields(searchOn: string[] | undefined): string[] {
  if (!searchOn?.length) return [...SEARCHED_FIELDS]
  for (const name of searchOn) if (!searchField(name)?.searchable) throw new UnknownSearchField(name, "search")
  return searchOn
}

/**
 * A blank at the end tells Meilisearch that the last word is complete. It can forgive slips for an index but not for a
 * query, except in phrases: without slips each word is a phrase, and then none is a beginning either.
 *
 * @source https://www.meilisearch.com/docs/learn/engine/prefix
 */
function texts(words: string[], { match, typos }: SearchQuery): string[] {
  const typed = typos ? words : words.map((it) => `"${it}"`)
  if (match === "any") return typed.map((it) => `${it} `)
  return [typed.join(" ") + (match === "all" ? " " : "")]
}

/** Only what finds the hits; the plan itself when that is all of it. */
export function hitsOf(plan: Plan): Plan {
  const isAll = plan.asks.length === 1 && plan.facets.every((it) => it.from === "ask")
  return isAll ? plan : { asks: plan.asks.slice(0, 1), facets: [] }
}

function planOf(
  query: SearchQuery,
  budget: Budget,
  texts: string[],
  more: string | undefined,
  searchOn: string[] | undefined,
): Plan {
  const visible = all([among("sales_channel_ids", query.channels), `status = published`])
  const filters = query.filters ?? {}
  const filter = all([visible, more, toFilter(filters)])
  const restricted = searchOn && query.searchOn?.length ? { attributesToSearchOn: searchOn } : {}
  const shared = { matchingStrategy: "all" as const, ...restricted }
  const counting = { ...shared, limit: 0 }

  const asks: Ask[] = [
    {
      texts,
      query: {
        ...shared,
        filter,
        offset: query.skip,
        limit: query.take,
        showRankingScore: true,
        facets: [],
        ...sortOf(query),
        ...highlightOf(query),
      },
    },
  ]
  budget.spend({ texts, filter, alone: texts.length > 1 })
  const ask = (filter: string | undefined, facets?: string[]): number => {
    budget.spend({ texts, filter, alone: texts.length > 1 })
    return asks.push({ texts, query: { ...counting, filter, ...(facets ? { facets } : {}) } }) - 1
  }

  const facets = query.facets.map((facet): FacetSource => {
    if (!searchField(facet.field)?.facets.includes(facet.type)) throw new UnknownSearchField(facet.field, "facet")
    const own = query.disjunctive ? all([visible, more, toFilter(withoutField(filters, facet.field))]) : filter
    if (facet.type === "range") {
      return { from: "ranges", asks: boundsOf(facet).map((bounds) => ask(all([own, bounds]))) }
    }
    if (facet.type === "value" && facet.query) {
      const q = texts.join(" ")
      budget.spend({ texts: [q], filter: own, alone: true })
      const params = { ...shared, q, filter: own, facetName: facet.field, facetQuery: facet.query }
      return { from: "facetSearch", params }
    }
    if (own !== filter) return { from: "ask", ask: ask(own, [facet.field]) }
    asks[0]?.query.facets?.push(facet.field)
    return { from: "ask", ask: 0 }
  })
  return { asks, facets }
}

function boundsOf(facet: Extract<Facet, { type: "range" }>): string[] {
  const field = searchField(facet.field)
  if (!field) return []
  const at = { name: facet.field, field }
  return facet.ranges.map(
    ({ from, to }) =>
      all([
        from === undefined ? undefined : `${facet.field} >= ${quote(toNumber(at, from))}`,
        to === undefined ? undefined : `${facet.field} < ${quote(toNumber(at, to))}`,
      ]) ?? `${facet.field} EXISTS`,
  )
}

/** What comes behind the relevance cannot be told Meilisearch: hardly two are equally relevant. */
function sortOf({ order }: SearchQuery): { sort?: string[] } {
  const relevance = order.findIndex((it) => it.field === "_score")
  if (order[relevance]?.direction === "ASC") throw new UnknownSearchField("_score", "order")
  const sort = (relevance === -1 ? order : order.slice(0, relevance)).map(({ field, direction }) => {
    if (!searchField(field)?.sortable) throw new UnknownSearchField(field, "order")
    return `${field}:${direction.toLowerCase()}`
  })
  return sort.length > 0 ? { sort } : {}
}

function highlightOf({ highlight, q }: SearchQuery): Ask["query"] {
  if (!highlight || q.trim() === "") return {}
  const { fields = [...SEARCHED_FIELDS], pre_tag, post_tag, snippet_words } = highlight
  return {
    attributesToHighlight: fields,
    highlightPreTag: pre_tag,
    highlightPostTag: post_tag,
    ...(snippet_words === undefined ? {} : { attributesToCrop: fields, cropLength: snippet_words || SNIPPET_WORDS }),
  }
}
