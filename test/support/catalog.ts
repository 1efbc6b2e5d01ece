import { openCatalog } from "../../src/commerce/catalog/index.ts"
import { searchWriter } from "../../src/commerce/search/index.ts"
import { openChangeFeed } from "../../src/platform/changes/index.ts"
import { createLog } from "../../src/platform/log.ts"
import type { TestDatabase } from "./database.ts"
import { until } from "./http.ts"

/** The catalog of a database, kept up together with the search in Postgres, without a counter. */
export async function openIndexedCatalog(database: TestDatabase) {
  const log = createLog("silent")
  const write = searchWriter()
  const feed = await openChangeFeed(database, log)
  const catalog = await openCatalog(database, feed, log, {
    cacheBytes: 1e6,
    onBuilt: (tx, built) =>
      write(
        tx,
        built.map((it) => it.product_id),
      ),
  })
  return {
    ...{ log, write, feed, catalog },
    /** Resolves when every product is built. */
    untilBuilt: () =>
      until("all is built", async () => {
        await feed.catchUp()
        const [row] = await database.sql`
          select not exists (select from mostrador.stale_product)
            and exists (select from mostrador.search_product) as all`
        return row?.all
      }),
    async close() {
      await feed.close()
      await catalog.close()
    },
  }
}
