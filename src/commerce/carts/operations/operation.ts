import type { GivenAddress } from "../change/addresses.ts"

/** Something that a shopper has done on a device that was offline. */
export type Operation = {
  /** The device's own: a UUID or a ULID, in small letters, since its letters' case says nothing. */
  id: string
  /** As the device writes it: so it is told, in answers and in the cart's history. */
  sent_as: string
  /** The version of the cart that the device had a copy of. */
  base_version: number
  /** By the device's clock, which may be wrong: it is told, and nothing hangs on it. */
  done_at?: string | undefined
} & (
  | { type: "add_line"; variant_id: string; quantity: number; metadata?: Record<string, unknown> | null | undefined }
  | ({ type: "set_quantity"; quantity: number } & NamedLine)
  | ({ type: "remove_line" } & NamedLine)
  | { type: "add_promotion" | "remove_promotion"; code: string }
  | ({ type: "update_cart" } & CartFields)
)

/** By its id, or by that of the operation that made it while the device was offline, in small letters, too. */
export interface NamedLine {
  line_id?: string | undefined
  line?: { operation_id: string } | undefined
}

export interface CartFields {
  email?: string | null | undefined
  shipping_address?: GivenAddress | undefined
  billing_address?: GivenAddress | undefined
  metadata?: Record<string, unknown> | null | undefined
}

export const REASONS = [
  "insufficient_inventory",
  "line_removed",
  "newer_change",
  "not_applicable",
  "unavailable",
  "without_price",
  "unknown_line",
  "unknown_operation",
  "unknown_promotion",
  "operation_rejected",
  "operation_of_another_cart",
  "version_unknown",
  "cart_completed",
  "left_to_medusa",
  "refused",
] as const
export type Reason = (typeof REASONS)[number]

/** What came of an operation. */
export interface Result {
  /** As the device writes it. */
  id: string
  /** `merged`: others have changed the same meanwhile, or not all of it could be had. */
  outcome: "applied" | "merged" | "rejected"
  reason?: Reason
  /** What the shop says, where the reason does not tell all. */
  message?: string
  line_id?: string
  /** Of an addition, how many of it could be had; else how many the line has now. */
  quantity?: number
  order_id?: string
  /** The cart's, afterwards. */
  version: number
  /** It was applied before: this is what was answered then. */
  replayed?: true
}
