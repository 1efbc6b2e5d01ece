export { addClaims } from "./claims.ts"
export {
  addDeskCarts,
  addDeskRoute,
  cartOfCustomer,
  changing,
  type DeskRoom,
  type DeskVerb,
  letGoOfCards,
  newCart,
  onCart,
  shownBy,
} from "./desk-carts.ts"
export { Cart, cartRoutes, changes, FoundCustomer, once, showing } from "./document.ts"
export { addDeskStreams } from "./live.ts"
export { lookForCustomers } from "./look-for.ts"
