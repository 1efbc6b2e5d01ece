import { afterAll, beforeAll, expect, it } from "vitest"
import {
  computeAdjustments,
  isKnownCode,
  loadPromotions,
  type Promotions,
  usagesIn,
} from "../../../src/commerce/promotions/index.ts"
import { type ChangeFeed, openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { cart } from "./shop.ts"

let database: TestDatabase
let feed: ChangeFeed
let promotions: Promotions
beforeAll(async () => {
  database = await cloneDatabase()
  await database.sql`update promotion set status = 'inactive'`
  feed = await openChangeFeed(database, createLog("silent"))
  promotions = await loadPromotions(database.sql, feed)
})
afterAll(async () => {
  await feed.close()
  await database.drop()
})

/** How much is taken off a line of 100, with the code of the test. */
async function amounts(): Promise<unknown> {
  await feed.catchUp()
  const found = await computeAdjustments(promotions.reference, {
    cart: cart(),
    codes: new Set(["FOLLOWED"]),
    now: new Date(),
    readUsage: usagesIn(database.sql),
  })
  return "reason" in found ? found : found.items.map(({ amount }) => amount)
}

it("promotions follow every change of theirs, of their rules, campaigns and budgets", async () => {
  const { sql } = database
  expect(isKnownCode(promotions.reference, "FOLLOWED")).toBe(false)
  await sql`insert into promotion (id, code, type, status) values ('promo_1', 'FOLLOWED', 'standard', 'active')`
  await sql`insert into promotion_application_method (id, promotion_id, type, target_type, allocation, value, raw_value)
    values ('proappmet_1', 'promo_1', 'percentage', 'items', 'across', 10, '{"value":"10"}')`
  expect(await amounts()).toEqual([10])
  expect(isKnownCode(promotions.reference, "FOLLOWED")).toBe(true)

  await sql`update promotion_application_method set value = 12.5, raw_value = '{"value":"12.5"}'`
  expect(await amounts()).toEqual([12.5])

  await sql`insert into promotion_rule (id, attribute, operator) values ('prorul_1', 'currency_code', 'eq'),
    ('prorul_2', 'items.product.id', 'in')`
  await sql`insert into promotion_rule_value (id, promotion_rule_id, value) values ('prorulval_1', 'prorul_1', 'usd'),
    ('prorulval_2', 'prorul_2', 'prod_other')`
  expect(await amounts()).toEqual([12.5])
  await sql`insert into promotion_promotion_rule (promotion_id, promotion_rule_id) values ('promo_1', 'prorul_1')`
  expect(await amounts()).toEqual([])
  await sql`update promotion_rule_value set value = 'eur' where id = 'prorulval_1'`
  expect(await amounts()).toEqual([12.5])
  await sql`insert into application_method_target_rules values ('proappmet_1', 'prorul_2')`
  expect(await amounts()).toEqual([])
  await sql`update promotion_rule set operator = 'ne' where id = 'prorul_2'`
  expect(await amounts()).toEqual([12.5])

  await sql`insert into promotion_campaign (id, name, campaign_identifier, ends_at)
    values ('procamp_1', 'It is over', 'over', now() - interval '1 day')`
  await sql`update promotion set campaign_id = 'procamp_1' where id = 'promo_1'`
  expect(await amounts()).toEqual([])
  await sql`update promotion_campaign set ends_at = null`
  expect(await amounts()).toEqual([12.5])

  await sql`insert into promotion_campaign_budget (id, campaign_id, type, "limit", used, raw_used)
    values ('probudg_1', 'procamp_1', 'usage', 2, 1, '{"value":"1"}')`
  expect(await amounts()).toEqual([12.5])
  await sql`update promotion_campaign_budget set used = 2, raw_used = '{"value":"2"}'`
  expect(await amounts()).toEqual([])
  // A deleted campaign leaves its promotions behind, without dates and budget.
  await sql`update promotion_campaign set deleted_at = now()`
  expect(await amounts()).toEqual([12.5])

  await sql`update promotion set "limit" = 1 where id = 'promo_1'`
  expect(await amounts()).toEqual([12.5])
  await sql`update promotion set used = 1 where id = 'promo_1'`
  expect(await amounts()).toEqual([])
  await sql`update promotion set deleted_at = now() where id = 'promo_1'`
  await feed.catchUp()
  expect(isKnownCode(promotions.reference, "FOLLOWED")).toBe(false)
})

it("what someone has used of a budget is read in the caller's transaction", async () => {
  await database.sql.begin(async (tx) => {
    await tx`insert into promotion_campaign (id, name, campaign_identifier) values ('procamp_2', 'Once each', 'each')`
    await tx`insert into promotion_campaign_budget (id, campaign_id, type, used, raw_used)
      values ('probudg_2', 'procamp_2', 'use_by_attribute', 0, '{"value":"0"}')`
    await tx`insert into promotion_campaign_budget_usage (id, budget_id, attribute_value, used, raw_used, deleted_at) values
      ('probudgus_1', 'probudg_2', 'cus_ana', 3, '{"value":"3"}', null),
      ('probudgus_2', 'probudg_2', 'cus_joan', 3, '{"value":"3"}', now())`
    const readUsage = usagesIn(tx)
    expect(await readUsage("probudg_2", "cus_ana")).toEqual({ used: 3 })
    expect(await readUsage("probudg_2", "cus_joan")).toBeUndefined()
    expect(await readUsage("probudg_1", "cus_ana")).toBeUndefined()
  })
})
