/** What the index of products can do with one of its fields. */
export interface SearchField {
  kind: "text" | "keyword" | "number" | "date"
  /** Holds several values. */
  array: boolean
  /** Whether words are looked for in it. `codes` are found by the whole of them only. */
  searchable: false | "words" | "codes"
  filterable: boolean
  sortable: boolean
  facets: readonly ("value" | "range" | "stats")[]
}

const field = (more: Partial<SearchField>): SearchField => ({
  kind: "keyword",
  array: false,
  searchable: false,
  filterable: false,
  sortable: false,
  facets: [],
  ...more,
})
const id = field({ filterable: true, facets: ["value"] })
const ids = field({ array: true, filterable: true, facets: ["value"] })
const labels = field({ array: true, searchable: "words", filterable: true, facets: ["value"] })
const codes = field({ array: true, searchable: "codes", filterable: true })
const date = field({ kind: "date", filterable: true, sortable: true, facets: ["range", "stats"] })

const FIELDS: Record<string, SearchField> = {
  id: field({ filterable: true }),
  title: field({ kind: "text", searchable: "words", filterable: true, sortable: true }),
  subtitle: field({ kind: "text", searchable: "words" }),
  description: field({ kind: "text", searchable: "words" }),
  handle: field({ filterable: true }),
  thumbnail: field({}),
  status: field({ filterable: true }),
  created_at: date,
  updated_at: date,
  collection_id: id,
  collection_title: field({ searchable: "words", filterable: true, facets: ["value"] }),
  type_id: id,
  type: field({ searchable: "words", filterable: true, facets: ["value"] }),
  tag_ids: ids,
  tags: labels,
  category_ids: ids,
  categories: labels,
  options: labels,
  option_value_ids: field({ array: true, filterable: true }),
  skus: codes,
  barcodes: codes,
  variant_ids: field({ array: true, filterable: true }),
  sales_channel_ids: field({ array: true, filterable: true }),
  in_stock_sales_channel_ids: ids,
  in_stock_location_ids: ids,
}
const PRICE = field({ kind: "number", filterable: true, sortable: true, facets: ["range", "stats"] })

/** @returns the field of this name; `price.eur` and the like for every currency; undefined when there is none */
export function searchField(name: string): SearchField | undefined {
  if (/^price\.[a-z]{3}$/.test(name)) return PRICE
  return Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
}

/** Fields in which words are looked for, those that weigh most first; `skus` and `barcodes` need the whole code. */
export const SEARCHED_FIELDS = [
  "title",
  "categories",
  "tags",
  "collection_title",
  "type",
  "options",
  "subtitle",
  "description",
  "skus",
  "barcodes",
] as const
export type SearchedField = (typeof SEARCHED_FIELDS)[number]

/** Fields that a hit can show; prices come as one object. */
export const SHOWN_FIELDS = [...Object.keys(FIELDS), "price"] as const
