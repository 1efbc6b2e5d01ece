import { z } from "@hono/zod-openapi"
import {
  booleanText,
  freeText,
  instantFilter,
  keyFilter,
  textFilter,
  withGroups,
} from "../../../medusa/filter-parameters.ts"
import type { Services } from "../../counter.ts"
import { lane } from "../lane.ts"
import { orderOf, pageAnswer, pageOf, pageParameters } from "../page.ts"
import type { Products } from "./answer.ts"
import { contextParameters, ProductAnswer } from "./schema.ts"
import { isForEveryone } from "./shopper.ts"

const DEFAULT_LIMIT = 50
/** More at once is for Medusa, which has all the time in the world. */
export const MOST_ROWS = 1_000

/** `null` and no value at all mean to Medusa that nothing was asked. */
const ids = z
  .union([z.string().min(1), z.array(z.string()).min(1)])
  .refine((it) => it !== "null")
  .transform((it) => (typeof it === "string" ? [it] : it))

const columns = {
  id: keyFilter.optional(),
  title: textFilter.optional(),
  handle: keyFilter.optional(),
  is_giftcard: booleanText.optional(),
  external_id: textFilter.optional(),
  collection_id: textFilter.optional(),
  type_id: textFilter.optional(),
  created_at: instantFilter.optional(),
  updated_at: instantFilter.optional(),
  deleted_at: instantFilter.optional(),
}

const ORDERS = ["id", "title", "handle", "created_at", "updated_at"] as const

export const listProducts = (services: Services, products: Products) =>
  lane({
    method: "get",
    path: "/store/products",
    summary: "List products",
    description:
      "Published products of the key's sales channels. With `region_id`, or a price among the `fields`, with the caller's prices.",
    query: z.object({
      ...contextParameters,
      ...withGroups(columns),
      q: freeText.optional(),
      tag_id: ids.optional(),
      category_id: ids.optional(),
      option_id: ids.optional(),
      option_value_id: ids.optional(),
      ...pageParameters(ORDERS),
    }),
    answer: pageAnswer("products", ProductAnswer),
    shared: isForEveryone,
    async handle(c, query) {
      const { fields, region_id, country_code, province, cart_id, sales_channel_id, ...rest } = query
      const { limit: most, offset: begin, order = "id", ...filters } = rest
      const { limit, offset } = pageOf({ limit: most, offset: begin }, DEFAULT_LIMIT)
      if (limit === 0 || limit > MOST_ROWS) return undefined
      const channels = channelsFor(c.get("publishableKey").sales_channel_ids, sales_channel_id)
      if (!channels) return undefined
      const manner = await products.manner(c, query)
      if (!manner) return undefined

      const listing = {
        filters,
        channels: services.store.has_several_channels ? channels : undefined,
        order: orderOf(order),
        offset,
        limit,
      }
      return await products.kept(JSON.stringify(listing), manner, async () => {
        const page = await services.catalog.listings.products(listing)
        if (!page) return undefined
        const documents = await services.catalog.documents.get(page.rows.map((it) => it.id))
        // A product that is so new that its document is not built yet.
        if (documents.length < page.rows.length) return undefined
        const texts = await products.texts(documents, manner, false)
        return texts && `{"products":[${texts.join(",")}],"count":${page.count},"offset":${offset},"limit":${limit}}`
      })
    },
  })

/**
 * The channels that a request may see: those of its key, or some of them.
 *
 * @returns undefined for a mistake, which Medusa names
 * @source Medusa 2.21 `medusa/dist/api/utils/middlewares/products/filter-by-valid-sales-channels.js`
 */
export function channelsFor(ofKey: string[], asked: string[] | undefined): string[] | undefined {
  const channels = asked ?? ofKey
  return channels.length > 0 && channels.every((it) => ofKey.includes(it)) ? channels : undefined
}
