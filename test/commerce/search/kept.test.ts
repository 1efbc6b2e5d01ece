import { afterAll, beforeAll, expect, it } from "vitest"
import { openCatalog } from "../../../src/commerce/catalog/index.ts"
import { openSearch, type SearchQuery, searchWriter } from "../../../src/commerce/search/index.ts"
import { openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { demo } from "../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"

let database: TestDatabase
let feed: Awaited<ReturnType<typeof openChangeFeed>>
let catalog: Awaited<ReturnType<typeof openCatalog>>
let search: Awaited<ReturnType<typeof openSearch>>

beforeAll(async () => {
  database = await cloneDatabase()
  const log = createLog("silent")
  const write = searchWriter()
  feed = await openChangeFeed(database, log)
  catalog = await openCatalog(database, feed, log, {
    cacheBytes: 1e6,
    onBuilt: (tx, built) =>
      write(
        tx,
        built.map((it) => it.product_id),
      ),
  })
  search = await openSearch(database, feed, log, { catalog, write })
  await feed.catchUp()
  await until("all can be found", async () => {
    const [row] = await database.sql`
      select not exists (select from mostrador.stale_product) and exists (select from mostrador.search_product) as all`
    return row?.all
  })
})
afterAll(async () => {
  await search.close()
  await feed.close()
  await catalog.close()
  await database.drop()
})

async function ask(q: string) {
  const query: SearchQuery = {
    ...{ channels: [demo().channels.web.sales_channel_id], q, facets: [], disjunctive: false },
    ...{ match: "last" as const, typos: true, order: [], skip: 0, take: 5 },
  }
  const { results } = await search.search([query, query])
  const [result] = results
  if (!result) throw new Error("no result")
  return result
}
/** Without its rows only what is known can be answered. */
const hideIndex = () => database.sql`alter table mostrador.search_product rename to hidden`
const showIndex = () => database.sql`alter table mostrador.hidden rename to search_product`

it("finds what many ask for once, and anew when a product or a setting has changed", async () => {
  const before = await ask("taza")
  await hideIndex()
  expect((await ask("taza")).hits.map((it) => it.id)).toEqual(before.hits.map((it) => it.id))
  await expect(ask("plato")).rejects.toThrow("search_product")
  await showIndex()

  const id = before.hits[0]?.id ?? ""
  await database.sql`update product set status = 'draft' where id = ${id}`
  await feed.catchUp()
  expect((await ask("taza")).hits.map((it) => it.id)).not.toContain(id)

  expect((await ask("pocillo")).count).toBe(0)
  await search.settings.write({ synonyms: [["lino", "pocillo"]] })
  expect((await ask("pocillo")).count).toBeGreaterThan(0)
})
