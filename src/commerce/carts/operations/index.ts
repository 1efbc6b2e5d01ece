export { applyOperations } from "./apply.ts"
export { type Operation, REASONS, type Result } from "./operation.ts"
export { readPast } from "./past.ts"
export { pruneOperations, pruneSome as pruneSomeOperations } from "./prune.ts"
