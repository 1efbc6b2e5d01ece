import { z } from "@hono/zod-openapi"
import { cancellationOf, readCancelState } from "../../../commerce/orders/index.ts"
import type { Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { languageOf } from "../../language.ts"
import { ownRoute } from "../own.ts"
import { AccessHeaders, requireOrderAccess, tokenParameter, withOrderAccess } from "./access.ts"
import { OrderParams } from "./action.ts"
import { Entry, LANGUAGES, shownEntry } from "./entry.ts"

const Timeline = z.object({
  order_id: z.string(),
  timeline: z.array(Entry),
  cursor: z.string().openapi({ description: "For the stream, as its `Last-Event-ID`: what comes next.", example: "3" }),
  cancellation: z
    .object({
      is_possible: z.boolean(),
      reason: z.string().nullable().openapi({ description: "Why not, as a code.", example: "fulfillment_started" }),
      until: z.iso.datetime().nullable().openapi({ description: "If nothing is packed before; null: no time is set." }),
    })
    .openapi({ description: "Whether the shopper may cancel the order himself." }),
})

/** What has happened to an order. */
export const orderTimeline = (services: Services) =>
  ownRoute({
    path: "/store/orders/{id}/timeline",
    summary: "Follow what happens to an order",
    description:
      "What has happened, in its order: in words for people, in the language of the request (English and Spanish), and in codes for programs. It is worked out of what stands in the shop, whoever has done it. For the order's customer, and for who holds a token for it.",
    params: OrderParams,
    query: z.object({ token: tokenParameter }),
    security: withOrderAccess,
    headers: AccessHeaders,
    answer: { description: "The oldest first.", content: { "application/json": { schema: Timeline } } },
    errors: { 404: "There is no such order, or the caller may not see it." },
    async handle(c, { token }) {
      const { order_id } = await requireOrderAccess(c, services, token)
      const { sql } = services.database
      const [story, state] = await Promise.all([services.orders.story(order_id), readCancelState(sql, order_id)])
      // It was deleted just now.
      if (!story || !state) throw new WireError(404, "not_found", `Order id not found: ${order_id}`)
      const language = languageOf(c, LANGUAGES, story.rows.locale)
      const { refusal, until } = cancellationOf(state, services.policies.value.cancellation, new Date())
      const body: z.infer<typeof Timeline> = {
        order_id,
        timeline: story.entries.map((it) => shownEntry(it, language)),
        cursor: String(story.told.length),
        cancellation: { is_possible: refusal === null, reason: refusal, until: until?.toISOString() ?? null },
      }
      return c.json(body, 200, {
        "Cache-Control": "no-store",
        "Content-Language": language,
        Vary: "Origin, Accept-Language",
      })
    },
  })
