export type { Order, OrderLine, OrderMethod } from "./order.ts"
export { inIso, orderFrom, orderQuery, readOrder } from "./read.ts"
export { paymentStatus } from "./status.ts"
export { isUntouched, type OrderTotals, orderTotals } from "./totals.ts"
