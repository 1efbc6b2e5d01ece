import { ApiError, refuseUnknown } from "./errors.ts"
import type { Document } from "./filter.ts"
import { covers, type Settings } from "./settings.ts"
import { valuesOf } from "./values.ts"
import { distance, fold, prefixDistance } from "./words.ts"

/** How often each value is there, and the span of numbers. */
export function distribution(facets: readonly string[], documents: Document[], settings: Settings) {
  const wrong = facets.filter((it) => it !== "*" && !covers(settings.filterableAttributes, it))
  if (wrong.length > 0) {
    const known =
      settings.filterableAttributes.length === 0
        ? "This index does not have configured filterable attributes."
        : `Available filterable attributes patterns are: \`${settings.filterableAttributes.join(", ")}\`.`
    const which = wrong.length === 1 ? `Attribute \`${wrong[0]}\` is` : `Attributes \`${wrong.join(", ")}\` are`
    throw new ApiError("invalid_search_facets", `Invalid facet distribution: ${which} not filterable. ${known}`)
  }
  const facetDistribution: Record<string, Record<string, number>> = {}
  const facetStats: Record<string, { min: number; max: number }> = {}
  const all = facets.includes("*") ? settings.filterableAttributes : facets
  for (const facet of all) {
    const values = documents.flatMap((it) => [...new Set(valuesOf(it, facet).values.filter(isFacet))])
    const numbers = values.filter((it) => typeof it === "number")
    if (numbers.length > 0) facetStats[facet] = { min: Math.min(...numbers), max: Math.max(...numbers) }
    facetDistribution[facet] = Object.fromEntries(counted(values, facet, settings))
  }
  return { facetDistribution, facetStats }
}

const isFacet = (it: unknown) => typeof it === "string" || typeof it === "number" || typeof it === "boolean"

function counted(values: unknown[], facet: string, { faceting }: Settings): [string, number][] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  const order = faceting.sortFacetValuesBy[facet] ?? faceting.sortFacetValuesBy["*"]
  const byName = (a: [string, number], b: [string, number]) => (a[0] < b[0] ? -1 : 1)
  const byCount = (a: [string, number], b: [string, number]) => b[1] - a[1] || byName(a, b)
  return [...counts].sort(order === "count" ? byCount : byName).slice(0, faceting.maxValuesPerFacet)
}

/** @source https://www.meilisearch.com/docs/reference/api/facet-search/perform-a-facet-search */
export function searchFacet(body: Record<string, unknown>, settings: Settings, select: (it: object) => Document[]) {
  const { facetName, facetQuery, exhaustiveFacetCount, ...search } = body
  refuseUnknown(search, ["q", "filter", "matchingStrategy", "attributesToSearchOn", "rankingScoreThreshold", "locales"])
  if (typeof facetName !== "string") {
    throw new ApiError("missing_facet_search_facet_name", "Missing field `facetName`")
  }
  if (!covers(settings.filterableAttributes, facetName)) {
    const known = settings.filterableAttributes.join(", ")
    throw new ApiError(
      "invalid_facet_search_facet_name",
      `Attribute \`${facetName}\` is not facet-searchable. Available facet-searchable attributes patterns are: \`${known}\`.`,
    )
  }
  const { facetDistribution } = distribution([facetName], select(search), settings)
  const query = fold(String(facetQuery ?? ""))
  const allowed = query.length >= 9 ? 2 : query.length >= 5 ? 1 : 0
  const facetHits = Object.entries(facetDistribution[facetName] ?? {})
    .filter(([value]) => {
      const text = fold(value)
      return (
        text.startsWith(query) ||
        distance(query, text, allowed) <= allowed ||
        prefixDistance(query, text, allowed) <= allowed
      )
    })
    .map(([value, count]) => ({ value, count }))
  return { facetHits, facetQuery: facetQuery ?? null, processingTimeMs: 1 }
}
