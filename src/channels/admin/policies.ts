import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { readAs } from "../read-as.ts"
import { Policies } from "../store/index.ts"
import { changeOnce } from "./once.ts"
import { adminRoom, notAdmin, wrong } from "./room.ts"

const PATH = "/admin/omnichannel/policies"
const YEAR_MINUTES = 366 * 24 * 60

const Change = z
  .object({
    cancellation: z
      .object({
        allowed: z.boolean().optional(),
        within_minutes: z
          .number()
          .int()
          .min(1)
          .max(YEAR_MINUTES)
          .nullable()
          .optional()
          .openapi({ description: "After the order was placed; null: until anything is packed.", example: 60 }),
        until: z.literal("fulfillment").optional(),
      })
      .strict()
      .optional(),
  })
  .strict()

/** What the merchant promises his shoppers. */
export function addPolicies(app: OpenAPIHono<Counter>, services: Services): void {
  const { policies } = services
  app.get(PATH, (c) => {
    c.set("route", PATH)
    return c.json({ policies: policies.value })
  })
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    return await changeOnce(
      c,
      services,
      () => readAs(c, Change),
      async (tx, change) => c.json({ policies: await policies.write(tx, change) }),
    )
  })
}

const answer = { description: "The policies in force.", schema: z.object({ policies: Policies }) }

export const policyRoutes = routesOf({ ...adminRoom(PATH), errors: notAdmin }, [
  { ...{ method: "get", path: "", summary: "Get the shop's policies" }, answer },
  {
    ...{ method: "post", path: "", summary: "Change the shop's policies", body: Change.optional() },
    description: "Those parts that are given; they hold at once, on every counter.",
    ...{ answer, errors: wrong },
  },
])
