export { variantAvailability } from "./availability.ts"
export { lookUpVariant } from "./lookup.ts"
