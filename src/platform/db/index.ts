export { type Database, type Db, openDatabase, requireUsable, type Tx } from "./database.ts"
export { withLock } from "./lock.ts"
export { isLockTimeout, type LockConnections, openLockConnections } from "./lock-connections.ts"
export { isMigrated, migrateMostrador } from "./migrations.ts"
