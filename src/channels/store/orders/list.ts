import { z } from "@hono/zod-openapi"
import { isOddOrder, ODD, readOrders } from "../../../commerce/orders/index.ts"
import type { Services } from "../../counter.ts"
import { withKey } from "../../security.ts"
import { actorOf } from "../carts/by-whom.ts"
import { lane } from "../lane.ts"
import { orderOf, pageAnswer, pageOf, pageParameters } from "../page.ts"
import { showOrder } from "./answer.ts"
import { selectOrder } from "./fields.ts"
import { OrderAnswer } from "./schema.ts"

const oneOrMore = <T extends z.ZodType<string>>(value: T) =>
  z
    .union([value, z.array(value)])
    .transform((it) => [it].flat())
    .optional()
/** Of others Medusa says what is wrong with them. */
const status = z.enum(["pending", "completed", "draft", "archived", "canceled", "requires_action"])

/** Longer pages would keep others waiting while they are made; Medusa has processes of its own for that. */
const MOST_ORDERS = 100

/** As Medusa writes it. */
const JSON_TYPE = "application/json; charset=utf-8"

/** A customer's own orders. */
export const listOrders = (services: Services) =>
  lane({
    method: "get",
    path: "/store/orders",
    summary: "List a customer's orders",
    description:
      "The orders of the customer whose bearer token is sent, the oldest first unless `order` says otherwise.",
    query: z.object({
      fields: z.string().optional().openapi({
        description: "Fields of the orders and of their relations; `+ - *` as in Medusa.",
        example: "*items,*items.product,+currency_code",
      }),
      ...pageParameters(["id", "display_id", "created_at", "updated_at"]),
      id: oneOrMore(z.string()),
      status: oneOrMore(status),
    }),
    answer: pageAnswer("orders", OrderAnswer),
    security: withKey("customerToken"),
    errors: { 401: "No customer's token is sent." },
    async handle(c, query) {
      const show = selectOrder(query.fields, "list")
      const page = pageOf(query, 50)
      if (!show || page.limit === 0 || page.limit > MOST_ORDERS) return undefined
      const actor = await actorOf(c, services)
      if (!actor) return undefined
      const { id } = actor
      if (id === undefined) return c.json({ message: "Unauthorized" }, 401, { "Content-Type": JSON_TYPE })
      const question = { ids: query.id, statuses: query.status, order: orderOf(query.order ?? "id"), ...page }
      // Not on a connection that others share: they would wait behind a long page.
      const found = await readOrders(services.database.sql, id, question, show.extras)
      if (found === ODD || found.orders.some(isOddOrder)) return undefined
      const digitsOf = (code: string) => services.currencies.find(code)?.decimal_digits
      const orders = found.orders.map((it) => showOrder(it, show, digitsOf(it.order.currency_code)))
      return { orders, count: found.count, ...page }
    },
  })
