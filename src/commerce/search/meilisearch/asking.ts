import type { FacetHit, MultiSearchResult } from "meilisearch"
import type { Answered, Said } from "./answers.ts"
import type { Connection } from "./connection.ts"
import type { Ask, FacetSource, Plan } from "./requests.ts"

/** Requests of one search that Meilisearch works on at the same time. */
const MOST_AT_ONCE = 4

/**
 * Makes what asks Meilisearch for plans: with all that their facets need in one request. Only a search for any of
 * several words and one within facet values need their own.
 */
export function createAsking({ search: client, index }: Connection): (plans: Plan[]) => Promise<Answered[]> {
  async function together(asks: Ask[]): Promise<Said[]> {
    const queries = asks.map(({ texts: [q = ""], query }) => ({ ...query, q, indexUid: index }))
    return (await client.multiSearch({ queries })).results.map(saidOf)
  }

  /** A document that several of the words find is there once, as the best of them found it. */
  async function anyOf({ texts, query }: Ask): Promise<Said> {
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

  async function withinFacet({ params }: Extract<FacetSource, { from: "facetSearch" }>): Promise<FacetHit[]> {
    return (await client.index(index).searchForFacetValues(params)).facetHits
  }

  return async (plans) => {
    const answered = plans.map((plan): Answered => ({ plan, said: [], facetHits: [] }))
    const shared: { ask: Ask; keep(said: Said): void }[] = []
    const requests: (() => Promise<void>)[] = []
    for (const { plan, said, facetHits } of answered) {
      for (const [i, ask] of plan.asks.entries()) {
        const keep = (it: Said) => {
          said[i] = it
        }
        if (ask.texts.length === 1) shared.push({ ask, keep })
        else requests.push(async () => keep(await anyOf(ask)))
      }
      for (const [i, source] of plan.facets.entries()) {
        if (source.from !== "facetSearch") continue
        requests.push(async () => {
          facetHits[i] = await withinFacet(source)
        })
      }
    }
    if (shared.length > 0) {
      requests.unshift(async () => {
        const said = await together(shared.map((it) => it.ask))
        for (const [i, { keep }] of shared.entries()) keep(said[i] as Said)
      })
    }
    await inTurns(requests)
    return answered
  }
}

function saidOf(result: MultiSearchResult<Record<string, unknown>>): Said {
  return {
    hits: result.hits,
    total: result.estimatedTotalHits ?? 0,
    distribution: result.facetDistribution ?? {},
    stats: result.facetStats ?? {},
    took: result.processingTimeMs,
  }
}

/** A few at a time; after a failure none is begun. */
async function inTurns(requests: (() => Promise<void>)[]): Promise<void> {
  const left = [...requests]
  async function some(): Promise<void> {
    for (let request = left.shift(); request; request = left.shift()) await request()
  }
  try {
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, some))
  } finally {
    left.length = 0
  }
}
