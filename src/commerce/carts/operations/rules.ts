/**
 * The rules by which operations of several devices come to the same cart, whichever comes first. They follow from which
 * operation had seen which: what was in the version that it is based on, and what its own device had done before.
 */

/** What is known of where an operation comes from. */
export interface Origin {
  device: string
  /** The cart whose version `base_version` is: before it was merged into another, that cart. */
  based_on: string
  base_version: number
  /** The order in which they have come; of a device's own, that in which it did them. */
  position: number
}

/** What an operation did to a line. */
export type Effect =
  | { is: "added"; line_id: string; slot: string; value: number; made: boolean }
  | { is: "set"; line_id: string; value: number }
  | { is: "removed"; line_id: string }
  /** What the device itself had put into a line by then comes to `value`, and is of that operation. */
  | { is: "own"; slot: string; operation_id: string; value: number; gone: boolean }
  /** How many the line was to have, beyond what there was, and how many it got. */
  | { is: "got"; line_id: string; wanted: number; quantity: number }
  /** A code that does nothing now, and may later. */
  | { is: "waits"; code: string }

/** An operation that was applied. */
export interface Applied extends Origin {
  id: string
  /** To which cart, and in which version it was then. */
  cart_id: string
  version: number
  effects: readonly Effect[]
}

/** What was done online to a line. */
export interface Online {
  cart_id: string
  version: number
  line_id: string
  is: "added" | "set"
  value: number
}

/** A line that was put onto another when carts were merged; see `cart_line_alias`. */
export interface LineAlias {
  id: string
  line_id: string
  version: number
  besides: number
}

/** What a device has put into lines of one kind, as it stands by now. */
export interface OwnAddition extends Origin {
  operation_id: string
  cart_id: string
  version: number
  line_id: string
  slot: string
  value: number
  made: boolean
  gone: boolean
}

/**
 * Which of two that had not seen each other counts: the one that is based on the newer version; of the same, that of the
 * device whose name sorts later. Nothing hangs on who comes first.
 */
export function isNewer(a: Origin, b: Origin): boolean {
  if (a.base_version !== b.base_version) return a.base_version > b.base_version
  return a.device === b.device ? a.position > b.position : a.device > b.device
}
