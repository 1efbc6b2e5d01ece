import { NoSlot } from "../../platform/slots.ts"
import type { Services } from "../counter.ts"
import { busy } from "../idempotency.ts"

/**
 * Does the work when it is the cart's turn in this process: so a cart that many change takes one connection, however many
 * they are.
 *
 * @throws WireError 503 when the others have taken too long
 */
export async function inTurn<T>({ turns, config }: Services, cart: string, work: () => Promise<T>): Promise<T> {
  try {
    return await turns.use(`cart:${cart}`, config.requestTimeoutSeconds * 1000, work)
  } catch (cause) {
    throw cause instanceof NoSlot ? busy() : cause
  }
}
