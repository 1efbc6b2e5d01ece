export type { Cart, Raw } from "./cart.ts"
export * from "./change/index.ts"
export { CartBusy, type HandedOver, type Handing, handOver, lockCart, takeCart } from "./lock.ts"
export { cartFrom, cartQuery, type Extras, ODD, readCart, readCartTotals } from "./read.ts"
export {
  CART_TOTALS,
  cartTotals,
  type Decimal,
  exact,
  type LineTotals,
  rawOf,
  shown,
  type TotalsOfLine,
  withoutZeros,
} from "./totals.ts"
export { firstVersion, VersionConflict, versionOf } from "./versions.ts"
