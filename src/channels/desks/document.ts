import { z } from "@hono/zod-openapi"
import type { DocumentedRoute } from "../document.ts"
import { CartAnswer, ChangedLine, NewLine } from "../store/index.ts"
import { StreamQuery } from "./live.ts"

export const Cart = z.object({ cart: CartAnswer })

/** A customer as staff find him. */
export const FoundCustomer = z
  .object({
    id: z.string().openapi({ example: "cus_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    first_name: z.string().nullable().openapi({ example: "Lucía" }),
    last_name: z.string().nullable().openapi({ example: "Ferrán Olmedo" }),
    email: z.string().nullable().openapi({ example: "lucia.ferran@cliente.example" }),
    phone: z.string().nullable().openapi({ example: "+34600100201" }),
    cart_id: z.string().nullable().openapi({ description: "His open cart, which answers here from now on." }),
  })
  .openapi("FoundCustomer")

const Ticket = z.object({
  ticket: z.string().openapi({ description: "For the parameter `ticket` of the cart's stream.", example: "stk_5f0c" }),
  expires_at: z.iso.datetime(),
})
const cart = { description: "The cart.", schema: Cart }
const gone = { 404: "There is no such cart, or it has not come to this desk." }
const wrong = { 400: "It cannot be done to this cart: the message says why." }

/** Those that every desk has, for the OpenAPI document. @param Desk  how their operations are called: `Till`, `Agent` */
export const cartRoutes = (Desk: string): DocumentedRoute[] => [
  {
    ...{ method: "get", path: "/carts/{id}", operationId: `get${Desk}Cart`, summary: "Get a cart" },
    ...{ answer: cart, errors: gone },
  },
  {
    ...{ method: "post", path: "/carts/{id}/line-items", operationId: `add${Desk}Line`, summary: "Add a line" },
    ...{ body: NewLine, answer: cart, errors: { ...gone, ...wrong } },
  },
  {
    ...{ method: "post", path: "/carts/{id}/line-items/{line_id}", operationId: `change${Desk}Line` },
    ...{ summary: "Change a line", description: "A quantity of 0 takes it out.", body: ChangedLine },
    ...{ answer: cart, errors: { ...gone, ...wrong } },
  },
  {
    ...{ method: "delete", path: "/carts/{id}/line-items/{line_id}", operationId: `remove${Desk}Line` },
    ...{ summary: "Remove a line", answer: cart, errors: { ...gone, ...wrong } },
  },
  {
    ...{ method: "post", path: "/handoffs/{code}/claim", operationId: `claimAt${Desk}`, summary: "Redeem a code" },
    description: "The cart of the code answers here from now on.",
    answer: cart,
    errors: {
      404: "There is no such code, or it is for somebody else.",
      409: "The code was used (`handoff_used`), has expired (`handoff_expired`), or its cart is an order (`cart_completed`).",
      429: "Too many codes were tried from this address: `Retry-After` says when to come back.",
    },
  },
  {
    ...{ method: "post", path: "/carts/{id}/stream-ticket", operationId: `ticketFor${Desk}Stream` },
    summary: "Get a ticket for a cart's stream",
    ...{ answer: { description: "Good for a minute, for one opening.", schema: Ticket }, errors: gone },
  },
  {
    ...{ method: "get", path: "/carts/{id}/stream", operationId: `follow${Desk}Cart`, summary: "Follow a cart" },
    description: "Server-sent events, as those of `GET /store/carts/{id}/stream`, for as long as one works here.",
    query: StreamQuery,
    answer: { description: "Events (`text/event-stream`).", schema: z.string() },
    errors: { ...gone, 401: "The ticket is no good (`ticket_invalid`), or nobody works here." },
  },
]
