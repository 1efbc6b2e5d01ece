import { ApiError, refuseUnknown, requireKind, snake } from "./errors.ts"
import { distribution } from "./facets.ts"
import { type Document, readFilter } from "./filter.ts"
import { formatted } from "./formatting.ts"
import { find, hasAny, readQuery, textsOf } from "./matching.ts"
import { compareMatches, type Match, ranked } from "./ranking.ts"
import { covers, type Settings } from "./settings.ts"

export interface Index {
  uid: string
  primaryKey: string | null
  settings: Settings
  documents: Map<string, Document>
  createdAt: string
  updatedAt: string
}

export type SearchBody = Record<string, unknown>

const PARAMETERS: Record<string, Parameters<typeof requireKind>[1]> = {
  q: "string",
  offset: "integer",
  limit: "integer",
  page: "integer",
  hitsPerPage: "integer",
  attributesToRetrieve: "strings",
  retrieveVectors: "boolean",
  attributesToCrop: "strings",
  cropLength: "integer",
  attributesToHighlight: "strings",
  showMatchesPosition: "boolean",
  showRankingScore: "boolean",
  showRankingScoreDetails: "boolean",
  filter: "any",
  sort: "strings",
  distinct: "string",
  facets: "strings",
  highlightPreTag: "string",
  highlightPostTag: "string",
  cropMarker: "string",
  matchingStrategy: "any",
  attributesToSearchOn: "strings",
  rankingScoreThreshold: "any",
  locales: "strings",
}
const SUPPORTED = Object.keys(PARAMETERS)

/** Refuses what is no search, before there is any index to ask. */
export function checkSearch(body: SearchBody, more: readonly string[] = []): void {
  refuseUnknown(body, [...SUPPORTED, ...more])
  for (const [name, value] of Object.entries(body)) {
    const kind = PARAMETERS[name]
    if (kind) requireKind(value, kind, `.${name}`, `invalid_search_${snake(name)}`)
  }
  const strategy = body.matchingStrategy ?? "last"
  if (!["last", "all", "frequency"].includes(String(strategy))) {
    throw new ApiError(
      "invalid_search_matching_strategy",
      `Unknown value \`${strategy}\` at \`.matchingStrategy\`: expected one of \`last\`, \`all\`, \`frequency\``,
    )
  }
}

/** All that matches, in order; `tenant` is the filter of the token that asks. */
export function matches(index: Index, body: SearchBody, tenant?: unknown): Match[] {
  const { settings } = index
  const sort = (body.sort as string[] | undefined) ?? []
  for (const it of sort) checkSort(it, settings)
  const only = (body.attributesToSearchOn as string[] | undefined) ?? undefined
  for (const it of only ?? []) {
    if (it === "*" || covers(settings.searchableAttributes, it)) continue
    throw new ApiError(
      "invalid_search_attributes_to_search_on",
      `Attribute \`${it}\` is not searchable. Available searchable attributes are: \`${settings.searchableAttributes.join(", ")}\`.`,
    )
  }
  const mayPass = readFilter(tenant, settings.filterableAttributes, index.uid)
  const passes = readFilter(body.filter, settings.filterableAttributes, index.uid)
  const query = readQuery(String(body.q ?? ""), settings)
  const all = body.matchingStrategy === "all"
  const found: Match[] = []
  for (const document of index.documents.values()) {
    if (!mayPass(document) || !passes(document)) continue
    const texts = textsOf(document, settings.searchableAttributes, only?.includes("*") ? undefined : only)
    if (hasAny(query.without, texts)) continue
    const hits = query.terms.map((term) => find(term, texts, settings))
    const missing = hits.indexOf(undefined)
    const leading = (missing === -1 ? hits : hits.slice(0, missing)).flatMap((it) => it ?? [])
    if (missing !== -1 && (all || leading.length === 0)) continue
    // Phrases are never left out.
    if (query.terms.some((term, i) => term.phrase && !hits[i])) continue
    found.push(ranked(document, query, leading, settings.searchableAttributes.length))
  }
  return found.sort((a, b) => compareMatches(a, b, settings.rankingRules, sort))
}

function checkSort(sort: string, settings: Settings): void {
  const [, attribute, direction] = /^(.+):(asc|desc)$/.exec(sort) ?? []
  if (!attribute || !direction) {
    throw new ApiError(
      "invalid_search_sort",
      `Invalid syntax for the sort parameter: expected expression ending by \`:asc\` or \`:desc\`, found \`${sort}\`.`,
    )
  }
  if (!covers(settings.sortableAttributes, attribute)) {
    const known =
      settings.sortableAttributes.length === 0
        ? "This index does not have configured sortable attributes."
        : `Available sortable attributes are: \`${settings.sortableAttributes.join(", ")}\`.`
    throw new ApiError("invalid_search_sort", `Attribute \`${attribute}\` is not sortable. ${known}`)
  }
}

/** One hit as it is answered. */
export function hit(match: Match, body: SearchBody, settings: Settings): Document {
  const shown = shownOf(match.document, settings, body.attributesToRetrieve as string[] | undefined)
  const format = formatted(
    { ...match, document: shownOf(match.document, settings) },
    {
      attributesToHighlight: body.attributesToHighlight as string[] | undefined,
      attributesToCrop: body.attributesToCrop as string[] | undefined,
      highlightPreTag: (body.highlightPreTag as string | undefined) ?? "<em>",
      highlightPostTag: (body.highlightPostTag as string | undefined) ?? "</em>",
      cropLength: (body.cropLength as number | undefined) ?? 10,
      cropMarker: (body.cropMarker as string | undefined) ?? "…",
    },
  )
  return {
    ...shown,
    ...(format ? { _formatted: format } : {}),
    ...(body.showRankingScore ? { _rankingScore: match.score } : {}),
  }
}

export function shownOf(document: Document, settings: Settings, asked: string[] = ["*"]): Document {
  return Object.fromEntries(
    Object.entries(document).filter(
      ([name]) =>
        covers(settings.displayedAttributes, name) && asked.some((it) => it === "*" || it.split(".")[0] === name),
    ),
  )
}

/** `POST /indexes/{uid}/search`, as it answers. */
export function search(index: Index, body: SearchBody, tenant?: unknown) {
  const { settings } = index
  const found = matches(index, body, tenant)
  const most = settings.pagination.maxTotalHits
  const paged = body.page !== undefined || body.hitsPerPage !== undefined
  const perPage = (body.hitsPerPage as number | undefined) ?? 20
  const page = (body.page as number | undefined) ?? 1
  const asked = paged ? Math.max(0, page - 1) * perPage : ((body.offset as number | undefined) ?? 0)
  const offset = Math.min(asked, most)
  const limit = Math.min(paged ? perPage : ((body.limit as number | undefined) ?? 20), most - offset)
  const total = Math.min(found.length, paged ? most : Number.POSITIVE_INFINITY)
  const facets = body.facets as string[] | undefined
  return {
    hits: found.slice(offset, offset + limit).map((it) => hit(it, body, settings)),
    query: String(body.q ?? ""),
    processingTimeMs: 1,
    ...(paged
      ? { hitsPerPage: perPage, page, totalPages: perPage ? Math.ceil(total / perPage) : 0, totalHits: total }
      : { limit: (body.limit as number | undefined) ?? 20, offset: asked, estimatedTotalHits: total }),
    ...(facets
      ? distribution(
          facets,
          found.map((it) => it.document),
          settings,
        )
      : {}),
  }
}
