import type { Oddity } from "./reference.ts"

/**
 * `channel`: the cart's sales channel is deleted;
 * `price_rule`: a price hangs on something of the cart that is not known here;
 * `calculated_price`: a provider says what it costs;
 * `provider`: a provider other than the manual one has a say in the method's data, or there is none;
 * `no_options`: nothing was chosen, which Medusa takes for everything;
 * `method_without_option`: the cart has a method that is of no shipping option;
 * `stock`: the stock of a variant hangs on an inventory item that is deleted.
 */
export type LeftReason =
  | Oddity
  | "channel"
  | "price_rule"
  | "calculated_price"
  | "provider"
  | "no_options"
  | "method_without_option"
  | "stock"

/** What only Medusa can answer, and why: the request is to be passed to it, nothing written. */
export class LeftToMedusa {
  constructor(readonly reason: LeftReason) {}
}
