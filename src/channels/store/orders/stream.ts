import { z } from "@hono/zod-openapi"
import { clientAddress } from "../../client-address.ts"
import type { Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { languageOf } from "../../language.ts"
import { wrongParameter } from "../../parameters.ts"
import { ownRoute } from "../own.ts"
import { AccessHeaders, requireOrderAccess, tokenParameter, withOrderAccess } from "./access.ts"
import { OrderParams } from "./action.ts"
import { LANGUAGES, shownEntry } from "./entry.ts"

const EXAMPLE = `event: order.shipped
data: {"id":"shipped:ful_01","code":"shipped","message":"Your order is on its way from Madrid. Tracking number: ES123.","occurred_at":"2026-11-22T10:00:00.000Z","lines":[{"line_item_id":"ordli_01","title":"Camiseta","variant_title":"M","quantity":1}],"amount":null,"currency_code":null,"tracking":[{"number":"ES123","url":"https://carrier.example.com/ES123","label_url":null}],"place":{"id":"sloc_01","name":"Madrid"},"channel":null}
id: 3
`
const position = z.string().max(200).optional()

/** What happens to an order, as it happens. */
export const streamOrder = (services: Services) =>
  ownRoute({
    path: "/store/orders/{id}/stream",
    summary: "Follow an order as things happen to it",
    description: [
      "Server-sent events: `order.` and the code of an entry of the timeline, with the entry. For the order's customer, and for who holds a token for it; a browser's `EventSource` gives it as `token`.",
      "Begins with what has happened since `Last-Event-ID` (browsers send it by themselves), for which the timeline's `cursor` serves, too; without it, with what happens from now on. `0`: with all of it.",
    ].join("\n\n"),
    params: OrderParams,
    query: z.object({
      token: tokenParameter,
      last_event_id: position.openapi({ description: "For clients that cannot send the header, which wins." }),
      publishable_api_key: z
        .string()
        .optional()
        .openapi({ description: "For a browser's `EventSource`, which cannot send headers." }),
    }),
    keyParameter: "publishable_api_key",
    security: withOrderAccess,
    headers: z.object({ "last-event-id": position, ...AccessHeaders.shape }),
    answer: {
      description: "Events, and a comment every few seconds.",
      content: { "text/event-stream": { schema: z.string().openapi({ example: EXAMPLE }) } },
    },
    errors: {
      404: "There is no such order, or the caller may not see it.",
      429: "Too many streams of this order are open, or from this address: `Retry-After` says when to come back.",
      503: "Too many streams are open here (`no_stream_free`), or the counter is closing: `Retry-After` says when to come back.",
    },
    async handle(c, query) {
      const { order_id, until } = await requireOrderAccess(c, services, query.token)
      const story = await services.orders.story(order_id)
      // It was deleted just now.
      if (!story) throw new WireError(404, "not_found", `Order id not found: ${order_id}`)
      const from = positionIn(c.req.header("last-event-id") || query.last_event_id, story.told.length)
      if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream; charset=utf-8" })
      // It may have left while the database was asked.
      if (c.env.outgoing.destroyed) return c.body(null)
      const language = languageOf(c, LANGUAGES, story.rows.locale)
      const key = c.req.header("x-publishable-api-key") || query.publishable_api_key || ""
      return services.orderStreams.open(c, story, {
        ...{ position: from, address: clientAddress(c, services.config) },
        show: (entry) => shownEntry(entry, language),
        isValid: () => new Date() < until && services.publishableKeys.find(key) !== undefined,
      })
    },
  })

function positionIn(given: string | undefined, told: number): number {
  if (given === undefined) return told
  const at = /^\d{1,9}$/.test(given) ? Number(given) : undefined
  if (at !== undefined && at <= told) return at
  throw wrongParameter("Last-Event-ID", "is not one that was given out for this order; begin anew, without it")
}
