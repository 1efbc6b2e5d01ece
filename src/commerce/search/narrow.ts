import type { FacetResult, FieldOperators, Filters, SearchDocument, SearchQuery, SearchResult } from "./engine.ts"

/**
 * The index knows of every product in which sales channels it is, and at which places it is in stock. A caller is told
 * of his own channels, and of the places that these sell from: another channel's warehouse is none of his business, nor
 * to be found out by a filter.
 */
export interface Horizon {
  channels: readonly string[]
  locations: readonly string[]
}

const NARROWED: Record<string, keyof Horizon> = {
  sales_channel_ids: "channels",
  in_stock_sales_channel_ids: "channels",
  in_stock_location_ids: "locations",
}
/** Values of a facet that are asked for, so that those left after narrowing are enough. */
const MOST_VALUES = 1_000

/** The query as if there were nothing beyond the caller's horizon. */
export function narrowQuery(query: SearchQuery, horizon: Horizon): SearchQuery {
  return {
    ...query,
    ...(query.filters ? { filters: narrowFilters(query.filters, horizon) } : {}),
    facets: query.facets.map((facet) =>
      facet.type === "value" && Object.hasOwn(NARROWED, facet.field) ? { ...facet, limit: MOST_VALUES } : facet,
    ),
  }
}

/** @param query  as it was before it was narrowed */
export function narrowResult(result: SearchResult, query: SearchQuery, horizon: Horizon): SearchResult {
  const facets = result.facets.map((facet, i): FacetResult => {
    const asked = query.facets[i]
    const mine = horizonOf(facet.field, horizon)
    if (facet.type !== "value" || asked?.type !== "value" || !mine) return facet
    return { ...facet, values: facet.values.filter(({ value }) => mine.includes(value)).slice(0, asked.limit) }
  })
  const hits = result.hits.map((hit) => ({ ...hit, document: narrowDocument(hit.document, horizon) }))
  return { ...result, facets, hits }
}

function narrowDocument(document: SearchDocument, { channels, locations }: Horizon): SearchDocument {
  return {
    ...document,
    sales_channel_ids: document.sales_channel_ids.filter((it) => channels.includes(it)),
    in_stock_sales_channel_ids: document.in_stock_sales_channel_ids.filter((it) => channels.includes(it)),
    in_stock_location_ids: document.in_stock_location_ids.filter((it) => locations.includes(it)),
  }
}

function narrowFilters(filters: Filters, horizon: Horizon): Filters {
  const narrowed = Object.entries(filters).map(([key, value]): Filters => {
    if (key === "$and" || key === "$or") return { [key]: (value as Filters[]).map((it) => narrowFilters(it, horizon)) }
    if (key === "$not") return { $not: narrowFilters(value as Filters, horizon) }
    const mine = horizonOf(key, horizon)
    return mine ? narrowField(key, value, mine) : { [key]: value }
  })
  return narrowed.length === 1 ? (narrowed[0] ?? {}) : { $and: narrowed }
}

function narrowField(field: string, given: Filters[string], mine: readonly string[]): Filters {
  const hasOne = (values: unknown[]): Filters => ({
    [field]: { $in: values.filter((it): it is string => typeof it === "string" && mine.includes(it)) },
  })
  /** Null among the values stands for having none. */
  const oneOf = (values: unknown[]): Filters =>
    values.includes(null) ? { $or: [hasOne(values), { $not: hasOne([...mine]) }] } : hasOne(values)
  const listOf = (value: unknown) => (Array.isArray(value) ? value : [value])

  if (given === undefined) return {}
  if (given === null || typeof given !== "object" || Array.isArray(given)) return oneOf(listOf(given))
  const parts = Object.entries(given as FieldOperators).map(([operator, value]): Filters => {
    switch (operator) {
      case "$eq":
      case "$in":
      case "$overlaps":
        return oneOf(listOf(value))
      case "$ne":
      case "$nin":
        return { $not: oneOf(listOf(value)) }
      case "$exists":
        return value ? hasOne([...mine]) : { $not: hasOne([...mine]) }
      case "$contains":
        return { $and: listOf(value).map((it) => hasOne([it])) }
      default:
        // What no list has, an engine refuses.
        return { [field]: { [operator]: value } as FieldOperators }
    }
  })
  return parts.length === 0 ? { [field]: given } : { $and: parts }
}

const horizonOf = (field: string, horizon: Horizon) => {
  const kind = Object.hasOwn(NARROWED, field) ? NARROWED[field] : undefined
  return kind && horizon[kind]
}
