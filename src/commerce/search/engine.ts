/**
 * A product as search engines hold it: what can be searched, filtered, sorted and shown of it, and nothing else.
 * Field names are the index's own names in filters, facets and orders of Medusa's `POST /store/search`.
 */
export interface SearchDocument {
  id: string
  title: string
  subtitle: string | null
  description: string | null
  handle: string
  thumbnail: string | null
  status: "published"
  /** Milliseconds since 1970, so that every engine can sort and compare them. */
  created_at: number
  updated_at: number
  collection_id: string | null
  collection_title: string | null
  type_id: string | null
  type: string | null
  tag_ids: string[]
  tags: string[]
  /** Active public categories, each with all its ancestors: a filter by one finds what is below it. */
  category_ids: string[]
  categories: string[]
  /** `Color:Azul cielo`, one for each value that a variant has. */
  options: string[]
  option_value_ids: string[]
  /** Found only by the whole of them, whatever the case. */
  skus: string[]
  barcodes: string[]
  variant_ids: string[]
  /** Who may see it: every search is narrowed to its channels. */
  sales_channel_ids: string[]
  /** Lowest price of its variants that anyone pays today, by currency: `{ eur: 19.9 }`. */
  price: Record<string, number>
  in_stock_sales_channel_ids: string[]
  in_stock_location_ids: string[]
}

type Value = string | number | boolean | null

/** As Medusa's search takes them: `price.eur` and the like are fields too. */
export interface FieldOperators {
  $eq?: Value
  $ne?: Value
  $in?: Value[]
  $nin?: Value[]
  $lt?: Value
  $lte?: Value
  $gt?: Value
  $gte?: Value
  $exists?: boolean
  $contains?: Value | Value[]
  $overlaps?: Value[]
  $prefix?: string
  $like?: string
}

/** A tree of conditions over fields of `SearchDocument`; what stands beside each other must all hold. */
export interface Filters {
  $and?: Filters[]
  $or?: Filters[]
  $not?: Filters
  [field: string]: Value | Value[] | FieldOperators | Filters | Filters[] | undefined
}

export type Facet =
  | { field: string; type: "value"; limit: number; sort: "count" | "alpha"; query?: string }
  | { field: string; type: "range"; ranges: { key?: string; from?: number | string; to?: number | string }[] }
  | { field: string; type: "stats" }

export interface SearchQuery {
  /** Sales channels of the caller's key; nothing outside of them is ever found, counted or completed. */
  channels: string[]
  q: string
  filters?: Filters
  facets: Facet[]
  /** Whether each facet counts as if its own filter were not there, so that a shopper can choose a second value. */
  disjunctive: boolean
  highlight?: { fields?: string[]; pre_tag: string; post_tag: string; snippet_words?: number }
  searchOn?: string[]
  match: "all" | "any" | "last"
  typos: boolean
  /** In order of weight; `_score` is the relevance. None: by relevance, and by id where it is the same. */
  order: { field: string; direction: "ASC" | "DESC" }[]
  skip: number
  take: number
}

export interface Hit {
  id: string
  document: SearchDocument
  score: number
  /** By field: the text with its matches in tags, everything else escaped by nobody. */
  highlights?: Record<string, string | string[]>
}

export type FacetResult =
  | { field: string; type: "value"; values: { value: string; count: number }[] }
  | { field: string; type: "range"; ranges: { key: string; count: number }[] }
  | {
      field: string
      type: "stats"
      min: number | null
      max: number | null
      avg: number | null
      sum: number
      count: number
    }

export interface SearchResult {
  hits: Hit[]
  /** How many there are in all. */
  count: number
  facets: FacetResult[]
  /** Milliseconds that the engine took. */
  took: number
}

/** A field that the index does not have, or cannot be used for this. */
export class UnknownSearchField extends Error {
  constructor(
    readonly field: string,
    readonly use: "filter" | "facet" | "order" | "search",
  ) {
    super(`The product index has no field "${field}" to ${use} by`)
  }
}

/** A filter asks of a field what no search can: `$gt` of a list, a word where a number stands. */
export class InvalidSearch extends Error {}

/** The engine cannot answer now; another one may. */
export class SearchUnavailable extends Error {}

/** The engine is well and will never answer this; Postgres does. */
export class BeyondEngine extends Error {}

/** What the counter searches with. Several queries are answered in one go, in their order. */
export interface SearchEngine {
  readonly name: "postgres" | "meilisearch"
  /**
   * @throws UnknownSearchField
   * @throws InvalidSearch
   * @throws SearchUnavailable
   * @throws BeyondEngine but not in Postgres
   */
  search(queries: SearchQuery[]): Promise<SearchResult[]>
}
