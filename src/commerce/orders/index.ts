export {
  type CanceledBy,
  CancellationRefused,
  CancellationUncertain,
  type CancelRefusal,
  cancellationOf,
  cancelOrder,
  readCancelState,
  resumeCancellations,
} from "./cancel.ts"
export type { Order, OrderLine, OrderMethod, ProductRow } from "./order.ts"
export { type OwnedOrder, readOwned, takesPartInTransfer } from "./owner.ts"
export { inIso, ODD, readOrder, readOrders } from "./read.ts"
export type { OrderExtras } from "./statement.ts"
export { fulfillmentStatus, paymentStatus } from "./status.ts"
export * from "./timeline/index.ts"
export { isOddOrder, type OrderTotals, orderTotals } from "./totals.ts"
