export type { ShippingCart, ShippingLine, ShippingMethod, ShippingShopper, ShippingTotals } from "./cart.ts"
export { CartIncomplete, OptionsNotOffered, OptionsWithoutPrice, ShippingRefused } from "./errors.ts"
export { type LeftReason, LeftToMedusa } from "./left.ts"
export { type ListedOption, listOptions } from "./list.ts"
export { loadShipping, type Shipping } from "./load.ts"
export {
  type ChargeQuestion,
  type ChosenMethods,
  type ChosenOption,
  chargedOptions,
  methodsAfterRefresh,
  methodsForOptions,
  type NewShippingMethod,
  type PricedOption,
  type RefreshedMethods,
} from "./methods.ts"
export { offeredOptions } from "./offer.ts"
export { needsTotals, type PricePurpose, type PriceQuestion, pricesOf } from "./price.ts"
export { readCartToShip } from "./read.ts"
export {
  type LocationAddress,
  type Oddity,
  type ShippingOption,
  type ShippingOptionRow,
  type ShippingPrice,
  type ShippingReference,
  shippingReference,
} from "./reference.ts"
export type { ShippingOptionRule, ShippingSituation } from "./rules.ts"
export { isInsufficient, type StockedLine } from "./stock.ts"
export { type GeoZone, reaches, type ShippingAddress } from "./zones.ts"
