export { showOrder } from "./answer.ts"
export { getOrder } from "./retrieve.ts"
