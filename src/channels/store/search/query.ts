import {
  DEFAULT_HIGHLIGHT,
  type Facet,
  type FacetResult,
  type Filters,
  type Hit,
  SEARCHED_FIELDS,
  type SearchQuery,
  type SearchResult,
  SHOWN_FIELDS,
  searchField,
} from "../../../commerce/search/index.ts"
import { WireError } from "../../errors.ts"
import type { WireFacet, WireQuery } from "./body.ts"

const ENTITY = "product"
const DEFAULT_TAKE = 20
const DEFAULT_VALUES = 10
/** No page shows so many, and each is tried on every product that is found. */
const MOST_FACETS = 50
const MOST_RANGES = 50
const MOST_CONDITIONS = 200
const MOST_ORDERS = 10

const invalid = (message: string) => new WireError(400, "invalid_data", message)
const notAllowed = (message: string) => new WireError(400, "not_allowed", message)

/**
 * A query of Medusa's wire format as our engines take it.
 *
 * @param channels  of the caller's key
 * @throws WireError what Medusa refuses, in its words; and what no engine of ours can do
 * @source Medusa 2.21 `medusa/dist/api/store/search/route.js`, `search/dist/utils/index.js` (`validateFieldUsage`,
 *   `normalizeSearchQuery`)
 */
export function readQuery(query: WireQuery, channels: string[]): SearchQuery {
  // An index that is not open to shoppers is answered like one that does not exist.
  if (query.entity !== ENTITY) throw new WireError(404, "not_found", `No search index named "${query.entity}"`)
  const unknown = (query.fields ?? []).filter((field) => !isShown(field))
  if (unknown.length > 0) throw invalid(`Search index "${ENTITY}" can't return the fields: ${unknown.join(", ")}`)
  if (channels.length === 0) throw invalid("Publishable key needs to have a sales channel configured")

  const { q, ...filters } = query.filters ?? {}
  if (q !== undefined && q !== null && typeof q !== "string") {
    throw invalid(`Invalid request: Expected type: 'string' for field 'filters, q', got: '${q}'`)
  }
  const options = query.search_options ?? {}
  const facets = (options.facets ?? []).map(readFacet)
  const order = Object.entries(query.pagination?.order ?? {})
  checkFilters(filters as Filters)
  for (const [field] of order) if (field !== "_score") checkField(field, "sortable", "pagination.order")
  if (order.length > MOST_ORDERS) throw invalid(`Invalid request: at most ${MOST_ORDERS} orders`)
  for (const facet of facets) checkFacet(facet)
  if (facets.length > MOST_FACETS) throw invalid(`Invalid request: at most ${MOST_FACETS} facets`)
  for (const field of options.attributes_to_search_on ?? []) {
    checkField(field, "searchable", "search_options.attributes_to_search_on")
  }
  refuse(query)

  return {
    channels,
    q: q ?? "",
    filters: filters as Filters,
    // Answers are by field: of several facets of one field the last one counts.
    facets: [...new Map(facets.map((it) => [it.field, it])).values()],
    disjunctive: options.disjunctive_facets ?? false,
    ...(options.highlight && (q ?? "").trim() ? { highlight: readHighlight(options) } : {}),
    ...(options.attributes_to_search_on ? { searchOn: options.attributes_to_search_on } : {}),
    match: options.match_strategy ?? "all",
    typos: options.typo_tolerance ?? false,
    order: order.map(([field, direction]) => ({ field, direction })),
    skip: query.pagination?.skip ?? 0,
    take: query.pagination?.take ?? DEFAULT_TAKE,
  }
}

/** What Medusa's wire format has and no engine of ours can do. */
function refuse({ pagination, search_options: options = {} }: WireQuery): void {
  const { distinct, vector, locales, min_score } = options
  if (distinct !== undefined) {
    known(distinct, "search_options.distinct")
    if (distinct !== "id") throw notAllowed(`The search does not support distinct by "${distinct}"`)
  }
  if (vector) {
    if (!vector.field) throw invalid(`search_options.vector requires a vector field on search index "${ENTITY}"`)
    known(vector.field, "search_options.vector.field")
    throw invalid(`Field "${vector.field}" is not a vector field on search index "${ENTITY}"`)
  }
  if (locales?.length) {
    throw notAllowed("The search does not support query-time locales; its language stands in the search settings")
  }
  if (min_score !== undefined) throw notAllowed("The search does not support min_score")
  if (pagination?.cursor !== undefined) throw notAllowed("The search does not support cursor pagination; use skip")
}

function readFacet(facet: WireFacet): Facet {
  if (typeof facet === "string") return { field: facet, type: "value", limit: DEFAULT_VALUES, sort: "count" }
  if (facet.type === "stats") return { field: facet.field, type: "stats" }
  if (facet.type === "range") return facet as Facet
  const { field, limit = DEFAULT_VALUES, sort = "count", query } = facet
  return { field, type: "value", limit, sort, ...(query ? { query } : {}) }
}

function checkFacet(facet: Facet): void {
  if (!known(facet.field, "search_options.facets").facets.includes(facet.type)) {
    throw invalid(`Field "${facet.field}" does not support "${facet.type}" facets on search index "${ENTITY}"`)
  }
  if (facet.type !== "range") return
  if (facet.ranges.length > MOST_RANGES) throw invalid(`Invalid request: at most ${MOST_RANGES} ranges`)
  for (const bound of facet.ranges.flatMap(({ from, to }) => [from, to])) {
    if (typeof bound === "string" && Number.isNaN(Number(bound)) && Number.isNaN(Date.parse(bound))) {
      throw invalid(`Invalid request: "${bound.slice(0, 100)}" is no bound of a range`)
    }
  }
}

function checkFilters(filters: Filters): void {
  let conditions = 0
  const visit = (tree: unknown): void => {
    if (typeof tree !== "object" || tree === null || Array.isArray(tree))
      throw invalid("Invalid request: a group of filters must be made of filters")
    for (const [key, value] of Object.entries(tree)) {
      if (++conditions > MOST_CONDITIONS) throw invalid(`Invalid request: at most ${MOST_CONDITIONS} filters`)
      if (key === "$and" || key === "$or") {
        if (!Array.isArray(value)) throw invalid(`Invalid request: Expected type: 'array' for field '${key}'`)
        for (const branch of value) visit(branch)
      } else if (key === "$not") visit(value)
      else checkField(key, "filterable", "filters")
    }
  }
  visit(filters)
}

function checkField(field: string, use: "filterable" | "sortable" | "searchable", where: string): void {
  if (!known(field, where)[use]) throw invalid(`Field "${field}" is not ${use} on search index "${ENTITY}"`)
}

function known(field: string, where: string) {
  const found = searchField(field)
  if (!found) throw invalid(`Unknown field "${field}" used in ${where} on search index "${ENTITY}"`)
  return found
}

function readHighlight({ highlight }: NonNullable<WireQuery["search_options"]>): NonNullable<SearchQuery["highlight"]> {
  const { fields, pre_tag, post_tag, snippet } = {
    ...DEFAULT_HIGHLIGHT,
    ...(typeof highlight === "object" ? highlight : {}),
  }
  if (fields?.length === 0) throw notAllowed("Highlighting requires at least one field")
  const searched: readonly string[] = SEARCHED_FIELDS
  const words = typeof snippet === "object" ? snippet.length : snippet ? 0 : undefined
  const other = fields?.find((field) => !searched.includes(field))
  if (other !== undefined) {
    throw notAllowed(`Search index "${ENTITY}" cannot highlight field "${other}" — it is not searchable`)
  }
  return {
    ...(fields ? { fields: [...new Set(fields)] } : {}),
    pre_tag,
    post_tag,
    ...(words === undefined ? {} : { snippet_words: words }),
  }
}

const isShown = (field: string) =>
  (SHOWN_FIELDS as readonly string[]).includes(field) ||
  (field.startsWith("price.") && searchField(field) !== undefined)

/** A result as Medusa's wire format has it. */
export function showResult(query: WireQuery, asked: SearchQuery, result: SearchResult): object {
  const options = query.search_options ?? {}
  const facets = result.facets.map((facet, i) => [facet.field, showFacet(asked.facets[i], facet)])
  return {
    hits: result.hits.map((hit) => ({
      id: hit.id,
      ...(options.include_score ? { score: hit.score } : {}),
      document: showDocument(hit, query.fields),
      ...(hit.highlights ? { highlights: lists(hit.highlights) } : {}),
    })),
    ...(asked.facets.length > 0 ? { facets: Object.fromEntries(facets) } : {}),
    metadata: {
      skip: asked.skip,
      take: asked.take,
      count: options.count === "none" ? null : result.count,
      ...(query.filters?.q === undefined ? {} : { query: asked.q }),
      processing_time_ms: result.took,
    },
  }
}

function showDocument({ document }: Hit, fields: string[] | undefined): object {
  if (!fields) return document
  const shown: Record<string, unknown> = {}
  const prices: Record<string, number> = {}
  for (const field of fields) {
    if (!field.startsWith("price.")) shown[field] = document[field as keyof typeof document]
    else {
      const currency = field.slice("price.".length)
      const amount = document.price[currency]
      if (amount !== undefined) prices[currency] = amount
    }
  }
  return Object.keys(prices).length > 0 && !fields.includes("price") ? { ...shown, price: prices } : shown
}

function showFacet(asked: Facet | undefined, facet: FacetResult): object {
  if (facet.type === "value") return { type: "value", values: facet.values }
  if (facet.type === "range") {
    const ranges = asked?.type === "range" ? asked.ranges : []
    return {
      type: "range",
      ranges: facet.ranges.map(({ key, count }, i) => ({ key, ...bounds(ranges[i]), count })),
    }
  }
  const { min, max, avg, sum, count } = facet
  return { type: "stats", min: min ?? 0, max: max ?? 0, ...(avg === null ? {} : { avg }), sum, count }
}

const bounds = (range: { from?: number | string; to?: number | string } | undefined) => ({
  ...(range?.from === undefined ? {} : { from: range.from }),
  ...(range?.to === undefined ? {} : { to: range.to }),
})

const lists = (highlights: Record<string, string | string[]>) =>
  Object.fromEntries(Object.entries(highlights).map(([field, it]) => [field, typeof it === "string" ? [it] : it]))
