import { CartRefused } from "../../../commerce/carts/index.ts"
import {
  CannotReserve,
  ChannelWithoutStock,
  InsufficientStock,
  NotStocked,
  UnknownInventoryItem,
  VariantWithoutInventory,
} from "../../../commerce/inventory/index.ts"
import { WireError } from "../../errors.ts"

/**
 * What is said to who asks of a cart what cannot be done. Where stock is to be taken, or held, it names every line that
 * is short, and how many of it are left.
 *
 * @returns undefined for an error of another kind
 */
export function refusalOf(error: unknown): WireError | undefined {
  if (error instanceof CartRefused) {
    const { type, message, code, details } = error
    const options = { ...(code ? { code } : {}), ...(details ? { details } : {}) }
    return new WireError(type === "not_found" ? 404 : 400, type, message, options)
  }
  if (error instanceof ChannelWithoutStock || error instanceof VariantWithoutInventory) {
    return new WireError(400, "invalid_data", error.message)
  }
  if (error instanceof UnknownInventoryItem || error instanceof NotStocked) {
    return new WireError(404, "not_found", error.message)
  }
  if (error instanceof InsufficientStock) {
    const details = error instanceof CannotReserve ? { details: { lines: error.lines } } : {}
    return new WireError(400, "not_allowed", error.message, { code: "insufficient_inventory", ...details })
  }
  return undefined
}
