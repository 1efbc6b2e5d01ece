import type { Context } from "hono"
import type { ChangedBy } from "../../../commerce/carts/index.ts"
import { CartTaken, type LetGo, StripeUncertain } from "../../../commerce/payments/index.ts"
import { isLockTimeout } from "../../../platform/db/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { busy } from "../../idempotency.ts"

/**
 * Closes what was begun to be paid for a cart by card, on whichever device, and not paid.
 *
 * @throws WireError 503 when Stripe does not say whether it is closed, or somebody is at the cart
 */
export async function closeCards(
  c: Context<Counter>,
  { payments }: Services,
  cartId: string,
  by: ChangedBy,
): Promise<LetGo> {
  if (!payments) return "nothing"
  return await payments.letGo(cartId, by).catch((error: unknown) => {
    if (error instanceof CartTaken || isLockTimeout(error)) throw busy()
    if (!(error instanceof StripeUncertain)) throw error
    c.var.log.warn({ request_id: c.var.requestId, err: error }, "a payment that was begun cannot be closed")
    throw new WireError(
      503,
      "unexpected_state",
      "The customer has begun to pay by card, and Stripe does not say whether that is closed. Nothing was changed: try again in a moment.",
      { code: "payment_uncertain", headers: { "Retry-After": "5" } },
    )
  })
}
