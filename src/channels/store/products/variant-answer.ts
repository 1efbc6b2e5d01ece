import type { Context } from "hono"
import type { Product, ProductDocument, Variant } from "../../../commerce/catalog/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { createPrices, NotOurs } from "./prices.ts"
import { pick, variantImages } from "./render.ts"
import { type Shopper, type ShopperQuery, shopperOf } from "./shopper.ts"
import { stockChannel, stockOf } from "./stock.ts"
import { type ShownVariant, selectVariant } from "./variant-fields.ts"

type Row = Record<string, unknown>

/** Shows variants as a request wants them. */
export interface Variants {
  /** @returns undefined when the request wants something that only Medusa can tell */
  show(
    c: Context<Counter>,
    query: ShopperQuery & { fields?: string | undefined; sales_channel_id?: string[] | undefined },
    variants: { variant: Variant; document: ProductDocument }[],
  ): Promise<Row[] | undefined>
}

export function createVariants(services: Services): Variants {
  const prices = createPrices(services)
  return {
    async show(c, query, variants) {
      const shown = selectVariant(query.fields, Boolean(query.region_id))
      if (!shown) return undefined
      const shopper = shown.price ? await shopperOf(c, services, query) : undefined
      if (shown.price && !shopper) return undefined
      const channel = stockChannel(c, query.sales_channel_id)
      if (shown.inventory && !channel) return undefined
      // Which variants an image belongs to would be shown too.
      const assigned = variants.some(({ document }) => document.product.variants.some((it) => it.image_ids.length > 0))
      if (shown.images === true && assigned) return undefined

      const stock = shown.inventory && channel ? await stockOf(services, variants, channel) : undefined
      try {
        return variants.map(({ variant, document }) => ({
          ...rowOf(variant, document, shown),
          ...(shopper ? priceOf(variant, document, shown, shopper) : {}),
          ...(stock?.has(variant.id) ? { inventory_quantity: stock.get(variant.id) } : {}),
        }))
      } catch (error) {
        if (error instanceof NotOurs) return undefined
        throw error
      }
    },
  }

  /** Without its product's id, Medusa does not know how a variant is taxed, and without its type not all about it. */
  function priceOf(variant: Variant, document: ProductDocument, shown: ShownVariant, shopper: Shopper): Row {
    const { address, ...elsewhere } = shopper
    const taxed = shown.columns.includes("product_id") && address
    const typeId = shown.product?.includes("type_id") ? document.product.type_id : null
    const price = prices.of(document, taxed ? shopper : elsewhere, typeId)(variant)
    return price === undefined ? {} : { calculated_price: price }
  }
}

/** @source Medusa 2.21 `product/dist/services/product-module-service.js`, `listProductVariants` */
function rowOf(variant: Variant, { product }: ProductDocument, shown: ShownVariant): Row {
  const row = pick(variant, shown.columns) as Row
  if (shown.product) row.product = pick(product, shown.product)
  if (shown.options) {
    row.options = variant.options.map((value) => ({
      ...pick(value, shown.options ?? []),
      ...(shown.options === true ? { option: { id: value.option_id } } : {}),
    }))
  }
  if (shown.images) {
    // Here by their ids, not by their ranks.
    const images = variantImages(product, variant).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    row.images =
      shown.images === true
        ? images.map((image) => ({ ...image, product: productOfImage(product, shown.product), variants: [] }))
        : images.map((image) => pick(image, shown.images ?? []))
  }
  return row
}

/** As much of the product as Medusa has happened to load. */
function productOfImage(product: Product, shown: ShownVariant["product"]): Row {
  const type = { type: product.type_id === null ? null : { id: product.type_id } }
  if (shown) return { ...pick(product, shown), ...(shown.includes("type_id") ? type : {}) }
  const { options: _, tags, images, categories, variants, ...columns } = product
  return { ...columns, ...type, collection: product.collection_id === null ? null : { id: product.collection_id } }
}
