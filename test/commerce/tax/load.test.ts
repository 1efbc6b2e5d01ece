import { afterAll, beforeAll, expect, it } from "vitest"
import { loadTax, taxLines } from "../../../src/commerce/tax/index.ts"
import { type ChangeFeed, openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
let feed: ChangeFeed
beforeAll(async () => {
  database = await cloneDatabase()
  await database.sql`select mostrador.watch('tax_region', 'id'), mostrador.watch('tax_rate', 'id'),
    mostrador.watch('tax_rate_rule', 'tax_rate_id')`
  feed = await openChangeFeed(database, createLog("silent"))
})
afterAll(async () => {
  await feed.close()
  await database.drop()
})

it("taxes follow every change of regions, rates and their rules", async () => {
  const tax = await loadTax(database.db, feed)
  const rate = () => taxLines("prod_atlas", null, tax.reference, { country_code: "es" })?.map((line) => line.rate)
  expect(rate()).toEqual([21])

  await database.sql`update tax_rate set rate = 22.5 where code = 'IVA21'`
  await feed.catchUp()
  expect(rate()).toEqual([22.5])

  await database.sql`insert into tax_rate (id, rate, code, name, tax_region_id)
    select 'txr_new', 4, 'new', 'new', tax_region_id from tax_rate where code = 'IVA21'`
  await database.sql`insert into tax_rate_rule (id, tax_rate_id, reference, reference_id)
    values ('txrule_new', 'txr_new', 'product', 'prod_atlas')`
  await feed.catchUp()
  expect(rate()).toEqual([4])

  await database.sql`update tax_region set deleted_at = now() where country_code = 'es'`
  await feed.catchUp()
  expect(rate()).toEqual([])
})
