export { type Database, type Db, openDatabase, requireUsable, type Tx } from "./database.ts"
export { withLock } from "./lock.ts"
export { isMigrated, migrateMostrador } from "./migrations.ts"
