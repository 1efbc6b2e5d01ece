export { createProducts } from "./answer.ts"
export { listProducts } from "./list.ts"
export { getProduct } from "./retrieve.ts"
