import { z } from "@hono/zod-openapi"
import { isOddOrder, ODD, readOrder } from "../../../commerce/orders/index.ts"
import type { Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { lane } from "../lane.ts"
import { showOrder } from "./answer.ts"
import { selectOrder } from "./fields.ts"
import { OrderAnswer } from "./schema.ts"

export const getOrder = ({ pipelines, currencies }: Services) =>
  lane({
    method: "get",
    path: "/store/orders/{id}",
    summary: "Get an order",
    description:
      "An order with its lines, prices, taxes, discounts, totals, payments and fulfilments. Whoever knows its id may read it.",
    params: z.object({ id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    query: z.object({
      fields: z.string().optional().openapi({
        description: "Fields of the order and of its relations; `+ - *` as in Medusa.",
        example: "*payment_collections.payments,*items.product",
      }),
    }),
    answer: z.object({ order: OrderAnswer }),
    errors: { 404: "There is no order with this id." },
    async handle(c, query) {
      const show = selectOrder(query.fields, "one")
      if (!show) return undefined
      const id = c.req.param("id") ?? ""
      const order = await pipelines.use(({ tx }) => readOrder(tx, id, show.extras))
      if (!order || (order !== ODD && order.order.is_draft_order)) {
        throw new WireError(404, "not_found", `Order id not found: ${id}`)
      }
      if (order === ODD || isOddOrder(order)) return undefined
      return { order: showOrder(order, show, currencies.find(order.order.currency_code)?.decimal_digits) }
    },
  })
