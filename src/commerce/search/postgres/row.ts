import type { SearchDocument } from "../engine.ts"
import type { SearchedField } from "../fields.ts"
import { toText } from "../filters.ts"
import { codeOf, wordsOf } from "../words.ts"

/** Fields whose values stand in `search_set`. */
export const SET_FIELDS = [
  "sales_channel_ids",
  "category_ids",
  "categories",
  "tag_ids",
  "tags",
  "collection_id",
  "collection_title",
  "type_id",
  "type",
  "options",
  "in_stock_sales_channel_ids",
  "in_stock_location_ids",
] as const
export type SetField = (typeof SET_FIELDS)[number]

/**
 * How heavy the words of a field are. A tsvector has four weights only, so those that share one can also be asked for
 * by themselves: each of their words stands there twice, as `lino` and as `/g/lino`, which no beginning of a word finds.
 */
export const FIELD_MARKS: Record<SearchedField, { weight: "A" | "B" | "C" | "D"; prefix?: string }> = {
  title: { weight: "A" },
  categories: { weight: "B", prefix: "/c/" },
  tags: { weight: "B", prefix: "/g/" },
  collection_title: { weight: "B", prefix: "/l/" },
  type: { weight: "B", prefix: "/y/" },
  options: { weight: "B", prefix: "/o/" },
  subtitle: { weight: "C" },
  description: { weight: "D" },
  // A code stands there as a whole, under its prefix only: no word and no beginning of a word finds it.
  skus: { weight: "A", prefix: "/k/" },
  barcodes: { weight: "A", prefix: "/b/" },
}
const POSITIONS = { A: 1, B: 2, C: 3, D: 4 }
/** Of a description: beyond them it is no longer a description, and a tsvector has its limits. */
const MOST_WORDS = 3_000

export interface SearchRow {
  product_id: string
  words: string
  title: string
  created_at: number
  updated_at: number
  price: Record<string, number>
  sets: Record<SetField, string[]>
}

/** A document as its row, and the words that it adds to those that are known. */
export function toRow(document: SearchDocument): { row: SearchRow; vocabulary: Set<string> } {
  const weights = new Map<string, Set<"A" | "B" | "C" | "D">>()
  const vocabulary = new Set<string>()
  const add = (word: string, weight: "A" | "B" | "C" | "D") => {
    const known = weights.get(word)
    if (known) known.add(weight)
    else weights.set(word, new Set([weight]))
  }
  const addText = (field: SearchedField, text: string) => {
    const { weight, prefix } = FIELD_MARKS[field]
    for (const word of wordsOf(text).slice(0, MOST_WORDS)) {
      add(word, weight)
      if (prefix) add(prefix + word, weight)
      if (isSpelt(word)) vocabulary.add(word)
    }
  }
  addText("title", document.title)
  for (const name of document.categories) addText("categories", name)
  for (const tag of document.tags) addText("tags", tag)
  addText("collection_title", document.collection_title ?? "")
  addText("type", document.type ?? "")
  // `Color:Azul cielo`: shoppers look for the value.
  for (const option of document.options) addText("options", option.slice(option.indexOf(":") + 1))
  addText("subtitle", document.subtitle ?? "")
  addText("description", document.description ?? "")
  for (const sku of document.skus) add(`/k/${codeOf(sku)}`, "A")
  for (const barcode of document.barcodes) add(`/b/${codeOf(barcode)}`, "A")

  const all = (values: string[]) => [...new Set(values.map(toMember))]
  const one = (value: string | null) => (value === null ? [] : [toMember(value)])
  return {
    vocabulary,
    row: {
      product_id: document.id,
      words: [...weights].map(([word, at]) => `${lexeme(word)}:${[...at].map((it) => POSITIONS[it] + it)}`).join(" "),
      title: wordsOf(document.title).join(" "),
      created_at: document.created_at,
      updated_at: document.updated_at,
      price: document.price,
      sets: {
        sales_channel_ids: all(document.sales_channel_ids),
        category_ids: all(document.category_ids),
        categories: all(document.categories),
        tag_ids: all(document.tag_ids),
        tags: all(document.tags),
        collection_id: one(document.collection_id),
        collection_title: one(document.collection_title),
        type_id: one(document.type_id),
        type: one(document.type),
        options: all(document.options),
        in_stock_sales_channel_ids: all(document.in_stock_sales_channel_ids),
        in_stock_location_ids: all(document.in_stock_location_ids),
      },
    },
  }
}

/**
 * A value as it stands in a set, and as filters look for it: Postgres has no text with a zero byte in it, and its
 * indexes none of more than 2,700 bytes.
 */
export const toMember = (value: unknown) => [...toText(value).slice(0, 2_000)].slice(0, 500).join("")

/** What is left of a product that nobody is shown. */
export const emptyRow = (product_id: string): SearchRow => ({
  ...{ product_id, words: "", title: "", created_at: 0, updated_at: 0, price: {} },
  sets: Object.fromEntries(SET_FIELDS.map((field) => [field, []])) as unknown as SearchRow["sets"],
})

/** Whether a word can be misspelt, or have forms: numbers and model names are what they are. */
export const isSpelt = (word: string) => word.length >= 2 && word.length <= 40 && /^\p{L}+$/u.test(word)

/** A lexeme as tsvector and tsquery read it, whatever stands in it. */
export const lexeme = (word: string) => `'${word.replace(/'/g, "''").replace(/\\/g, "\\\\")}'`
