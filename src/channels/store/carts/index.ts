export { addCartChanges } from "./changes/index.ts"
export { getCart } from "./retrieve.ts"
