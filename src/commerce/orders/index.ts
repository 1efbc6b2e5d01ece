export type { Order, OrderLine, OrderMethod } from "./order.ts"
export { inIso, readOrder } from "./read.ts"
export { paymentStatus } from "./status.ts"
export { isUntouched, type OrderTotals, orderTotals } from "./totals.ts"
