import { z } from "@hono/zod-openapi"
import type { Services } from "../counter.ts"
import { ownRoute } from "./own.ts"

/** What the shop promises, as shoppers and staff get it. */
export const Policies = z
  .object({
    cancellation: z.object({
      allowed: z.boolean().openapi({ description: "Whether shoppers may cancel orders themselves." }),
      within_minutes: z.number().int().nullable().openapi({
        description: "After the order was placed; null: for as long as `until` says.",
        example: 60,
      }),
      until: z.literal("fulfillment").openapi({ description: "Not once anything of the order is packed." }),
    }),
  })
  .openapi("Policies")

export const getPolicies = ({ policies }: Services) =>
  ownRoute({
    path: "/store/policies",
    summary: "Get what the shop promises",
    description: "Whether, and for how long, a shopper may cancel his order himself.",
    query: z.object({}),
    answer: {
      description: "The policies in force.",
      content: { "application/json": { schema: z.object({ policies: Policies }) } },
    },
    async handle(c) {
      return c.json({ policies: policies.value }, 200, { "Cache-Control": "no-cache" })
    },
  })
