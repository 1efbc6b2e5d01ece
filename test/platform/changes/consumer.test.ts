import { afterAll, beforeAll, expect, it } from "vitest"
import { enrol, hasChanges, readChanges, takeTurn } from "../../../src/platform/changes/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

const CONSUMER = "test"
let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
  await database.sql.begin((tx) => enrol(tx, CONSUMER))
})
afterAll(() => database.drop())

/** Reads what is new, and commits that it was read. */
const read = () =>
  database.sql.begin(async (tx) => {
    await takeTurn(tx, CONSUMER, true)
    const changes = await readChanges(tx, CONSUMER, ["region", "region_country"])
    return changes.flatMap(({ relation, keys }) => keys.map((key) => `${relation} ${key}`)).sort()
  })
const hasMore = () => database.sql.begin((tx) => hasChanges(tx, CONSUMER))

it("reads inserts, updates, soft and hard deletions, whoever makes them, and each once", async () => {
  await read()
  const writes: [() => Promise<unknown>, string][] = [
    [() => database.sql`insert into region (id, name, currency_code) values ('reg_a', 'a', 'eur')`, "region reg_a"],
    [() => database.sql`update region set name = 'A' where id = 'reg_a'`, "region reg_a"],
    [() => database.sql`update region_country set region_id = 'reg_a' where iso_2 = 'nl'`, "region_country reg_a"],
    [() => database.sql`update region set deleted_at = now() where id = 'reg_a'`, "region reg_a"],
    [() => database.sql`delete from region where id = 'reg_a'`, "region reg_a"],
  ]
  for (const [write, told] of writes) {
    expect(await hasMore()).toBe(false)
    await write()
    expect(await hasMore()).toBe(true)
    expect(await read()).toContain(told)
    expect(await read()).toEqual([])
  }
})

it("reads both keys when a row moves from one to another", async () => {
  await database.sql`insert into region (id, name, currency_code) values ('reg_from', 'x', 'eur'), ('reg_to', 'x', 'eur')`
  await database.sql`update region_country set region_id = 'reg_from' where iso_2 = 'be'`
  await read()
  await database.sql`update region_country set region_id = 'reg_to' where iso_2 = 'be'`
  expect(await read()).toEqual(["region_country reg_from", "region_country reg_to"])
})

it("reads again what was read by one that did not commit, and nothing that is not committed itself", async () => {
  await read()
  const open = await database.sql.reserve()
  await open`begin`
  await open`insert into region (id, name, currency_code) values ('reg_open', 'x', 'eur')`
  await database.sql`insert into region (id, name, currency_code) values ('reg_done', 'x', 'eur')`
  const failed = database.sql.begin(async (tx) => {
    await takeTurn(tx, CONSUMER, true)
    expect(await readChanges(tx, CONSUMER, ["region"])).toMatchObject([{ keys: ["reg_done"] }])
    throw new Error("killed")
  })
  await expect(failed).rejects.toThrow("killed")
  expect(await read()).toEqual(["region reg_done"])
  await open`commit`
  expect(await read()).toEqual(["region reg_open"])
  open.release()
})

it("passes over what nobody asked for, and is not kept busy by it", async () => {
  await read()
  await database.sql`update product set title = title where id = (select id from product limit 1)`
  expect(await hasMore()).toBe(true)
  expect(await read()).toEqual([])
  expect(await hasMore()).toBe(false)
})
