import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { NotFromStripe } from "../../commerce/payments/index.ts"
import type { Counter, Services } from "../counter.ts"
import { documentRoutes, routesOf } from "../document.ts"
import { WireError } from "../errors.ts"
import { withOne } from "../security.ts"
import { wholeBody } from "../whole-body.ts"

const PATH = "/hooks/stripe"

/** What others tell the shop of their own accord. */
export function addHooks(app: OpenAPIHono<Counter>, { payments }: Services): void {
  if (!payments) return
  app.post(PATH, async (c) => {
    c.set("way", "own")
    c.set("route", PATH)
    const body = await wholeBody(c)
    try {
      await payments.receive(body, c.req.header("stripe-signature"))
    } catch (error) {
      if (error instanceof NotFromStripe) throw new WireError(400, "invalid_data", error.message)
      // Stripe tells it again when it is not answered with 2xx.
      throw error
    }
    return c.json({ received: true })
  })
  documentRoutes(app, ROUTES)
}

const ROUTES = routesOf({ path: PATH, security: withOne("stripeSignature"), errors: {} }, [
  {
    ...{ method: "post", path: "", summary: "Take in an event of Stripe's" },
    description: "Signed by Stripe with `STRIPE_WEBHOOK_SECRET`. Answered when it is stored; each event counts once.",
    answer: { description: "It is stored.", schema: z.object({ received: z.literal(true) }) },
    errors: { 400: "The signature is not Stripe's, or it is too old." },
  },
])

/** All of them, for the typed client. */
export type HookRoutes = typeof ROUTES
