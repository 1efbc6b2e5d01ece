export { placeOrder } from "./place.ts"
export { type Checkout, readCheckout } from "./read.ts"
