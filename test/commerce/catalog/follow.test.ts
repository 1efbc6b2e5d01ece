import { afterAll, beforeAll, expect, it } from "vitest"
import { type DocumentChange, followDocuments } from "../../../src/commerce/catalog/follow.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database.drop())

it("a document that changed twice between two readings is told of with both of its parts, and then once", async () => {
  const { sql } = database
  await sql`
    insert into mostrador.product_document (product_id, version, content, content_version, prices, prices_version, stock,
      stock_version, visible_in, visible_version, seen_in)
    values ('prod_1', 5, '{}', 5, '{}', 5, '{}', 5, '{sc_1}', 5, '{sc_1}')`
  const follower = await followDocuments(sql, createLog("silent"))
  const told: DocumentChange[] = []
  follower.listen((changes) => told.push(...changes))
  await sql`update mostrador.product_document set version = 7, prices_version = 6, stock_version = 7`
  await follower.catchUp()
  expect(told).toMatchObject([{ version: 7, content: false, prices: true, stock: true, visibility: false }])
  await sql`update mostrador.product_document set version = 8, content_version = 8`
  await follower.catchUp()
  expect(told.slice(1)).toMatchObject([{ version: 8, content: true, prices: false, stock: false, visibility: false }])
  await follower.close()
})
