export { NotFromStripe, openPayments, type Payments } from "./payments.ts"
export { listRepairs, NotToBeRetried, type PaymentRepair, type RepairReason } from "./repairs.ts"
export type { Completion } from "./settle.ts"
