import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { Product, Variant } from "../../../commerce/catalog/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { wrongParameter } from "../../parameters.ts"
import { answer } from "../lane.ts"
import { channelsOf, ownRoute, salesChannelParameter } from "../own.ts"
import { createPrices, NotOurs, type Prices } from "../products/prices.ts"
import { variantImages } from "../products/render.ts"
import { ProductAnswer, VariantAnswer } from "../products/schema.ts"
import { type ShopperQuery, shopperOfOwn } from "../products/shopper.ts"
import { stockOf } from "../products/stock.ts"
import { documentsOf, type FoundVariant, type VariantRow } from "./documents.ts"

const MOST_LETTERS = 200
const code = z.string().trim().min(1, "is empty").max(MOST_LETTERS, `is longer than ${MOST_LETTERS} letters`).optional()
const word = z.string().min(1, "is empty").optional()

export const lookUpVariant = (services: Services) => {
  const prices = createPrices(services)
  return ownRoute({
    path: "/store/variants/lookup",
    summary: "Look a variant up by its code",
    description:
      "For scanners: by what stands under the bars (barcode, EAN or UPC), or by SKU, letter for letter. With the caller's price, in his region or the shop's own, and with what the sales channel has left, when it is one.",
    query: z.object({
      barcode: code.openapi({ example: "8437000000013" }),
      sku: code.openapi({ example: "CAMISETA-M-AZUL" }),
      region_id: word.openapi({ example: "reg_01M7ZRVFH8HMMAP027Z42YKK0G" }),
      country_code: word.openapi({ example: "es" }),
      province: word,
      cart_id: word,
      sales_channel_id: salesChannelParameter,
    }),
    answer: {
      description: "The variant, and its product without its other variants.",
      content: { "application/json": { schema: z.object({ variant: VariantAnswer, product: ProductAnswer }) } },
    },
    errors: {
      404: "No variant has this code, or its product is not published in the key's sales channels.",
      503: "A session was sent, and Medusa, which knows whose it is, is not up.",
    },
    async handle(c, { barcode, sku, sales_channel_id, ...context }) {
      if ((barcode === undefined) === (sku === undefined)) {
        throw wrongParameter(undefined, "either barcode or sku is needed, and not both")
      }
      if (context.region_id !== undefined && !services.regions.find(context.region_id)) {
        throw wrongParameter("region_id", `there is no region ${context.region_id}`)
      }
      const channels = channelsOf(c, sales_channel_id)
      const [found] = await findByCode(services, barcode === undefined ? { sku: sku ?? "" } : { barcode }, channels)
      if (!found) {
        const asked = barcode === undefined ? `sku: ${sku}` : `barcode: ${barcode}`
        throw new WireError(404, "not_found", `Product variant with ${asked} was not found`)
      }
      const [price, stock] = await Promise.all([
        priceOf(c, services, prices, context, found),
        channels.length === 1 ? stockOf(services, [found], channels[0] ?? "") : undefined,
      ])
      c.header("Cache-Control", "private, no-cache")
      return answer(c, {
        variant: {
          ...showVariant(found.document.product, found.variant),
          ...(price === undefined ? {} : { calculated_price: price }),
          ...(stock?.has(found.variant.id) ? { inventory_quantity: stock.get(found.variant.id) } : {}),
        },
        product: showProduct(found.document.product),
      })
    },
  })
}

/**
 * Variants of a code, the likeliest first. Each code has an index of its own, so this is one read of three of them, or of
 * one.
 *
 * @param channels  in one of which they are sold; undefined: or in none
 */
export async function findByCode(
  { catalog, database: { sql } }: Services,
  asked: { barcode: string } | { sku: string },
  channels?: string[],
): Promise<FoundVariant[]> {
  const rows =
    "sku" in asked
      ? await sql<VariantRow[]>`
          select variant.id, product_id from product_variant variant
          join product on product.id = product_id and product.deleted_at is null
          where variant.sku = ${asked.sku} and variant.deleted_at is null`
      : await sql<VariantRow[]>`
          select variant.id, product_id from product_variant variant
          join product on product.id = product_id and product.deleted_at is null
          where (barcode = ${asked.barcode} or ean = ${asked.barcode} or upc = ${asked.barcode})
            and variant.deleted_at is null
          order by barcode = ${asked.barcode} desc nulls last, ean = ${asked.barcode} desc nulls last`
  const found = await documentsOf(catalog, rows)
  return channels ? found.filter(({ document }) => document.visible_in.some((it) => channels.includes(it))) : found
}

/** @returns undefined where neither the caller names a region nor the shop has one of its own */
async function priceOf(
  c: Context<Counter>,
  services: Services,
  prices: Prices,
  query: ShopperQuery,
  { document, variant }: FoundVariant,
): Promise<unknown> {
  const shopper = await shopperOfOwn(c, services, query)
  if (!shopper) return undefined
  const typeId = document.product.type_id
  try {
    return prices.of(document, shopper, typeId)(variant) ?? null
  } catch (error) {
    if (!(error instanceof NotOurs)) throw error
    // The taxes of this address are another program's to say: the price without them.
    const { address: _, ...elsewhere } = shopper
    return prices.of(document, elsewhere, typeId)(variant) ?? null
  }
}

function showVariant(product: Product, variant: Variant) {
  const { image_ids: _, options, ...columns } = variant
  const title = (id: string) => product.options.find((it) => it.id === id)?.title ?? null
  return {
    ...columns,
    options: options.map((it) => ({ ...it, option: { id: it.option_id, title: title(it.option_id) } })),
    images: variantImages(product, variant),
  }
}

function showProduct({ variants: _, categories, ...product }: Product) {
  return { ...product, categories: categories.filter((it) => it.is_active && !it.is_internal) }
}
