import type { Category, Product, ProductDocument, Variant } from "../../../commerce/catalog/index.ts"
import type { Columns, ProductSelection, VariantSelection } from "./fields.ts"

type Row = Record<string, unknown>

/**
 * A product as text, cut open where its variants' stock goes: `pieces` has one more than there are variants, and what
 * is known of a variant's stock stands between two of them.
 */
export interface RenderedProduct {
  pieces: readonly string[]
  variants: readonly Variant[]
}

/** What a variant costs, as it is shown; undefined leaves the price out. */
export type PriceOf = (variant: Variant) => unknown

/**
 * A product as Medusa shows it, but for its variants' stock and its categories, which hang on more than its document.
 *
 * @source Medusa 2.21 `medusa/dist/api/store/products`, and `utils/dist/dal/mikro-orm/mikro-orm-serializer.js`
 */
export function renderProduct(
  { product }: ProductDocument,
  selection: ProductSelection,
  priceOf: PriceOf,
): RenderedProduct {
  const row = product as unknown as Row
  const shown: Row = {}
  for (const column of selection.columns) shown[column] = row[column]
  if (selection.type) shown.type = one(product.type, selection.type)
  if (selection.collection) shown.collection = one(product.collection, selection.collection)
  if (selection.options) {
    const { columns, values } = selection.options
    shown.options = product.options.map(({ values: all, ...option }) => ({
      ...pick(option, columns),
      ...(values ? { values: pickAll(all, values) } : {}),
    }))
  }
  if (selection.tags) shown.tags = pickAll(product.tags, selection.tags)
  if (selection.images) shown.images = pickAll(product.images, selection.images)
  const text = JSON.stringify(shown)
  const { variants: wanted } = selection
  if (!wanted) return { pieces: [text.slice(0, -1)], variants: [] }

  const texts = product.variants.map((variant) => JSON.stringify(variantRow(product, variant, wanted, priceOf)))
  const pieces = texts.map((it, index) =>
    index === 0 ? `${opened(text)}"variants":[${it.slice(0, -1)}` : `},${it.slice(0, -1)}`,
  )
  pieces.push(texts.length === 0 ? `${opened(text)}"variants":[]` : "}]")
  return { pieces, variants: product.variants }
}

function variantRow(product: Product, variant: Variant, wanted: VariantSelection, priceOf: PriceOf): Row {
  const { options, image_ids, ...columns } = variant
  const shown: Row = { ...pick(columns, wanted.columns) }
  if (wanted.options) {
    const { columns: optionColumns, option } = wanted.options
    shown.options = options.map((value) => ({
      ...pick(value, optionColumns),
      ...(option ? { option: optionOf(product, value.option_id, option) } : {}),
    }))
  }
  if (wanted.images) shown.images = variantImages(product, variant)
  if (wanted.price) {
    const price = priceOf(variant)
    if (price !== undefined) shown.calculated_price = price
  }
  return shown
}

function optionOf(product: Product, id: string, how: "whole" | "id"): Row {
  const option = how === "whole" ? product.options.find((it) => it.id === id) : undefined
  if (!option) return { id }
  const { values: _, ...columns } = option
  return columns
}

/**
 * Those of the product that belong to no variant, and those that belong to this one.
 *
 * @source Medusa 2.21 `product/dist/services/product-module-service.js`, `assignImagesToVariants`
 */
export function variantImages(product: Product, variant: Variant): Product["images"] {
  const assigned = new Set(product.variants.flatMap((it) => it.image_ids))
  return product.images.filter((image) => !assigned.has(image.id) || variant.image_ids.includes(image.id))
}

/** Whole or in columns; null stays null. */
const one = (row: object | null, columns: Columns) => (row === null ? null : pick(row, columns))
const pickAll = (rows: object[], columns: Columns) => (columns === true ? rows : rows.map((it) => pick(it, columns)))

/** Columns of a row, those that it has. */
export function pick(row: object, columns: Columns): object {
  if (columns === true) return row
  const picked: Row = {}
  for (const column of columns) if (column in row) picked[column] = (row as Row)[column]
  return picked
}

/** An object's text, ready for one more key. */
const opened = (text: string) => (text === "{}" ? "{" : `${text.slice(0, -1)},`)

/**
 * Categories with their parents, as far as these are categories of the same answer: then Medusa has them loaded.
 *
 * @param loaded  all categories of the answer, by id
 * @returns undefined where a parent has a parent of its own: how far Medusa follows then hangs on what it has loaded
 */
export function categoryRows(categories: Category[], loaded: ReadonlyMap<string, Category>): Row[] | undefined {
  const rows: Row[] = []
  for (const category of categories) {
    const { parent_category_id } = category
    const parent = parent_category_id === null ? undefined : loaded.get(parent_category_id)
    if (parent && parent.parent_category_id !== null) return undefined
    rows.push({
      ...category,
      parent_category: parent_category_id === null ? null : (parent ?? { id: parent_category_id }),
    })
  }
  return rows
}

/** Puts a product together: its text, what is known of its variants' stock, and what more it has. */
export function joinProduct(
  { pieces, variants }: RenderedProduct,
  stockOf: ((variant: Variant) => string) | undefined,
  more: Row,
): string {
  let text = pieces[0] ?? "{"
  for (let index = 1; index < pieces.length; index++) {
    const variant = variants[index - 1]
    text += (stockOf && variant ? stockOf(variant) : "") + pieces[index]
  }
  for (const [key, value] of Object.entries(more)) {
    text += `${text === "{" ? "" : ","}${JSON.stringify(key)}:${JSON.stringify(value)}`
  }
  return `${text}}`
}
