export { NotFromStripe, openPayments, type Payments } from "./payments.ts"
export { listRepairs, type PaymentRepair, type RepairReason } from "./repairs.ts"
export type { Completion } from "./settle.ts"
