import { ApiError, refuseUnknown, requireKind, snake } from "./errors.ts"

/** What an index is told of how to search; the defaults are Meilisearch's. */
export interface Settings {
  displayedAttributes: string[]
  searchableAttributes: string[]
  filterableAttributes: string[]
  sortableAttributes: string[]
  rankingRules: string[]
  stopWords: string[]
  nonSeparatorTokens: string[]
  separatorTokens: string[]
  dictionary: string[]
  synonyms: Record<string, string[]>
  distinctAttribute: string | null
  proximityPrecision: string
  typoTolerance: {
    enabled: boolean
    minWordSizeForTypos: { oneTypo: number; twoTypos: number }
    disableOnWords: string[]
    disableOnAttributes: string[]
    disableOnNumbers: boolean
  }
  faceting: { maxValuesPerFacet: number; sortFacetValuesBy: Record<string, string> }
  pagination: { maxTotalHits: number }
  embedders: Record<string, never>
  searchCutoffMs: number | null
  localizedAttributes: null
  facetSearch: boolean
  prefixSearch: string
}

/** @source https://www.meilisearch.com/docs/reference/api/settings */
export const defaults = (): Settings => ({
  displayedAttributes: ["*"],
  searchableAttributes: ["*"],
  filterableAttributes: [],
  sortableAttributes: [],
  rankingRules: ["words", "typo", "proximity", "attribute", "sort", "exactness"],
  stopWords: [],
  nonSeparatorTokens: [],
  separatorTokens: [],
  dictionary: [],
  synonyms: {},
  distinctAttribute: null,
  proximityPrecision: "byWord",
  typoTolerance: {
    enabled: true,
    minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 },
    disableOnWords: [],
    disableOnAttributes: [],
    disableOnNumbers: false,
  },
  faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { "*": "alpha" } },
  pagination: { maxTotalHits: 1000 },
  embedders: {},
  searchCutoffMs: null,
  localizedAttributes: null,
  facetSearch: true,
  prefixSearch: "indexingTime",
})

const KINDS: Record<keyof Settings, Parameters<typeof requireKind>[1]> = {
  displayedAttributes: "strings",
  searchableAttributes: "strings",
  filterableAttributes: "strings",
  sortableAttributes: "strings",
  rankingRules: "strings",
  stopWords: "strings",
  nonSeparatorTokens: "strings",
  separatorTokens: "strings",
  dictionary: "strings",
  synonyms: "object",
  distinctAttribute: "string",
  proximityPrecision: "string",
  typoTolerance: "object",
  faceting: "object",
  pagination: "object",
  embedders: "object",
  searchCutoffMs: "integer",
  localizedAttributes: "any",
  facetSearch: "boolean",
  prefixSearch: "string",
}

const INNER: Record<string, string[]> = {
  typoTolerance: ["enabled", "minWordSizeForTypos", "disableOnWords", "disableOnAttributes", "disableOnNumbers"],
  faceting: ["maxValuesPerFacet", "sortFacetValuesBy"],
  pagination: ["maxTotalHits"],
}

const RULES = ["words", "typo", "proximity", "attribute", "attributeRank", "wordPosition", "sort", "exactness"]

/** Refuses what Meilisearch refuses at once, before there is a task. */
export function checkSettings(body: object): void {
  refuseUnknown(body, Object.keys(KINDS))
  for (const [name, value] of Object.entries(body)) {
    requireKind(value, KINDS[name as keyof Settings], `.${name}`, `invalid_settings_${snake(name)}`)
    const inner = INNER[name]
    if (inner && value) refuseUnknown(value, inner, ` at \`.${name}\``)
  }
  const { rankingRules = [], typoTolerance, faceting, pagination } = body as Partial<Settings>
  for (const rule of rankingRules ?? []) {
    if (RULES.includes(rule) || /^[^:]+:(asc|desc)$/.test(rule)) continue
    const message = `Invalid value at \`.rankingRules\`: \`${rule}\` ranking rule is invalid. Valid ranking rules are words, typo, sort, proximity, attribute, exactness and custom ranking rules.`
    throw new ApiError("invalid_settings_ranking_rules", message)
  }
  const words = typoTolerance?.minWordSizeForTypos
  if (words && (words.oneTypo ?? 5) > (words.twoTypos ?? 9)) {
    throw new ApiError(
      "invalid_settings_typo_tolerance",
      "`minWordSizeForTypos` setting is invalid. `oneTypo` and `twoTypos` fields should be between `0` and `255`, and `twoTypos` should be greater or equals to `oneTypo`",
    )
  }
  requireKind(
    faceting?.maxValuesPerFacet,
    "integer",
    ".faceting.maxValuesPerFacet",
    "invalid_settings_faceting_max_values_per_facet",
  )
  requireKind(pagination?.maxTotalHits, "integer", ".pagination.maxTotalHits", "invalid_settings_pagination")
}

/** The settings after `body`: what is not in it stays, null goes back to the default. */
export function mergeSettings(old: Settings, body: Partial<Settings>): Settings {
  const plain = defaults() as unknown as Record<string, unknown>
  const merged = { ...(old as unknown as Record<string, unknown>) }
  for (const [name, value] of Object.entries(body)) {
    if (value === null) merged[name] = plain[name]
    else if (INNER[name]) merged[name] = { ...(merged[name] as object), ...(value as object) }
    else merged[name] = value
  }
  const settings = merged as unknown as Settings
  // Sets are answered in order, whatever order they came in; a facet order always has its `*`.
  for (const name of ["filterableAttributes", "sortableAttributes", "stopWords"] as const) {
    settings[name] = [...new Set(settings[name])].sort()
  }
  settings.separatorTokens = [...new Set(settings.separatorTokens)].sort()
  settings.nonSeparatorTokens = [...new Set(settings.nonSeparatorTokens)].sort()
  const { sortFacetValuesBy } = settings.faceting
  settings.faceting = { ...settings.faceting, sortFacetValuesBy: { "*": "alpha", ...sortFacetValuesBy } }
  return settings
}

/** Whether an attribute is covered: `price` covers `price.eur` too. */
export function covers(list: readonly string[], attribute: string): boolean {
  return list.some((it) => it === "*" || it === attribute || attribute.startsWith(`${it}.`))
}
