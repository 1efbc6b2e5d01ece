import { z } from "@hono/zod-openapi"
import { isOddOrder, ODD, readOrder, readOwned } from "../../../commerce/orders/index.ts"
import type { Services } from "../../counter.ts"
import { withKey, withKeyOrLogIn } from "../../security.ts"
import { lane } from "../lane.ts"
import { answersTo, claimOf, unknownOrder } from "./access.ts"
import { showOrder } from "./answer.ts"
import { selectOrder } from "./fields.ts"
import { OrderAnswer } from "./schema.ts"

export const getOrder = (services: Services) =>
  lane({
    method: "get",
    path: "/store/orders/{id}",
    summary: "Get an order",
    description:
      "An order with its lines, prices, taxes, discounts, totals, payments and fulfilments. A guest's answers to whoever knows its id, an account's to its customer, to who holds a token for it, and to who has claimed its cart.",
    params: z.object({ id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    query: z.object({
      fields: z.string().optional().openapi({
        description: "Fields of the order and of its relations; `+ - *` as in Medusa.",
        example: "*payment_collections.payments,*items.product",
      }),
    }),
    answer: z.object({ order: OrderAnswer }),
    security: [...withKeyOrLogIn, ...withKey("orderToken", "cartToken")],
    errors: { 404: "There is no such order, or the caller may not see it." },
    async handle(c, query) {
      const show = selectOrder(query.fields, "one")
      if (!show) return undefined
      const { pipelines, currencies } = services
      const id = c.req.param("id") ?? ""
      // The order first: what becomes somebody else's meanwhile is not shown to who had it.
      const [order, owned] = await pipelines.use(({ tx }) =>
        Promise.all([readOrder(tx, id, show.extras), readOwned(tx, id, claimOf(c))]),
      )
      if (!order || !owned || !(await answersTo(c, services, owned))) throw unknownOrder(id)
      if (order === ODD || isOddOrder(order)) return undefined
      return { order: showOrder(order, show, currencies.find(order.order.currency_code)?.decimal_digits) }
    },
  })
