export { type Change, type ChangeFeed, openChangeFeed } from "./feed.ts"
export { keepInMemory, type Reference } from "./reference.ts"
