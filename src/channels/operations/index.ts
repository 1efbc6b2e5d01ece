export { addOperations, type OperationRoutes } from "./operations.ts"
