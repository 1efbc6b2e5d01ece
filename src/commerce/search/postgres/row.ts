import type { SearchDocument } from "../engine.ts"
import type { SearchedField } from "../fields.ts"
import { toText } from "../filters.ts"
import { codeOf, wordsOf } from "../words.ts"
import type { Weight } from "./word-index.ts"

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
 * How heavy the words of a field are. There are four weights only, so those that share one can also be asked for by
 * themselves: each of their words stands there twice, as `lino` and as `/g/lino`, which no beginning of a word finds.
 */
export const FIELD_MARKS: Record<
  Exclude<SearchedField, keyof typeof CODE_MARKS>,
  { weight: Weight; prefix?: string }
> = {
  title: { weight: "A" },
  categories: { weight: "B", prefix: "/c/" },
  tags: { weight: "B", prefix: "/g/" },
  collection_title: { weight: "B", prefix: "/l/" },
  type: { weight: "B", prefix: "/y/" },
  options: { weight: "B", prefix: "/o/" },
  subtitle: { weight: "C" },
  description: { weight: "D" },
}
/** What tells the codes of one field from those of the other. */
export const CODE_MARKS = { skus: "/k/", barcodes: "/b/" } as const
/** Of a description: beyond them it is no longer a description. */
const MOST_WORDS = 3_000

export interface SearchRow {
  product_id: string
  /** A line for each combination of weights: `AD lino mesa`. */
  word_lines: string
  /** SKUs and barcodes, each with the mark of its field. */
  codes: string[]
  title: string
  created_at: number
  updated_at: number
  price: Record<string, number>
  sets: Record<SetField, string[]>
}

/** A document as its row, and the words that it adds to those that are known. */
export function toRow(document: SearchDocument): { row: SearchRow; vocabulary: Set<string> } {
  const weights = new Map<string, string>()
  const vocabulary = new Set<string>()
  // Fields come from the heaviest to the lightest: so do the letters of each word's weights.
  const add = (word: string, weight: Weight) => {
    const known = weights.get(word) ?? ""
    if (!known.includes(weight)) weights.set(word, known + weight)
  }
  const addText = (field: keyof typeof FIELD_MARKS, text: string) => {
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

  const all = (values: string[]) => [...new Set(values.map(toMember))]
  const one = (value: string | null) => (value === null ? [] : [toMember(value)])
  return {
    vocabulary,
    row: {
      product_id: document.id,
      word_lines: linesOf(weights),
      codes: all([
        ...document.skus.map((it) => CODE_MARKS.skus + codeOf(it)),
        ...document.barcodes.map((it) => CODE_MARKS.barcodes + codeOf(it)),
      ]),
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

/** Words, each with the letters of its weights, as a row has them: the same words are the same text. */
export function linesOf(weights: Map<string, string>): string {
  const lines = new Map<string, string[]>()
  for (const [word, letters] of weights) {
    const line = lines.get(letters)
    if (line) line.push(word)
    else lines.set(letters, [word])
  }
  return [...lines]
    .map(([letters, words]) => [letters, ...words.sort()].join(" "))
    .sort()
    .join("\n")
}

/**
 * A value as it stands in a set, and as filters look for it: Postgres has no text with a zero byte in it, and its
 * indexes none of more than 2,700 bytes.
 */
export const toMember = (value: unknown) => [...toText(value).slice(0, 2_000)].slice(0, 500).join("")

/** What is left of a product that nobody is shown. */
export const emptyRow = (product_id: string): SearchRow => ({
  ...{ product_id, word_lines: "", codes: [], title: "", created_at: 0, updated_at: 0, price: {} },
  sets: Object.fromEntries(SET_FIELDS.map((field) => [field, []])) as unknown as SearchRow["sets"],
})

/** Whether a word can be misspelt, or have forms: numbers and model names are what they are. */
export const isSpelt = (word: string) => word.length >= 2 && word.length <= 40 && /^\p{L}+$/u.test(word)
