export { addOperations } from "./operations.ts"
