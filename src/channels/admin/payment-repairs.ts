import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { listRepairs, NotToBeRetried } from "../../commerce/payments/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { WireError } from "../errors.ts"
import { readParameters } from "../parameters.ts"
import { changeOnce } from "./once.ts"
import { count, paged } from "./parameters.ts"
import { adminRoom, idIn, notAdmin, notFound, wrong } from "./room.ts"

const PATH = "/admin/omnichannel/payment-repairs"
const RETRY = `${PATH}/:id/retry` as const
const NOUN = "Payment repair"
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
    reason: z.enum([
      "insufficient_inventory",
      "amount_changed",
      "already_ordered",
      "cart_refused",
      "cart_merged",
      "unknown_session",
      "refund_refused",
    ]),
    message: z.string(),
    action: z.enum(["cancel", "refund", "none"]).openapi({ description: "`none`: staff have to decide." }),
    created_at: z.iso.datetime(),
    done_at: z.iso.datetime().nullable(),
    retries: z.number().int().openapi({ description: "How often staff have had it tried again.", example: 0 }),
  })
  .openapi("PaymentRepair")

/** Money that could not become an order, and what became of it. */
export function addPaymentRepairs(app: OpenAPIHono<Counter>, services: Services): void {
  const { database, payments } = services
  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count: all } = await listRepairs(database.sql, filter, { limit, offset })
    return c.json({ payment_repairs: rows, count: all, offset, limit })
  })
  app.post(RETRY, async (c) => {
    c.set("route", RETRY)
    return await changeOnce(
      c,
      services,
      async () => {
        if (!payments) throw notAllowed("Stripe is not set up here: there is nobody to be asked again.")
        return { payments, id: idIn(c, NOUN) }
      },
      async (tx, { payments, id }) => {
        const payment_repair = await payments.retry(tx, id).catch(refuseRetry)
        if (!payment_repair) throw notFound(NOUN, id)
        return c.json({ payment_repair })
      },
    )
  })
}

const room = {
  ...adminRoom(PATH, { id: z.string().openapi({ example: "payrep_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
  errors: notAdmin,
}

export const paymentRepairRoutes = routesOf(room, [
  {
    ...{ method: "get", path: "", summary: "List payment repairs", query: Filter },
    description:
      "Payments whose cart could not become an order, and whether the money is back; and those of canceled orders whose money Stripe does not give back (`refund_refused`).",
    answer: { description: "The newest first.", schema: z.object({ payment_repairs: z.array(Repair), ...paged }) },
    errors: wrong,
  },
  {
    ...{ method: "post", path: "/{id}/retry", summary: "Have a payment repair tried again" },
    description: "Stripe is asked once more, soon: what came of it stands in the list.",
    answer: { description: "The repair, as it is now.", schema: z.object({ payment_repair: Repair }) },
    errors: {
      404: "There is no such repair.",
      409: "It is done, or left to staff, or Stripe is not set up (`payment_repair_not_to_be_retried`); or a request with this `Idempotency-Key` is running (`idempotency_key_in_use`).",
    },
  },
])

const notAllowed = (message: string) =>
  new WireError(409, "not_allowed", message, { code: "payment_repair_not_to_be_retried" })

function refuseRetry(error: unknown): never {
  if (!(error instanceof NotToBeRetried)) throw error
  throw notAllowed(
    "The repair is done, or the money is to be seen to at Stripe itself: there is nothing to be tried again.",
  )
}
