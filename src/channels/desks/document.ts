import { z } from "@hono/zod-openapi"
import type { DocumentedRoute } from "../document.ts"
import { IdempotencyHeaders } from "../idempotency.ts"
import { type Security, withOne } from "../security.ts"
import { CART_STREAM_EXAMPLE, CartAnswer, ChangedLine, MergeAnswer, NewLine, VersionHeader } from "../store/index.ts"
import { StreamQuery } from "./live.ts"

/** What became of a cart that was in another region when it came to a till. */
const MovedAnswer = z
  .object({
    from: z.string().nullable().openapi({ description: "The region that it was in." }),
    to: z.string().openapi({ description: "The till's, by whose prices and taxes it is now." }),
    dropped: MergeAnswer.shape.dropped,
  })
  .openapi("CartMove")

export const Cart = z.object({
  cart: CartAnswer,
  moved: MovedAnswer.optional().openapi({ description: "Only at a till, when this has moved the cart." }),
})

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
const gone = { 404: "There is no such cart, or it has not come to this desk." }
const odd = {
  400: "A parameter is wrong, or only Medusa can show the cart so (`not_at_desk`): the message says which.",
}

/** Of what answers with a cart. */
export const showing = {
  query: z.object({
    fields: z.string().optional().openapi({
      description: "Fields of the cart and of its relations; `+ - *` as in Medusa.",
      example: "*items,+items.total",
    }),
  }),
  answer: { description: "The cart.", schema: Cart },
}
/** Of what is done once under its `Idempotency-Key`. */
export const once = {
  headers: IdempotencyHeaders,
  errors: {
    409: "A request with this `Idempotency-Key` is running (`idempotency_key_in_use`).",
    422: "This `Idempotency-Key` was used for another request.",
    503: "There is too much to do just now (`counter_busy`): nothing was changed.",
  },
}
/** Of what changes the cart in the path. */
export const changes = {
  headers: IdempotencyHeaders.extend(VersionHeader.shape),
  errors: {
    ...{ ...once.errors, ...gone },
    400: "It cannot be done to this cart: there is not enough (`insufficient_inventory`), its customer is paying it (`payment_begun`), only Medusa can do it (`not_at_desk`), or a value is wrong. The message says which.",
    412: "The cart is not in the version of `If-Match`; `cart` is what it is now.",
    503: "Others are changing the cart (`counter_busy`), or Stripe does not say whether a payment that the customer has begun is closed (`payment_uncertain`): nothing was changed.",
  },
}

/**
 * Those that every desk has, for the OpenAPI document.
 *
 * @param Desk      how their operations are called: `Till`, `Agent`
 * @param security  of who works there
 */
export const cartRoutes = (Desk: string, security: Security) =>
  [
    {
      ...{ method: "get", path: "/carts/{id}", operationId: `get${Desk}Cart`, summary: "Get a cart" },
      ...{ ...showing, errors: { ...gone, ...odd } },
    },
    {
      ...{ method: "post", path: "/carts/{id}/line-items", operationId: `add${Desk}Line`, summary: "Add a line" },
      ...{ ...showing, ...changes, body: NewLine },
    },
    {
      ...{ method: "post", path: "/carts/{id}/line-items/{line_id}", operationId: `change${Desk}Line` },
      ...{ summary: "Change a line", description: "A quantity of 0 takes it out.", body: ChangedLine },
      ...{ ...showing, ...changes },
    },
    {
      ...{ method: "delete", path: "/carts/{id}/line-items/{line_id}", operationId: `remove${Desk}Line` },
      ...{ summary: "Remove a line", ...showing, ...changes },
    },
    {
      ...{ method: "post", path: "/handoffs/{code}/claim", operationId: `claimAt${Desk}`, summary: "Redeem a code" },
      description: "The cart of the code answers here from now on.",
      ...{ ...showing, ...once },
      errors: {
        ...{ ...once.errors, ...odd },
        404: "There is no such code, or it is for somebody else.",
        409: "The code was used (`handoff_used`), has expired (`handoff_expired`), or its cart is an order (`cart_completed`); or the `Idempotency-Key` is in use (`idempotency_key_in_use`).",
        429: "Too many codes were tried from this address (`too_many_attempts`): `Retry-After` says when to come back.",
      },
    },
    {
      ...{ method: "post", path: "/carts/{id}/stream-ticket", operationId: `ticketFor${Desk}Stream` },
      summary: "Get a ticket for a cart's stream",
      ...{ answer: { description: "Good for a minute, for one opening.", schema: Ticket }, errors: gone },
    },
    {
      ...{ method: "get", path: "/carts/{id}/stream", operationId: `follow${Desk}Cart`, summary: "Follow a cart" },
      description:
        "Server-sent events, as those of `GET /store/carts/{id}/stream`, for as long as one works here. A browser's `EventSource`, which cannot send headers, gives a ticket instead.",
      ...{ query: StreamQuery, headers: z.object({ "last-event-id": StreamQuery.shape.last_event_id }) },
      security: [...security, ...withOne("streamTicket")],
      answer: {
        ...{ description: "Events, and a comment every few seconds.", media: "text/event-stream" },
        schema: z.string().openapi({ example: CART_STREAM_EXAMPLE }),
      },
      errors: {
        ...gone,
        400: "A parameter is wrong, or the position is of another cart: the message says which.",
        401: "The ticket was used, has expired, or is of another cart (`ticket_invalid`); or nobody works here (`log_in_required`, `till_unknown`, `signed_out`).",
        410: "The position is too old to go on from: begin anew.",
        429: "Too many streams of this cart are open, or from this address (`too_many_streams`): `Retry-After` says when to come back.",
        503: "Too many streams are open here (`no_stream_free`), or the counter is closing: `Retry-After` says when to come back.",
      },
    },
  ] as const satisfies readonly DocumentedRoute[]
