export type { Cart, Raw } from "./cart.ts"
export { type Extras, ODD, readCart } from "./read.ts"
export {
  CART_TOTALS,
  cartTotals,
  type Decimal,
  exact,
  rawOf,
  shown,
  type TotalsOfLine,
  withoutZeros,
} from "./totals.ts"
