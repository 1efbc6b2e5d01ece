import { z } from "@hono/zod-openapi"
import { clientAddress } from "../client-address.ts"
import type { Services } from "../counter.ts"
import { channelsOf, ownRoute, salesChannelParameter } from "../store/own.ts"
import { readPosition } from "./position.ts"

const EXAMPLE = `event: stock.changed
data: {"product_id":"prod_01","version":1042,"handle":"camiseta","stock":{"variant_01":{"always":false,"in_stock":true,"locations":["sloc_01"]}}}
id: MS4xMDQyLjEwNDIuMTA0Mi4xYTJiM2M0ZDVlNmY
`
const position = z.string().min(1, "is empty").max(200).optional()

export const streamCatalog = ({ streams, publishableKeys, config }: Services) =>
  ownRoute({
    path: "/store/catalog/stream",
    summary: "Follow the catalog",
    description: [
      "Server-sent events about the products of the key's sales channels: `product.changed` (with the product), `price.changed` (prices by variant), `stock.changed` (by variant: `always`, `in_stock`, `locations`) and `product.removed`. Several changes of a product may come as one event with its newest state.",
      "A client that comes back sends the id of the last event as `Last-Event-ID` (as browsers do by themselves), or the cursor of the feed, and gets what it has missed. 410: it was away for so long that deletions are forgotten; load the feed anew.",
    ].join("\n\n"),
    query: z.object({
      last_event_id: position.openapi({ description: "For clients that cannot send the header, which wins." }),
      publishable_api_key: z
        .string()
        .optional()
        .openapi({ description: "For a browser's `EventSource`, which cannot send headers." }),
      sales_channel_id: salesChannelParameter,
    }),
    keyParameter: "publishable_api_key",
    headers: z.object({ "last-event-id": position }),
    answer: {
      description: "Events, and a comment every few seconds.",
      content: { "text/event-stream": { schema: z.string().openapi({ example: EXAMPLE }) } },
    },
    errors: {
      410: "The position is too old to go on from: begin anew.",
      429: "Too many streams are open from this address: `Retry-After` says when to come back.",
      503: "Too many streams are open here (`no_stream_free`), or the counter is closing: `Retry-After` says when to come back.",
    },
    async handle(c, query) {
      const channels = channelsOf(c, query.sales_channel_id)
      const given = c.req.header("last-event-id") || query.last_event_id
      const from = given === undefined ? undefined : readPosition(given, "Last-Event-ID", channels)
      if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream; charset=utf-8" })
      const token = c.req.header("x-publishable-api-key") || query.publishable_api_key || ""
      const isValid = () => {
        const now = publishableKeys.find(token)?.sales_channel_ids
        const opensMore = query.sales_channel_id === undefined && new Set(now).size > channels.length
        return now !== undefined && !opensMore && channels.every((it) => now.includes(it))
      }
      return await streams.open(c, channels, from, isValid, clientAddress(c, config))
    },
  })
