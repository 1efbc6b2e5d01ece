export type { Cart, Raw } from "./cart.ts"
export * from "./change/index.ts"
export * from "./followers/index.ts"
export * from "./foreign/index.ts"
export {
  CLAIM_DAYS,
  type Claimed,
  claimHandoff,
  codeFrom,
  HANDOFF_MINUTES,
  type Handoff,
  HandoffRefused,
  handOff,
  type Recipient,
} from "./handoffs.ts"
export * from "./history/index.ts"
export { lineNow } from "./line-now.ts"
export {
  CartBusy,
  countCreation,
  type HandedOver,
  type Handing,
  handOver,
  keepMedusaOut,
  takeCart,
  tryCart,
} from "./lock.ts"
export * from "./operations/index.ts"
export {
  CartMoved,
  type CartPlace,
  hashOfToken,
  isClaimed,
  isClaimedBy,
  isPlaceTaken,
  openCartOf,
  openPlaceOf,
  ownBeside,
  ownCart,
  ownerOfRow,
  placeOfCart,
  survivorOf,
  takeCustomer,
} from "./owners.ts"
export {
  type DeskWorker,
  isFound,
  isReached,
  REACH_HOURS,
  type Reached,
  reach,
  reachedCart,
} from "./reach.ts"
export { cartFrom, cartOfPayment, cartQuery, type Extras, ODD, readCart, readCartTotals } from "./read.ts"
export { isoOf } from "./rows.ts"
export {
  CART_TOTALS,
  type CartTotal,
  type CartTotals,
  cartTotals,
  type Decimal,
  exact,
  type LineTotals,
  rawOf,
  shown,
  type Totalled,
  type TotalsOfLine,
  withoutZeros,
} from "./totals.ts"
export { InOthersHands, VersionConflict, versionOf } from "./versions.ts"
