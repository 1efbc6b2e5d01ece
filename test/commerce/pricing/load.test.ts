import { afterAll, beforeAll, expect, it } from "vitest"
import { loadPricing } from "../../../src/commerce/pricing/index.ts"
import { type ChangeFeed, openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
let feed: ChangeFeed
beforeAll(async () => {
  database = await cloneDatabase()
  await database.sql`select mostrador.watch('price_list', 'id'), mostrador.watch('price_list_rule', 'price_list_id'),
    mostrador.watch('price_preference', 'id')`
  feed = await openChangeFeed(database, createLog("silent"))
})
afterAll(async () => {
  await feed.close()
  await database.drop()
})

it("price lists and preferences follow every change, and the reference is another one then", async () => {
  const pricing = await loadPricing(database.db, feed)
  const first = pricing.reference
  expect(
    [...first.lists.values()].map(({ type, rules_count, rules }) => [type, rules_count, rules.length]).sort(),
  ).toEqual([
    ["override", 1, 1],
    ["sale", 0, 0],
  ])
  expect(first.taxInclusiveCurrencies.get("gbp")).toBe(false)

  await feed.catchUp()
  const held = pricing.reference
  await feed.catchUp()
  expect(pricing.reference).toBe(held)

  await database.sql`update price_list set status = 'draft' where type = 'sale'`
  await database.sql`update price_list_rule set value = '["cusgroup_new"]'`
  await database.sql`update price_preference set is_tax_inclusive = true where value = 'gbp'`
  await feed.catchUp()
  expect(pricing.reference).not.toBe(held)
  const [club, ...others] = pricing.reference.lists.values()
  expect(others).toEqual([])
  expect(club?.rules).toEqual([{ attribute: "customer.groups.id", values: new Set(["cusgroup_new"]) }])
  expect(pricing.reference.taxInclusiveCurrencies.get("gbp")).toBe(true)
})
