import type { FacetHit, MultiSearchResult } from "meilisearch"
import { type SearchEngine, type SearchQuery, type SearchResult, SearchUnavailable } from "../engine.ts"
import { resultOf, type Said } from "./answers.ts"
import { type Breaker, createBreaker } from "./breaker.ts"
import { type Connection, codeOf, reasonOf } from "./connection.ts"
import { type Ask, type Plan, type Plans, plansOf } from "./requests.ts"

export interface MeilisearchEngineOptions {
  connection: Connection
  /** Whether the index has all products by now; until then another engine must answer. */
  isFilled(): boolean
  /** Told when Meilisearch does not have the index. */
  onLost?(): void
  breaker?: Breaker
}

/**
 * The search with Meilisearch: all queries, with all that their facets need, in one request. Only a search for any of
 * several words and one within facet values need their own, which go out at the same time.
 */
export function meilisearchSearch({
  connection,
  isFilled,
  onLost,
  breaker = createBreaker(),
}: MeilisearchEngineOptions): SearchEngine {
  const { search: client, index } = connection

  async function askAll(asks: Ask[]): Promise<Said[]> {
    const alone = asks.map((ask) => (ask.texts.length > 1 ? askAny(ask) : undefined))
    const together = asks.filter((ask) => ask.texts.length === 1)
    const queries = together.map(({ texts: [q = ""], query }) => ({ ...query, q, indexUid: index }))
    const answers = queries.length === 0 ? [] : (await client.multiSearch({ queries })).results
    const said = answers.map(saidOf)
    return await Promise.all(alone.map((it) => it ?? (said.shift() as Said)))
  }

  /** A document that several of the words find is there once, as the best of them found it. */
  async function askAny({ texts, query }: Ask): Promise<Said> {
    const { facets = [], offset = 0, limit = 20, ...each } = query
    const answer = await client.multiSearch({
      federation: { offset, limit, ...(facets.length > 0 ? { facetsByIndex: { [index]: facets } } : {}) },
      queries: texts.map((q) => ({ ...each, q, indexUid: index })),
    })
    const counted = answer.facetsByIndex?.[index]
    return {
      hits: answer.hits,
      total: answer.estimatedTotalHits ?? 0,
      distribution: counted?.distribution ?? {},
      stats: counted?.stats ?? {},
      took: answer.processingTimeMs,
    }
  }

  async function searchFacets({ facets }: Plan): Promise<(FacetHit[] | undefined)[]> {
    return await Promise.all(
      facets.map(async (it) => {
        if (it.from !== "facetSearch") return undefined
        return (await client.index(index).searchForFacetValues(it.params)).facetHits
      }),
    )
  }

  async function ask(queries: SearchQuery[], plans: Plans[]): Promise<SearchResult[]> {
    const listed = plans.flatMap(({ code, words }) => [code, words].filter((it) => it !== undefined))
    const [said, facetHits] = await Promise.all([
      askAll(listed.flatMap((it) => it.asks)),
      Promise.all(listed.map(searchFacets)),
    ])
    const take = (plan: Plan | undefined) =>
      plan && { plan, said: said.splice(0, plan.asks.length), facetHits: facetHits.shift() ?? [] }
    return plans.map((it, i) => {
      const query = queries[i] as SearchQuery
      const [code, words] = [take(it.code), take(it.words)]
      if (code && (code.said[0]?.total ?? 0) > 0) return resultOf(query, code.plan, code.said, code.facetHits, true)
      const found = words ?? code
      // Only signs, which no product has.
      if (!found) return nothing(query)
      return resultOf(query, found.plan, found.said, found.facetHits, false)
    })
  }

  return {
    name: "meilisearch",
    async search(queries) {
      const plans = queries.map(plansOf)
      if (!isFilled()) throw new SearchUnavailable("Meilisearch does not have all products yet")
      if (!breaker.mayTry()) throw new SearchUnavailable("Meilisearch does not answer; it is tried again in a while")
      try {
        const results = await ask(queries, plans)
        breaker.report(true)
        return results
      } catch (error) {
        // When it has answered, what is wrong with this search is not wrong with others.
        breaker.report(isAboutSearch(error))
        if (codeOf(error) === "index_not_found") onLost?.()
        throw new SearchUnavailable(`Meilisearch cannot answer: ${reasonOf(error)}`)
      }
    },
  }
}

const isAboutSearch = (error: unknown) => /^invalid_(search|facet|multi)|^feature_/.test(codeOf(error) ?? "")

function saidOf(result: MultiSearchResult<Record<string, unknown>>): Said {
  return {
    hits: result.hits,
    total: result.estimatedTotalHits ?? 0,
    distribution: result.facetDistribution ?? {},
    stats: result.facetStats ?? {},
    took: result.processingTimeMs,
  }
}

function nothing(query: SearchQuery): SearchResult {
  const empty: Plan = { asks: [], facets: query.facets.map(() => ({ from: "ask", ask: 0 })) }
  return resultOf(query, empty, [], [], false)
}
