import fs from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { pullSchema, schemaFile } from "../../drizzle/pull.ts"
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

it("every table that lanes hold in memory has its triggers, also after Medusa's migrations", async () => {
  const rows =
    await database.sql`select distinct tgrelid::regclass::text as table from pg_trigger where tgname like 'mostrador\\_%'`
  expect(rows.map((row) => row.table).sort()).toEqual([
    "api_key",
    "currency",
    "product_category",
    "product_collection",
    "product_tag",
    "product_type",
    "publishable_api_key_sales_channel",
    "region",
    "region_country",
  ])
})
