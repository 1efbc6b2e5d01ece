export { type PublicPriceLists, toSearchDocument } from "./document.ts"
export {
  type Facet,
  type FacetResult,
  type Filters,
  type Hit,
  InvalidSearch,
  type SearchDocument,
  type SearchEngine,
  type SearchQuery,
  type SearchResult,
  SearchUnavailable,
  UnknownSearchField,
} from "./engine.ts"
export { SEARCHED_FIELDS, type SearchField, SHOWN_FIELDS, searchField } from "./fields.ts"
export { DEFAULT_HIGHLIGHT } from "./highlight.ts"
export { type SearchWriter, searchWriter } from "./indexer.ts"
export { isNamed, readLabels } from "./labels.ts"
export {
  connect,
  createSearchTokens,
  type IndexState,
  type MeilisearchOptions,
  type MeilisearchSearch,
  markUnsent,
  openMeilisearch,
  RebuildRuns,
  rebuildMeilisearch,
  type SearchToken,
  type SearchTokens,
} from "./meilisearch/index.ts"
export { type Horizon, narrowQuery, narrowResult } from "./narrow.ts"
export { type OtherEngine, openSearch, type Search, type SearchOptions } from "./search.ts"
export {
  DEFAULT_SEARCH_SETTINGS,
  readSearchSettings,
  SEARCH_LANGUAGES,
  type SearchSettings,
  type SettingsHolder,
} from "./settings.ts"
