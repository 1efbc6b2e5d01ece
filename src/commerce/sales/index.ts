export { type HandOvers, tellHandOvers } from "./hand-over.ts"
export type { Cashing, Receipt } from "./receipts.ts"
export { readSelling, type Selling, type Sold, sellForCash, sellOnInvoice } from "./sell.ts"
