export { type LetGo, StripeUncertain } from "./let-go.ts"
export { NotFromStripe, openPayments, type Payments } from "./payments.ts"
export { CartTaken, listRepairs, NotToBeRetried, type PaymentRepair, type RepairReason } from "./repairs.ts"
export type { Completion } from "./settle.ts"
