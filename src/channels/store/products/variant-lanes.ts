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
import { WireError } from "../../errors.ts"
import { lane } from "../lane.ts"
import { orderOf, pageAnswer, pageOf, pageParameters } from "../page.ts"
import { channelsFor, MOST_ROWS } from "./list.ts"
import { contextParameters, VariantAnswer } from "./schema.ts"
import { isForEveryone } from "./shopper.ts"
import type { Variants } from "./variant-answer.ts"

const DEFAULT_LIMIT = 20
const ORDERS = ["id", "sku", "created_at", "updated_at"] as const

const columns = {
  id: keyFilter.optional(),
  sku: textFilter.optional(),
  product_id: textFilter.optional(),
  allow_backorder: booleanText.optional(),
  manage_inventory: booleanText.optional(),
  created_at: instantFilter.optional(),
  updated_at: instantFilter.optional(),
  deleted_at: instantFilter.optional(),
}

export const listVariants = ({ catalog }: Services, variants: Variants) =>
  lane({
    method: "get",
    path: "/store/product-variants",
    summary: "List variants",
    description: "Variants of published products of the key's sales channels.",
    query: z.object({
      ...contextParameters,
      ...withGroups(columns),
      q: freeText.optional(),
      ...pageParameters(ORDERS),
    }),
    answer: pageAnswer("variants", VariantAnswer),
    shared: isForEveryone,
    async handle(c, query) {
      const { fields, region_id, country_code, province, cart_id, sales_channel_id, ...rest } = query
      const { limit: most, offset: begin, order = "id", ...filters } = rest
      const { limit, offset } = pageOf({ limit: most, offset: begin }, DEFAULT_LIMIT)
      if (limit === 0 || limit > MOST_ROWS) return undefined
      const channels = channelsFor(c.get("publishableKey").sales_channel_ids, sales_channel_id)
      if (!channels) return undefined
      const page = await catalog.listings.variants({
        filters,
        channels,
        order: orderOf(order),
        offset,
        limit,
      })
      if (!page) return undefined
      const documents = new Map(
        (await catalog.documents.get([...new Set(page.rows.map((it) => it.product_id))])).map((it) => [
          it.product_id,
          it,
        ]),
      )
      const found = page.rows.flatMap(({ id, product_id }) => {
        const document = documents.get(product_id)
        const variant = document?.product.variants.find((it) => it.id === id)
        return document && variant ? [{ document, variant }] : []
      })
      // One that is so new that its document is not built yet.
      if (found.length < page.rows.length) return undefined
      const rows = await variants.show(c, query, found)
      return rows && { variants: rows, count: page.count, offset, limit }
    },
  })

export const getVariant = ({ catalog, database: { sql } }: Services, variants: Variants) =>
  lane({
    method: "get",
    path: "/store/product-variants/{id}",
    summary: "Get a variant",
    params: z.object({ id: z.string().openapi({ example: "variant_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    query: z.object(contextParameters),
    answer: z.object({ variant: VariantAnswer }),
    errors: { 404: "There is no such variant, or its product is not published in the key's sales channels." },
    shared: isForEveryone,
    async handle(c, query) {
      const id = c.req.param("id") ?? ""
      const channels = channelsFor(c.get("publishableKey").sales_channel_ids, query.sales_channel_id)
      if (!channels) return undefined
      const [row] = await sql<{ product_id: string }[]>`
        select product_id from product_variant where id = ${id} and deleted_at is null and product_id is not null`
      const [document] = row ? await catalog.documents.get([row.product_id]) : []
      const variant = document?.product.variants.find((it) => it.id === id)
      // So new that its document is not built yet.
      if (row && !variant) return undefined
      const shown = document && variant && document.visible_in.some((it) => channels.includes(it))
      // Also of one that is not there: a mistake in the caller's context comes first.
      const rows = await variants.show(c, query, shown ? [{ document, variant }] : [])
      if (rows && !shown) throw new WireError(404, "not_found", `Product variant with id: ${id} was not found`)
      return rows && { variant: rows[0] }
    },
  })
