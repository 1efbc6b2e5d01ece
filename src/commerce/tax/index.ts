export { type AmountsWithTax, amountsWithTax } from "./amounts.ts"
export { loadTax, type Tax } from "./load.ts"
export { type TaxRate, type TaxReference, type TaxRegion, taxReference } from "./reference.ts"
export { shippingTaxLines, type TaxAddress, type TaxLine, taxLines } from "./tax-lines.ts"
