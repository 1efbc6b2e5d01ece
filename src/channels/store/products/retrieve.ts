import { z } from "@hono/zod-openapi"
import type { Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { lane } from "../lane.ts"
import type { Products } from "./answer.ts"
import { channelsFor } from "./list.ts"
import { contextParameters, ProductAnswer } from "./schema.ts"
import { isForEveryone } from "./shopper.ts"

export const getProduct = ({ catalog, database: { sql } }: Services, products: Products) =>
  lane({
    method: "get",
    path: "/store/products/{id}",
    summary: "Get a product",
    params: z.object({ id: z.string().openapi({ example: "prod_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    query: z.object(contextParameters),
    answer: z.object({ product: ProductAnswer }),
    errors: { 404: "There is no such product, or it is not published in the key's sales channels." },
    shared: isForEveryone,
    async handle(c, query) {
      const id = c.req.param("id") ?? ""
      const channels = channelsFor(c.get("publishableKey").sales_channel_ids, query.sales_channel_id)
      if (!channels) return undefined
      const manner = await products.manner(c, query)
      if (!manner) return undefined
      const [document] = await catalog.documents.get([id])
      // So new that its document is not built yet.
      if (!document && (await sql`select from product where id = ${id} and deleted_at is null`).length > 0)
        return undefined
      if (!document?.visible_in.some((it) => channels.includes(it))) {
        throw new WireError(404, "not_found", `Product with id: ${id} was not found`)
      }
      const texts = await products.texts([document], manner, true)
      return texts && `{"product":${texts[0]}}`
    },
  })
