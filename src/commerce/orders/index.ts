export {
  type CanceledBy,
  CancellationRefused,
  CancellationUncertain,
  type CancelRefusal,
  cancellationOf,
  cancelOrder,
  readCancelState,
} from "./cancel.ts"
export type { Order, OrderLine, OrderMethod } from "./order.ts"
export { inIso, readOrder } from "./read.ts"
export { paymentStatus } from "./status.ts"
export * from "./timeline/index.ts"
export { isUntouched, type OrderTotals, orderTotals } from "./totals.ts"
