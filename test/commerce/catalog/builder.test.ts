import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCatalog } from "../../../src/commerce/catalog/index.ts"
import { openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"

let database: TestDatabase
let feed: Awaited<ReturnType<typeof openChangeFeed>>
let catalog: Awaited<ReturnType<typeof openCatalog>>
const log = createLog("silent")

beforeAll(async () => {
  database = await cloneDatabase()
  feed = await openChangeFeed(database, log)
  catalog = await openCatalog(database, feed, log, { cacheBytes: 1e6, onBuilt: async () => {} })
})
afterAll(async () => {
  await feed.close()
  await catalog.close()
  await database.drop()
})

describe("product documents", () => {
  it("are there for every product soon after the first start", async () => {
    const { sql } = database
    const [{ products } = { products: 0 }] = await sql<{ products: number }[]>`
      select count(*)::int as products from product where deleted_at is null`
    expect(products).toBeGreaterThan(80)
    await until("every product has its document", async () => {
      const [row] = await sql`select count(*)::int as documents from mostrador.product_document`
      return row?.documents === products
    })
  })

  it("follow a change, whoever makes it, and only those that it concerns", async () => {
    const { sql } = database
    const [product] = await sql<{ id: string }[]>`select id from product order by id limit 1`
    const id = product?.id ?? ""
    const [before] = await catalog.documents.get([id])
    await catalog.changes.catchUp()
    const version = catalog.changes.version
    await sql`update product set title = 'Otro nombre' where id = ${id}`
    await feed.catchUp()
    const [after] = await catalog.documents.get([id])
    expect(after?.product.title).toBe("Otro nombre")
    expect(after?.version).toBeGreaterThan(before?.version ?? 0)
    expect(catalog.changes.version).toBe(after?.version)
    const newer = await sql`select product_id from mostrador.product_document where version > ${version}`
    expect(newer.map((row) => row.product_id)).toEqual([id])
  })
})
