import { ApiError, refuseUnknown } from "./errors.ts"
import { distribution } from "./facets.ts"
import type { Document } from "./filter.ts"
import type { Indexes } from "./indexes.ts"
import type { Caller } from "./keys.ts"
import { compareMatches, type Match } from "./ranking.ts"
import { checkSearch, hit, matches, type SearchBody, search } from "./searching.ts"

const NOT_FEDERATED = ["facets", "offset", "limit", "page", "hitsPerPage"]

/** @source https://www.meilisearch.com/docs/reference/api/multi-search/perform-a-multi-search */
export function multiSearch(body: Record<string, unknown>, indexes: Indexes, caller: Caller) {
  refuseUnknown(body, ["federation", "queries"])
  const { federation } = body as { federation?: Federation }
  const queries = ((body.queries ?? []) as SearchBody[]).map((query, at) => {
    const { indexUid, federationOptions = {}, ...rest } = query
    if (typeof indexUid !== "string")
      throw new ApiError("missing_index_uid", `Missing field \`indexUid\` inside \`.queries[${at}]\``)
    if (!caller.may("search", indexUid)) throw new ApiError("invalid_api_key", "The provided API key is invalid.")
    if (!federation && query.federationOptions) {
      throw new ApiError(
        "invalid_multi_search_federation_options",
        `Inside \`.queries[${at}]\`: Using \`federationOptions\` is not allowed in a non-federated search.`,
      )
    }
    const wrong = federation && NOT_FEDERATED.find((it) => rest[it] !== undefined)
    if (wrong) {
      const code = wrong === "facets" ? "invalid_multi_search_query_facets" : "invalid_multi_search_query_pagination"
      throw new ApiError(code, `Inside \`.queries[${at}]\`: Using \`${wrong}\` is not allowed in federated queries.`)
    }
    const message = (error: ApiError) => new ApiError(error.body.code, `Inside \`.queries[${at}]\`: ${error.message}`)
    return { indexUid, rest, weight: (federationOptions as { weight?: number }).weight ?? 1, at, message }
  })
  const asked = <T>(query: (typeof queries)[number], ask: () => T): T => {
    try {
      checkSearch(query.rest)
      return ask()
    } catch (error) {
      throw error instanceof ApiError ? query.message(error) : error
    }
  }
  if (!federation) {
    const results = queries.map((query) =>
      asked(query, () => ({
        indexUid: query.indexUid,
        ...search(indexes.get(query.indexUid), query.rest, caller.rule(query.indexUid)),
      })),
    )
    return { results }
  }
  refuseUnknown(federation, ["limit", "offset", "facetsByIndex", "mergeFacets"])
  const { limit = 20, offset = 0, facetsByIndex = {} } = federation
  const found = queries.flatMap((query) =>
    asked(query, () =>
      matches(indexes.get(query.indexUid), query.rest, caller.rule(query.indexUid)).map((match) => ({ match, query })),
    ),
  )
  const merged = once(found.sort((a, b) => bySort(a, b) || byScore(a, b) || a.query.at - b.query.at))
  const facets = Object.entries(facetsByIndex).map(([uid, names]) => {
    const index = indexes.get(uid)
    const documents = merged.filter((it) => it.query.indexUid === uid).map((it) => it.match.document)
    const { facetDistribution, facetStats } = distribution(names ?? [], documents, index.settings)
    return [uid, { distribution: facetDistribution, stats: facetStats }]
  })
  return {
    hits: merged.slice(offset, offset + limit).map(
      ({ match, query }): Document => ({
        ...hit(match, query.rest, indexes.get(query.indexUid).settings),
        _federation: {
          indexUid: query.indexUid,
          queriesPosition: query.at,
          weightedRankingScore: match.score * query.weight,
        },
      }),
    ),
    processingTimeMs: 1,
    limit,
    offset,
    estimatedTotalHits: merged.length,
    ...(facets.length > 0 ? { facetsByIndex: Object.fromEntries(facets) } : {}),
  }
}

interface Federation {
  limit?: number
  offset?: number
  facetsByIndex?: Record<string, string[]>
}

interface Candidate {
  match: Match
  query: { indexUid: string; rest: SearchBody; weight: number; at: number }
}
const byScore = (a: Candidate, b: Candidate) => b.match.score * b.query.weight - a.match.score * a.query.weight
const bySort = (a: Candidate, b: Candidate) =>
  compareMatches(a.match, b.match, ["sort"], (a.query.rest.sort as string[] | undefined) ?? [])

/** A document that several queries find is there once, as the best of them found it. */
function once<T extends { match: Match; query: { indexUid: string } }>(found: T[]): T[] {
  const seen = new Set<unknown>()
  return found.filter(({ match }) => {
    if (seen.has(match.document)) return false
    seen.add(match.document)
    return true
  })
}
