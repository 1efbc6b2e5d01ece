export { type HandOvers, tellHandOvers } from "./hand-over.ts"
export { printedLines } from "./printed.ts"
export type { Cashing, Receipt } from "./receipts.ts"
export { paymentBegun, readSelling, type Selling, type Sold, sellForCash, sellOnInvoice } from "./sell.ts"
