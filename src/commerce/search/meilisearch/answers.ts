import type { FacetHit } from "meilisearch"
import type { Facet, FacetResult, Hit, SearchDocument, SearchQuery, SearchResult } from "../engine.ts"
import { SEARCHED_FIELDS } from "../fields.ts"
import { fold } from "../words.ts"
import type { FacetSource, Plan } from "./requests.ts"
import { MOST_FACET_VALUES } from "./settings.ts"

/** What Meilisearch said to one `Ask`, whichever way it was asked. */
export interface Said {
  hits: Record<string, unknown>[]
  total: number
  distribution: Record<string, Record<string, number>>
  stats: Record<string, { min: number; max: number }>
  took: number
}

/** A plan and what Meilisearch said to it. */
export interface Answered {
  plan: Plan
  /** By ask of the plan. */
  said: Said[]
  /** What its search in facet values said, by facet. */
  facetHits: (FacetHit[] | undefined)[]
}

/** What answers a search. */
export interface Found extends Answered {
  /** Whether the text was found as a whole SKU or barcode. */
  isCode: boolean
}

const NOTHING: Found = { plan: { asks: [], facets: [] }, said: [], facetHits: [], isCode: false }

/**
 * The result of a search out of what Meilisearch said.
 *
 * @param found  none: the text has only signs, which no product has
 */
export function resultOf(query: SearchQuery, { plan, said, facetHits, isCode } = NOTHING): SearchResult {
  const [main] = said
  const facets = query.facets.map((facet, i) =>
    facetOf(facet, plan.facets[i] ?? { from: "ask", ask: 0 }, said, facetHits[i] ?? []),
  )
  const hits = (main?.hits ?? []).map((it) => hitOf(it, query, isCode))
  return { hits, count: main?.total ?? 0, facets, took: main?.took ?? 0 }
}

function hitOf(found: Record<string, unknown>, query: SearchQuery, isCode: boolean): Hit {
  const { _formatted, _rankingScore, _federation, ...document } = found
  const hasText = query.q.trim() !== ""
  const score = isCode ? 1 : hasText ? Number(_rankingScore ?? 0) : 0
  const hit = { id: String(document.id), document: document as unknown as SearchDocument, score }
  if (!query.highlight || !hasText) return hit
  return { ...hit, highlights: highlightsOf(query, _formatted as Record<string, unknown>, isCode) }
}

/** Every searched field that was asked for and has a text, whether it has a match or not. */
function highlightsOf(
  { q, highlight }: SearchQuery,
  formatted: Record<string, unknown> = {},
  isCode: boolean,
): Record<string, string | string[]> {
  const { fields = [...SEARCHED_FIELDS], pre_tag, post_tag } = highlight ?? { pre_tag: "", post_tag: "" }
  const code = q.trim().toLowerCase()
  // Of a word that only begins so Meilisearch marks the beginning; a page shows whole words.
  const rest = new RegExp(`${escaped(post_tag)}([\\p{L}\\p{N}\\p{M}]+)`, "gu")
  const whole = (text: string) => (post_tag === "" ? text : text.replace(rest, (_, more: string) => more + post_tag))
  const found: Record<string, string | string[]> = {}
  for (const field of fields) {
    if (!(SEARCHED_FIELDS as readonly string[]).includes(field)) continue
    const value = formatted[field]
    if (typeof value === "string") found[field] = whole(value)
    else if (Array.isArray(value) && value.length > 0) {
      const isCodes = isCode && (field === "skus" || field === "barcodes")
      found[field] = value.map((it) =>
        isCodes && String(it).toLowerCase() === code ? pre_tag + it + post_tag : whole(String(it)),
      )
    }
  }
  return found
}

/** With the flag `u` a backslash before anything else is an error. */
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

function facetOf(facet: Facet, source: FacetSource, said: Said[], hits: FacetHit[]): FacetResult {
  const { field } = facet
  if (facet.type === "range") {
    const counts = source.from === "ranges" ? source.asks.map((ask) => said[ask]?.total ?? 0) : []
    const ranges = facet.ranges.map(({ key, from, to }, i) => ({
      key: key ?? `${from ?? "*"}-${to ?? "*"}`,
      count: counts[i] ?? 0,
    }))
    return { field, type: "range", ranges }
  }
  const answer = source.from === "ask" ? said[source.ask] : undefined
  if (facet.type === "stats") return statsOf(field, answer)
  const values =
    source.from === "facetSearch"
      ? // It forgives slips there too, and this is no search but a list that gets shorter as one types.
        hits.filter(({ value }) => fold(value).startsWith(fold((facet as { query?: string }).query ?? "")))
      : Object.entries(answer?.distribution[field] ?? {}).map(([value, count]) => ({ value, count }))
  const sorted = values.map(({ value, count }) => ({ value, count }))
  sorted.sort((a, b) => (facet.sort === "count" ? b.count - a.count : 0) || byText(a.value, b.value))
  return { field, type: "value", values: sorted.slice(0, facet.limit) }
}

/**
 * Meilisearch tells the lowest and highest number; sum and mean are made of how often each number is there. Of more
 * different numbers than are counted (`MOST_FACET_VALUES`) they are those of the most frequent ones.
 */
function statsOf(field: string, said: Said | undefined): FacetResult {
  const numbers = Object.entries(said?.distribution[field] ?? {}).slice(0, MOST_FACET_VALUES)
  const count = numbers.reduce((sum, [, times]) => sum + times, 0)
  const sum = numbers.reduce((total, [number, times]) => total + Number(number) * times, 0)
  const span = said?.stats[field]
  const shared = { field, type: "stats" as const, sum, count }
  return { ...shared, min: span?.min ?? null, max: span?.max ?? null, avg: count > 0 ? sum / count : null }
}

const collator = new Intl.Collator("en")
const byText = (a: string, b: string) => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
