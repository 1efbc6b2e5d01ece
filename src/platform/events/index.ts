export { KEPT_DAYS, pruneEvents } from "./prune.ts"
export { type Actor, eventRows, type NewEvent, recordEvents, recordingEvents } from "./record.ts"
