export { addClaims } from "./claims.ts"
export {
  addDeskCarts,
  addDeskRoute,
  cartOfCustomer,
  changing,
  type DeskRoom,
  newCart,
  onCart,
  shownBy,
} from "./desk-carts.ts"
export { Cart, cartRoutes, FoundCustomer } from "./document.ts"
export { addDeskStreams } from "./live.ts"
export { lookForCustomers } from "./look-for.ts"
