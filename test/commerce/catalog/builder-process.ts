import { openCatalog } from "../../../src/commerce/catalog/index.ts"
import { openChangeFeed } from "../../../src/platform/changes/index.ts"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { createLog } from "../../../src/platform/log.ts"

/** A process that does nothing but build documents, to be killed: `builder-process.ts DATABASE_URL`. */
const database = openDatabase(process.argv[2] ?? "", { connections: 4 })
const log = createLog("silent")
await openCatalog(database, await openChangeFeed(database, log), log, { cacheBytes: 1e6, onBuilt: async () => {} })
process.stdout.write("building\n")
