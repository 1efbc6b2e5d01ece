export { getCart } from "./retrieve.ts"
