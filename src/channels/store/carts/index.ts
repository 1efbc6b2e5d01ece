export { Bearer } from "./bearer.ts"
export { actorOf, byWhom } from "./by-whom.ts"
export { ChangedCart, ChangedLine, NewLine, Promotions, ShippingMethods } from "./changes/bodies.ts"
export { changeCart } from "./changes/change.ts"
export { shownOrder } from "./changes/complete.ts"
export { cartChanges } from "./changes/index.ts"
export { addChangeLane, type ChangeLane, changeLane, VersionHeader } from "./changes/lane.ts"
export { meetCart } from "./changes/meet.ts"
export { openOrMake } from "./changes/open.ts"
export {
  addedCodes,
  addingLine,
  changingLine,
  changingPromotions,
  choosingShipping,
  removingLine,
  updatingCart,
  type Verb,
} from "./changes/verbs.ts"
export { closeCards } from "./close-cards.ts"
export { type ShownCart, selectCart } from "./fields.ts"
export { CLAIM_ERRORS, claimCart, handOffCart, redeem } from "./handoff.ts"
export { cartHistory, cartOfStaff, HistoryEntry, HistoryQuery, historyPage, shownEntry } from "./history.ts"
export { addCartOperations, operateOnCart } from "./operations.ts"
export { asPresented, CART_TOKEN_HEADER, cartIn, customerAsking, noCart, presentedCart } from "./presented.ts"
export { refusalOf } from "./refusals.ts"
export { answerWithCart, customersCart, getCart } from "./retrieve.ts"
export { CartAnswer, MergeAnswer } from "./schema.ts"
export { showsCarts } from "./shown-now.ts"
export { CART_STREAM_EXAMPLE, streamCart } from "./stream.ts"
export { addStreamTicket, issueStreamTicket } from "./ticket.ts"
