import { followOrders } from "../../../src/commerce/orders/index.ts"
import { openChangeFeed } from "../../../src/platform/changes/index.ts"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { createLog } from "../../../src/platform/log.ts"

/** A process that does nothing but tell what happens to orders, to be killed: `teller-process.ts DATABASE_URL`. */
const database = openDatabase(process.argv[2] ?? "", { connections: 4 })
const log = createLog("silent")
await followOrders(database, await openChangeFeed(database, log), log)
process.stdout.write("telling\n")
