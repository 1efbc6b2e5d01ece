import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { listRepairs } from "../../commerce/payments/index.ts"
import type { Counter, Services } from "../counter.ts"
import { error, json, unauthorized } from "../described.ts"
import { readParameters } from "../parameters.ts"
import { forAdmins } from "../security.ts"
import { count } from "./parameters.ts"

const PATH = "/admin/omnichannel/payment-repairs"
const MOST_ROWS = 1_000

const Filter = z
  .object({
    is_done: z
      .enum(["true", "false"])
      .transform((it) => it === "true")
      .optional()
      .openapi({ example: "false" }),
    limit: count(1, MOST_ROWS).openapi({ example: "50" }),
    offset: count(0, 999_999_999).openapi({ example: "0" }),
  })
  .strict()
const Repair = z
  .object({
    id: z.string(),
    payment_intent_id: z.string().openapi({ example: "pi_3Q0000000000000000000000" }),
    payment_session_id: z.string(),
    cart_id: z.string().nullable(),
    amount: z.number(),
    currency_code: z.string(),
    reason: z.enum(["insufficient_inventory", "amount_changed", "already_ordered", "cart_refused", "unknown_session"]),
    message: z.string(),
    action: z.enum(["cancel", "refund", "none"]).openapi({ description: "`none`: staff have to decide." }),
    created_at: z.iso.datetime(),
    done_at: z.iso.datetime().nullable(),
  })
  .openapi("PaymentRepair")

/** Money that could not become an order, and what became of it. */
export function addPaymentRepairs(app: OpenAPIHono<Counter>, { database }: Services): void {
  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count: all } = await listRepairs(database.sql, filter, { limit, offset })
    c.header("Cache-Control", "no-store")
    return c.json({ payment_repairs: rows, count: all, offset, limit })
  })
  const page = {
    payment_repairs: z.array(Repair),
    count: z.number().int(),
    offset: z.number().int(),
    limit: z.number().int(),
  }
  app.openAPIRegistry.registerPath({
    ...{ path: PATH, security: forAdmins, method: "get", summary: "List payment repairs" },
    description: "Payments whose cart could not become an order, and whether the money is back.",
    request: { query: Filter },
    responses: {
      200: { description: "The newest first.", ...json(z.object(page)) },
      400: error("A value is wrong: the message says which."),
      401: unauthorized("Not an admin."),
    },
  })
}
