export { adjustHold, giveBackHold, holdAsIs, holdCart, keepHoldsReleased, releaseExpired } from "./holds.ts"
export {
  createPaymentCollection,
  createPaymentSession,
  type Payer,
  readPayer,
  type ShownPayment,
  shownPayment,
} from "./payments.ts"
export { type Authorization, orderPlaced, ProviderUnasked, placeOrder, STRIPE_PROVIDER } from "./place.ts"
export { type Checkout, readCheckout } from "./read.ts"
