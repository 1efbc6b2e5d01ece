export { showPlacedOrder } from "./answer.ts"
export { selectOrder } from "./fields.ts"
export { listOrders } from "./list.ts"
export { getOrder } from "./retrieve.ts"
