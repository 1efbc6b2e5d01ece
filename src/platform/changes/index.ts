export { type ChangedKeys, enrol, hasChanges, readChanges, takeTurn } from "./consumer.ts"
export { type ChangeFeed, openChangeFeed } from "./feed.ts"
export { keepInMemory, type Reference } from "./reference.ts"
export { type HeldTable, type HeldTableOptions, holdTable, type Page, type Question } from "./table.ts"
