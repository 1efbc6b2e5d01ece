import { openCatalog } from "../../../src/commerce/catalog/index.ts"
import { markUnsent, searchWriter } from "../../../src/commerce/search/index.ts"
import { openChangeFeed } from "../../../src/platform/changes/index.ts"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { createLog } from "../../../src/platform/log.ts"

/** A process that does nothing but build documents, and the search with them, to be killed: `builder-process.ts DATABASE_URL`. */
const database = openDatabase(process.argv[2] ?? "", { connections: 4 })
const log = createLog("silent")
const write = searchWriter([markUnsent])
await openCatalog(database, await openChangeFeed(database, log), log, {
  cacheBytes: 1e6,
  onBuilt: (tx, built) =>
    write(
      tx,
      built.map((it) => it.product_id),
    ),
})
process.stdout.write("building\n")
