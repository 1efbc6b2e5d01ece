export { type CalculatedPrice, type ChosenPrice, calculatePrice } from "./calculate.ts"
export { type AttributeValue, type PricingContext, pricingContext } from "./context.ts"
export { loadPricing, type Pricing } from "./load.ts"
export { type PreparedPrices, type Price, prepare } from "./price.ts"
export {
  nextBoundary,
  type PriceList,
  type PriceListType,
  type PricePreference,
  type PricingReference,
  pricingReference,
} from "./reference.ts"
export type { PriceListRule, PriceRule } from "./rules.ts"
export { type CalculatedPriceWithTax, withTax } from "./tax.ts"
