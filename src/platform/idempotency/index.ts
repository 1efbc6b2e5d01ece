export {
  begin,
  finish,
  isUsed,
  type KeptAnswer,
  type KeyedRequest,
  type Known,
  keyedRequest,
  lockName,
} from "./keys.ts"
export { type Ended, NothingDone, type Once, once } from "./once.ts"
export { pruneKeys } from "./prune.ts"
