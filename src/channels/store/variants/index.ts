export { variantAvailability } from "./availability.ts"
export { findByCode, lookUpVariant } from "./lookup.ts"
