export { variantAvailability } from "./availability.ts"
export { bringVariant } from "./documents.ts"
export { findByCode, lookUpVariant } from "./lookup.ts"
