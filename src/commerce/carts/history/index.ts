export { actorNames } from "./actors.ts"
export {
  type CartEvent,
  cartsIn,
  isReachable,
  type News,
  type Place,
  readEvents,
  readHistory,
  readMissed,
  readNews,
  readSnapshot,
} from "./events.ts"
export { type What, whatOf } from "./what.ts"
export { HISTORY_LANGUAGES, type HistoryLanguage, saidOf } from "./words.ts"
