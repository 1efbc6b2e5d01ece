import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import {
  BeyondEngine,
  type SearchEngine,
  type SearchResult,
  SearchUnavailable,
} from "../../../../src/commerce/search/engine.ts"
import { meilisearchSearch } from "../../../../src/commerce/search/meilisearch/engine.ts"
import { openSearch, type Search } from "../../../../src/commerce/search/search.ts"
import { createLog } from "../../../../src/platform/log.ts"
import { demo } from "../../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../../support/database.ts"
import { openSearchedShop, type SearchedShop } from "../../../support/meilisearch/shop.ts"
import { openTarget, type Target } from "../../../support/meilisearch/target.ts"
import { product, query } from "./products.ts"

let database: TestDatabase
let target: Target
let shop: SearchedShop
let search: Search
const warn = vi.fn()
const other = vi.fn<SearchEngine["search"]>()

beforeAll(async () => {
  database = await cloneDatabase()
  target = await openTarget()
  shop = await openSearchedShop(database.url, target)
  await shop.built()
  const log = Object.assign(createLog("silent"), { warn })
  search = await openSearch(shop.database, shop.feed, log, {
    catalog: shop.catalog,
    write: async () => {},
    meilisearch: async () => ({ name: "meilisearch", ready: true, search: other, async close() {} }),
  })
})
afterAll(async () => {
  await search.close()
  await shop.close()
  await target.close()
  await database.drop()
})
beforeEach(() => {
  warn.mockClear()
  other.mockReset()
})

const web = () => query({ channels: [demo().channels.web.sales_channel_id] })

describe("beside Meilisearch, Postgres answers", () => {
  it("what only Postgres can, and nobody is told that Meilisearch is down", async () => {
    other.mockRejectedValue(new BeyondEngine("not mine"))
    const { engine, results } = await search.search([web()])
    expect([engine, results[0]?.hits.length]).toEqual(["postgres", 20])
    expect(warn).not.toHaveBeenCalled()
  })

  it("what would be thousands of searches for Meilisearch", async () => {
    const connection = target.connect()
    other.mockImplementation(meilisearchSearch({ connection, isFilled: () => true }).search)
    const ranges = Array.from({ length: 50 }, (_, i) => ({ from: i, to: i + 1 }))
    const facets = Array.from({ length: 50 }, () => ({ field: "price.eur", type: "range" as const, ranges }))
    const { engine, results } = await search.search([{ ...web(), q: "mesa", facets }])
    expect([engine, results[0]?.facets.length]).toEqual(["postgres", 50])
    expect(warn).not.toHaveBeenCalled()
  })

  it("when Meilisearch cannot, which is said once", async () => {
    other.mockRejectedValue(new SearchUnavailable("down"))
    for (let i = 0; i < 3; i++) expect((await search.search([web()])).engine).toBe("postgres")
    expect(warn).toHaveBeenCalledTimes(1)
  })
})

it("a product that was withdrawn is not shown, though Meilisearch still has it", async () => {
  const { sql } = database
  const [shown, hidden] = await sql<{ id: string }[]>`
    select product_id as id from mostrador.product_document
    where ${demo().channels.web.sales_channel_id} = any(visible_in) order by 1 limit 2`
  const ids = [shown?.id ?? "", hidden?.id ?? "", "prod_gone"]
  const hits = ids.map((id) => ({ id, document: product(id), score: 0 }))
  other.mockResolvedValue([{ hits, count: 3, facets: [], took: 1 } satisfies SearchResult])
  await sql`update product set status = 'draft' where id = ${hidden?.id ?? ""}`
  await shop.built()
  const { engine, results } = await search.search([web()])
  expect([engine, results[0]?.hits.map((it) => it.id)]).toEqual(["meilisearch", [shown?.id]])
})
