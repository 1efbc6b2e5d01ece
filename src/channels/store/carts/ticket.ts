import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import { issueTicket } from "../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { error, json } from "../../described.ts"
import { allowOrigin, answerPreflight, originRule } from "../../origins.ts"
import { withCart } from "../../security.ts"
import { requirePublishableKey } from "../lane.ts"
import { bearerOf } from "./bearer.ts"
import { noCart, presentedCart } from "./presented.ts"
import { CartHeaders, CartParams } from "./stream.ts"

const PATH = "/store/carts/:id/stream-ticket"

const Ticket = z.object({
  ticket: z.string().openapi({ description: "For the parameter `ticket` of the cart's stream.", example: "stk_5f0c" }),
  expires_at: z.iso.datetime(),
})

export const issueStreamTicket = createRoute({
  ...{ method: "post", path: "/store/carts/{id}/stream-ticket", security: withCart },
  summary: "Get a ticket for a cart's stream",
  description:
    "For a browser's `EventSource`, which cannot send who asks: the ticket stands for it in the address. Good for a minute, for one opening, at any counter; an address that is seen by others opens nothing any more.",
  request: { params: CartParams, headers: CartHeaders },
  responses: {
    200: { description: "The ticket.", ...json(Ticket) },
    400: error("The publishable key is missing or unknown."),
    404: error("There is no such cart, or the caller may not see it."),
  },
})

/** Gives a ticket for a cart's stream to who may see the cart. Each is another: there is nothing to be done once only. */
export function addStreamTicket(app: OpenAPIHono<Counter>, services: Services): void {
  const origins = originRule(services.config.cors.store)
  app.options(PATH, (c) => answerPreflight(c, origins))
  app.post(PATH, async (c) => {
    c.set("way", "own")
    c.set("route", PATH)
    allowOrigin(c, origins)
    requirePublishableKey(c, services.publishableKeys)
    const id = c.req.param("id")
    const place = await presentedCart(c, services, id)
    if (!place) throw noCart(id)
    const bearer = await bearerOf(c, services)
    const { ticket, expires_at } = await issueTicket(services.database.sql, place.cart_id, bearer)
    return c.json({ ticket, expires_at: expires_at.toISOString() }, 200, { "Cache-Control": "no-store" })
  })
  app.openAPIRegistry.registerPath(issueStreamTicket)
}
