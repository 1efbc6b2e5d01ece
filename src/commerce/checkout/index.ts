export {
  adjustHold,
  giveBackHold,
  holdAsIs,
  holdCart,
  keepHoldsReleased,
  releaseExpired,
  warnOfExpiring,
} from "./holds.ts"
export { type Authorization, STRIPE_PROVIDER } from "./pay.ts"
export {
  createPaymentCollection,
  createPaymentSession,
  type Payer,
  readPayer,
  type ShownPayment,
  shownPayment,
} from "./payments.ts"
export { orderPlaced, ProviderUnasked, placeOrder } from "./place.ts"
export { type Checkout, readCheckout } from "./read.ts"
