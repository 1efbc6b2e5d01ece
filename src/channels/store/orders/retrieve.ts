import { z } from "@hono/zod-openapi"
import { isUntouched, paymentStatus, readOrder } from "../../../commerce/orders/index.ts"
import type { Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { lane } from "../lane.ts"
import { showOrder } from "./answer.ts"

export const getOrder = ({ pipelines, currencies }: Services) =>
  lane({
    method: "get",
    path: "/store/orders/{id}",
    summary: "Get an order",
    description: "An order with its lines, prices, taxes, discounts and totals. Whoever knows its id may read it.",
    params: z.object({ id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    // Which fields are shown when some are asked for, Medusa says.
    query: z.object({}),
    answer: z.object({ order: z.looseObject({ id: z.string() }) }),
    errors: { 404: "There is no order with this id." },
    async handle(c) {
      const id = c.req.param("id") ?? ""
      const order = await pipelines.use(({ tx }) => readOrder(tx, id))
      if (!order || order.order.is_draft_order) throw new WireError(404, "not_found", `Order id not found: ${id}`)
      // What was fulfilled, returned or exchanged is told by Medusa.
      if (!isUntouched(order) || order.fulfillments > 0) return undefined
      const decimalDigits = currencies.find(order.order.currency_code)?.decimal_digits
      const { version } = order.order
      return {
        order: {
          ...{ ...showOrder(order, decimalDigits), version, fulfillments: [] },
          ...{ payment_status: paymentStatus(order, decimalDigits), fulfillment_status: "not_fulfilled" },
        },
      }
    },
  })
