import fs from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { pullSchema, schemaFile } from "../../drizzle/pull.ts"
import { DOCUMENT_RELATIONS } from "../../src/commerce/catalog/stale.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database.drop())

it("src/medusa/schema.ts is what a migrated database has", async () => {
  const folder = path.resolve(import.meta.dirname, "../../.data/test/schema")
  const pulled = await pullSchema(database.url, folder)
  expect(pulled, "Medusa's tables have changed: run `npm run schema:pull` and look at the difference").toBe(
    fs.readFileSync(schemaFile, "utf8"),
  )
})

it("fails when a column is added to a table that lanes use", async () => {
  await database.sql`alter table region add column surprise text`
  const folder = path.resolve(import.meta.dirname, "../../.data/test/schema-changed")
  expect(await pullSchema(database.url, folder)).not.toBe(fs.readFileSync(schemaFile, "utf8"))
})

it("every table that lanes stand on is watched, whatever is done to it, also after Medusa's migrations", async () => {
  const triggers = ["mostrador_delete", "mostrador_insert", "mostrador_truncate", "mostrador_update"]
  const rows = await database.sql<{ table: string; triggers: string[] }[]>`
    select relname as table, array_agg(tgname::text order by tgname) as triggers
    from pg_trigger join pg_class on pg_class.oid = tgrelid where tgname = any(${triggers}) group by relname`
  expect(rows.filter((row) => row.triggers.join() !== triggers.join())).toEqual([])
  const watched = new Set(rows.map((row) => row.table))
  const needed = [...DOCUMENT_RELATIONS, ...WATCHED_IN_MEMORY]
  expect(needed.filter((table) => !watched.has(table))).toEqual([])
})

/** What is held in memory, or will be by the lanes that come next. */
const WATCHED_IN_MEMORY = [
  ...["api_key", "publishable_api_key_sales_channel", "region", "region_country", "store", "sales_channel", "currency"],
  ...["price_list", "price_list_rule", "price_preference", "tax_region", "tax_rate", "tax_rate_rule"],
  ...["promotion", "promotion_rule", "promotion_campaign", "shipping_option", "shipping_option_rule", "stock_location"],
]
