import type { Context } from "hono"
import type { Category, ProductDocument, Variant } from "../../../commerce/catalog/index.ts"
import { Kept } from "../../../platform/kept.ts"
import type { Counter, Services } from "../../counter.ts"
import { Made } from "../lane.ts"
import { type ProductSelection, selectProduct } from "./fields.ts"
import { createPrices, NotOurs } from "./prices.ts"
import { categoryRows, joinProduct, type RenderedProduct, renderProduct } from "./render.ts"
import { type Shopper, type ShopperQuery, shopperOf } from "./shopper.ts"
import { stockChannel, stockOf } from "./stock.ts"

/** How a request wants its products shown. */
export interface Manner {
  selection: ProductSelection
  /** Undefined when no prices are asked for. */
  shopper?: Shopper
  /** The channel whose stock is shown; undefined when none is. */
  stock_channel_id?: string
}

/** Shows products as a request wants them. */
export interface Products {
  /** @returns undefined when the request wants something that only Medusa can tell */
  manner(
    c: Context<Counter>,
    query: ShopperQuery & { fields?: string | undefined; sales_channel_id?: string[] | undefined },
  ): Promise<Manner | undefined>
  /**
   * @param one  a single product is shown: Medusa then lets nobody see its internal categories, and something of all others
   * @returns each product as JSON; undefined as above
   */
  texts(documents: ProductDocument[], manner: Manner, one: boolean): Promise<string[] | undefined>
  /**
   * An answer that was given before, as long as nothing has changed that it could hang on; else makes it. One that shows
   * stock is made each time.
   *
   * @param question  all that the answer hangs on besides the manner
   */
  kept(question: string, manner: Manner, make: () => Promise<string | undefined>): Promise<Made | undefined>
}

/** Rendered products that are kept, some thousands; and whole answers, some hundreds. */
const MOST_PRODUCT_BYTES = 24 * 1024 * 1024
const MOST_ANSWER_BYTES = 24 * 1024 * 1024

export function createProducts(services: Services): Products {
  const prices = createPrices(services)
  const rendered = new Kept<RenderedProduct>(MOST_PRODUCT_BYTES)
  const answers = new Kept<Made>(MOST_ANSWER_BYTES)

  function render(document: ProductDocument, { selection, shopper }: Manner): RenderedProduct {
    const priced = shopper ? `${shopper.key} ${prices.epoch()}` : ""
    const key = `${document.product_id} ${document.version} ${priced} ${selection.key}`
    const known = rendered.find(key)
    if (known) return known
    const typeId = selection.withTypeId ? document.product.type_id : null
    const made = renderProduct(document, selection, shopper ? prices.of(document, shopper, typeId) : () => undefined)
    const size = made.pieces.reduce((sum, piece) => sum + piece.length, 0)
    return rendered.keep(key, made, size)
  }

  async function stockTexts(documents: ProductDocument[], channel: string): Promise<(variant: Variant) => string> {
    const variants = documents.flatMap((document) =>
      document.product.variants.map((variant) => ({ document, variant })),
    )
    const available = await stockOf(services, variants, channel)
    return ({ id }) => (available.has(id) ? `,"inventory_quantity":${available.get(id)}` : "")
  }

  return {
    async manner(c, query) {
      const selection = selectProduct(query.fields, Boolean(query.region_id))
      if (!selection) return undefined
      const manner: Manner = { selection }
      if (selection.variants?.price) {
        const shopper = await shopperOf(c, services, query)
        if (!shopper) return undefined
        manner.shopper = shopper
      }
      if (selection.variants?.inventory) {
        const channel = stockChannel(c, query.sales_channel_id)
        if (channel === undefined) return undefined
        manner.stock_channel_id = channel
      }
      return manner
    },

    async kept(question, { selection, shopper, stock_channel_id }, make) {
      // As of now: what changes while it is made is told under another version.
      const asOf = `${services.catalog.changes.version} ${shopper ? `${shopper.key} ${prices.epoch()}` : ""}`
      const key = `${asOf} ${selection.key} ${question}`
      const known = stock_channel_id === undefined ? answers.find(key) : undefined
      if (known) return known
      const text = await make()
      if (text === undefined) return undefined
      const made = new Made(text)
      return stock_channel_id === undefined ? answers.keep(key, made, made.bytes.byteLength) : made
    },

    async texts(documents, manner, one) {
      try {
        const pieces = documents.map((document) => render(document, manner))
        const more = documents.map((document) => categoriesShown(document, documents, manner.selection, one))
        if (!more.every((it) => it !== undefined)) return undefined
        const stock = manner.stock_channel_id && (await stockTexts(documents, manner.stock_channel_id))
        return pieces.map((it, index) => joinProduct(it, stock || undefined, more[index] ?? {}))
      } catch (error) {
        if (error instanceof NotOurs) return undefined
        throw error
      }
    },
  }
}

/**
 * @returns what an answer says of its products' categories: nothing unless asked, but that they are not internal where
 *   one product is shown; undefined when only Medusa can tell
 * @source Medusa 2.21 `medusa/dist/api/store/products/[id]/route.js`
 */
function categoriesShown(
  { product }: ProductDocument,
  all: ProductDocument[],
  { categories }: ProductSelection,
  one: boolean,
): Record<string, unknown> | undefined {
  if (!categories) return one ? { categories: product.categories.map(({ is_internal }) => ({ is_internal })) } : {}
  const loaded = new Map<string, Category>(all.flatMap((it) => it.product.categories.map((row) => [row.id, row])))
  const rows = categoryRows(product.categories, loaded)
  return rows && { categories: one ? rows.filter((it) => !it.is_internal) : rows }
}
