import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  CancellationRefused,
  CancellationUncertain,
  type CancelRefusal,
  cancelOrder,
} from "../../../commerce/orders/index.ts"
import { askMedusa } from "../../ask-medusa.ts"
import type { Counter, Services } from "../../counter.ts"
import { MedusaUnavailable, WireError } from "../../errors.ts"
import { readParameters } from "../../parameters.ts"
import { byWhom } from "../carts/by-whom.ts"
import { KEY_HEADER } from "../lane.ts"
import { AccessHeaders, requireOrderAccess, tokenParameter, withOrderAccess } from "./access.ts"
import { orderAction } from "./action.ts"

const Query = z.object({ token: tokenParameter }).strict()

const WHY: Record<CancelRefusal, string> = {
  order_canceled: "The order is canceled already.",
  order_completed: "The order is completed. What you want to give back you can return.",
  cancellation_not_offered: "Orders cannot be canceled here. Please ask the shop.",
  order_changing: "The order is being changed just now. Please ask the shop.",
  fulfillment_started:
    "The order is being packed, on its way, or handed over. What you want to give back you can return.",
  cancellation_window_over: "The time in which the order could be canceled is over. Please ask the shop.",
}

/** A shopper cancels his order, all of it. */
export function orderCancel(services: Services) {
  const requireAccess = (c: Context<Counter>) => requireOrderAccess(c, services, readParameters(Query, c.req.url).token)
  return orderAction(services, {
    path: "/store/orders/{id}/cancel",
    summary: "Cancel an order",
    description:
      "All of it, within the shop's policy (`GET /store/policies`): what was paid is given back, and so is the stock. For the order's customer, and for who holds a token for it. Asked again it answers with the same canceled order.",
    query: Query,
    security: withOrderAccess,
    headers: AccessHeaders,
    answer: {
      description: "The canceled order, as `GET /store/orders/{id}` shows it.",
      content: { "application/json": { schema: z.object({ order: z.looseObject({ id: z.string() }) }) } },
    },
    errors: {
      404: "There is no such order, or the caller may not see it.",
      409: "It cannot be canceled (`cancellation_not_offered`, `fulfillment_started`, `order_changing`, `cancellation_window_over`, `order_completed`), its `Idempotency-Key` is in use, or another key's request is canceling it (`order_busy`): `code` says which.",
      503: "Medusa, which cancels it, is away, or somebody else is at the order: ask again, it is canceled once.",
    },
    requireAccess,
    async handle(c) {
      const { order_id, actor } = await requireAccess(c)
      const { config, database, policies, orders } = services
      const { actor: _, ...through } = await byWhom(c, config)
      const access = {
        ...{ medusaUrl: config.medusaUrl, jwtSecret: config.jwtSecret },
        timeoutSeconds: config.requestTimeoutSeconds,
      }
      const policy = policies.value.cancellation
      try {
        await cancelOrder({ sql: database.sql, access, policy, teller: orders }, order_id, { actor, ...through })
      } catch (error) {
        throw wireError(error)
      }
      return await shownByMedusa(c, services, order_id)
    },
  })
}

function wireError(error: unknown): unknown {
  if (error instanceof CancellationRefused) {
    return new WireError(409, "not_allowed", WHY[error.code], { code: error.code })
  }
  if (!(error instanceof CancellationUncertain)) return error
  if (!error.wasAsked)
    return new MedusaUnavailable("Medusa is not up, or busy with the order: nothing was done. Try again in a moment.")
  return new WireError(
    503,
    "unexpected_state",
    "It is not known yet whether the order is canceled. Ask again in a moment: it is canceled once.",
    { code: "cancellation_uncertain", headers: { "Retry-After": "5" } },
  )
}

/** Medusa has just canceled it, and shows it as it would have been shown there. */
async function shownByMedusa(c: Context<Counter>, { config }: Services, orderId: string): Promise<Response> {
  const key = { [KEY_HEADER]: c.req.header(KEY_HEADER), "x-medusa-locale": c.req.header("x-medusa-locale") }
  const { status, text } = await askMedusa(config.medusaUrl, `/store/orders/${encodeURIComponent(orderId)}`, key)
  if (status !== 200) throw new Error(`Medusa does not show an order that is canceled: ${status}`)
  return c.body(text, 200, { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" })
}
