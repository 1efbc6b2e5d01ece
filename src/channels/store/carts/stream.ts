import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { type CartPlace, cartsIn, placeOfCart, takeTicket } from "../../../commerce/carts/index.ts"
import { clientAddress } from "../../client-address.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { withCart, withKey } from "../../security.ts"
import { ownRoute } from "../own.ts"
import { answersToBearer, Bearer, bearerOf } from "./bearer.ts"
import { CART_TOKEN_HEADER, noCart, presentedCart } from "./presented.ts"

export const CART_STREAM_EXAMPLE = `event: cart.line_added
data: {"id":"evt_01","version":4,"actor":{"type":"customer"},"channel":"sc_01","device":"app","occurred_at":"2026-11-22T10:00:00.000Z","what":{"changed":["items"],"lines":[{"id":"cali_01","variant_id":"variant_01","title":"Camiseta","quantity":{"from":0,"to":2}}],"promotions":{"added":[],"removed":[]},"shipping_methods":{"added":[],"removed":[]}},"cart":{"id":"cart_01","items":[],"total":0}}
id: MS4xNzY0LjEuMS4xLg

event: presence
data: {"viewers":[{"id":"5f0c","channel":"sc_01","device":"app","actor":{"type":"customer"},"joined_at":"2026-11-22T10:00:00.000Z"}],"joined":[],"left":[]}
`
const position = z.string().max(4_000).optional()

/** For the OpenAPI document. */
export const CartHeaders = z.object({
  authorization: z.string().optional().openapi({ description: "The cart's customer: `Bearer ...`." }),
  [CART_TOKEN_HEADER]: z.string().optional().openapi({ description: "Of who has redeemed a code for the cart." }),
  "x-device-id": z.string().optional().openapi({ description: "What the client calls itself; others are shown it." }),
})
export const CartParams = z.object({ id: z.string().openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }) })

/** What happens to a cart, as it happens. */
export const streamCart = (services: Services) =>
  ownRoute({
    path: "/store/carts/{id}/stream",
    summary: "Follow a cart as it changes",
    description: [
      "Server-sent events: every change of the cart, on whichever channel, with who made it (`actor`, `channel`, `device`), in short `what` it was (a line's `quantity.from` 0: added, `to` 0: removed), and the cart as `GET /store/carts/{id}` shows it; `null` where only Medusa can show it. Several changes at once come one by one, each with the newest cart. `cart.changed`: something else than the counter has changed it. `cart.merged`: another cart was put into it; whoever followed either goes on with the one that survives. `cart.hold_expiring` (a minute before), `cart.hold_expired`, `cart.handed_over`, `order.placed` (with which the stream ends), and `presence`: who looks at the cart now.",
      "A client that comes back sends the last event's id as `Last-Event-ID` and gets what it has missed, once. 204: the cart is an order, and nothing more will come. The stream ends when the right to see the cart does, or when it becomes another's: who still has it comes back.",
      "A browser's `EventSource` sends no headers: it gives a `ticket` (of `POST /store/carts/{id}/stream-ticket`), which is good for one opening. Its own way of coming back asks with the same address again, and is refused (401): on an error the page closes it, gets another ticket, and opens a new one with the id of the last event as `last_event_id`.",
    ].join("\n\n"),
    params: CartParams,
    security: [...withCart, ...withKey("streamTicket")],
    query: z.object({
      ticket: z
        .string()
        .min(1, "is empty")
        .max(200)
        .optional()
        .openapi({ description: "Instead of headers; used once." }),
      last_event_id: position.openapi({ description: "For clients that cannot send the header, which wins." }),
      publishable_api_key: z
        .string()
        .optional()
        .openapi({ description: "For a browser's `EventSource`, which cannot send headers." }),
    }),
    keyParameter: "publishable_api_key",
    headers: z.object({ "last-event-id": position, ...CartHeaders.shape }),
    answer: {
      description: "Events, and a comment every few seconds.",
      content: { "text/event-stream": { schema: z.string().openapi({ example: CART_STREAM_EXAMPLE }) } },
    },
    errors: {
      401: "The ticket was used, has expired, or is of another cart (`ticket_invalid`).",
      404: "There is no such cart, or the caller may not see it.",
      410: "The position is too old to go on from: begin anew.",
      429: "Too many streams of this cart are open, or from this address: `Retry-After` says when to come back.",
      503: "Too many streams are open here (`no_stream_free`), or the counter is closing: `Retry-After` says when to come back.",
    },
    async handle(c, query) {
      const { place, bearer } =
        query.ticket === undefined ? await presented(c, services) : await ticketed(c, services, query.ticket)
      const given = c.req.header("last-event-id") || query.last_event_id
      const from = given
        ? services.cartPositions.read(given, await cartsIn(services.database.sql, place.cart_id))
        : undefined
      if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream; charset=utf-8" })
      const key = c.req.header("x-publishable-api-key") || query.publishable_api_key || ""
      const [channel, ...more] = c.get("publishableKey").sales_channel_ids
      return await services.cartStreams.open(c, {
        ...{ cartId: place.cart_id, from, address: clientAddress(c, services.config) },
        viewer: {
          channel: channel !== undefined && more.length === 0 ? channel : null,
          device: bearer.device,
          actor_type: bearer.customer ? "customer" : "guest",
        },
        mayFollow: async (cart) =>
          services.publishableKeys.find(key) !== undefined && (await answersToBearer(services, bearer, cart)),
      })
    },
  })

interface Presented {
  place: CartPlace
  bearer: Bearer
}

async function presented(c: Context<Counter>, services: Services): Promise<Presented> {
  const id = c.req.param("id") ?? ""
  const place = await presentedCart(c, services, id)
  if (!place) throw noCart(id)
  return { place, bearer: await bearerOf(c, services) }
}

async function ticketed(c: Context<Counter>, services: Services, ticket: string): Promise<Presented> {
  const { sql } = services.database
  const id = c.req.param("id") ?? ""
  const taken = await takeTicket(sql, ticket)
  const [place, of] = taken ? await Promise.all([placeOfCart(sql, id), placeOfCart(sql, taken.cart_id)]) : []
  // Whatever there is of the cart, it is not told.
  if (!taken || !place || place.cart_id !== of?.cart_id) throw badTicket()
  const bearer = Bearer.parse(taken.bearer)
  if (!(await answersToBearer(services, bearer, place))) throw noCart(id)
  return { place, bearer }
}

const badTicket = () =>
  new WireError(401, "unauthorized", "The ticket was used, has expired, or is of another cart. Get a new one.", {
    code: "ticket_invalid",
  })
