import { afterAll, beforeAll, expect, it } from "vitest"
import { openSearch, type SearchQuery } from "../../../src/commerce/search/index.ts"
import { openIndexedCatalog } from "../../support/catalog.ts"
import { demo } from "../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
let shop: Awaited<ReturnType<typeof openIndexedCatalog>>
let search: Awaited<ReturnType<typeof openSearch>>

beforeAll(async () => {
  database = await cloneDatabase()
  shop = await openIndexedCatalog(database)
  search = await openSearch(database, shop.feed, shop.log, shop)
  await shop.untilBuilt()
})
afterAll(async () => {
  await search.close()
  await shop.close()
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
  await shop.feed.catchUp()
  expect((await ask("taza")).hits.map((it) => it.id)).not.toContain(id)

  expect((await ask("pocillo")).count).toBe(0)
  await database.sql.begin((tx) => search.settings.write(tx, { synonyms: [["lino", "pocillo"]] }))
  await shop.feed.catchUp()
  expect((await ask("pocillo")).count).toBeGreaterThan(0)
})
