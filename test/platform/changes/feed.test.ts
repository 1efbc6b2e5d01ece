import { afterAll, beforeAll, expect, it } from "vitest"
import { type Change, openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database.drop())

/** A feed that collects what it is told of these regions: it may begin with what others committed just before. */
async function collecting(keys: RegExp) {
  const feed = await openChangeFeed(database, createLog("silent"))
  const told: Change[] = []
  feed.subscribe(["region", "region_country"], async (changes) => {
    told.push(...changes.filter((it) => keys.test(it.key ?? "")))
  })
  return { feed, told }
}
const addRegion = (id: string, sql = database.sql) =>
  sql`insert into region (id, name, currency_code) values (${id}, ${id}, 'eur')`

it("tells inserts, updates, soft and hard deletions, whoever makes them", async () => {
  const { feed, told } = await collecting(/^reg_a$/)
  const writes = [
    () => addRegion("reg_a"),
    () => database.sql`update region set name = 'A' where id = 'reg_a'`,
    () => database.sql`update region_country set region_id = 'reg_a' where iso_2 = 'nl'`,
    () => database.sql`update region set deleted_at = now() where id = 'reg_a'`,
    () => database.sql`delete from region where id = 'reg_a'`,
  ]
  for (const [index, write] of writes.entries()) {
    told.length = 0
    await write()
    await feed.catchUp()
    expect(told.map((it) => it.relation)).toContain(index === 2 ? "region_country" : "region")
  }
  await feed.close()
})

it("tells both keys when a row moves from one to another", async () => {
  await addRegion("reg_from")
  await addRegion("reg_to")
  await database.sql`update region_country set region_id = 'reg_from' where iso_2 = 'be'`
  const { feed, told } = await collecting(/^reg_(from|to)$/)
  await database.sql`update region_country set region_id = 'reg_to' where iso_2 = 'be'`
  await feed.catchUp()
  expect(told.map((it) => it.key)).toEqual(expect.arrayContaining(["reg_from", "reg_to"]))
  await feed.close()
})

it("tells a change that commits after a later one, and tells nothing twice, while a long transaction stays open", async () => {
  const { feed, told } = await collecting(/^reg_(slow|quick)$/)
  const long = await database.sql.reserve()
  const slow = await database.sql.reserve()
  await long`begin`
  await long`select pg_current_xact_id()`
  await slow`begin`
  await addRegion("reg_slow", slow)
  await addRegion("reg_quick")
  await feed.catchUp()
  expect(told.map((it) => it.key)).toEqual(["reg_quick"])
  await slow`commit`
  await feed.catchUp()
  await feed.catchUp()
  expect(told.map((it) => it.key)).toEqual(["reg_quick", "reg_slow"])
  await long`rollback`
  await feed.catchUp()
  expect(told).toHaveLength(2)
  slow.release()
  long.release()
  await feed.close()
})

it("forgets nothing of 500 changes that eight connections commit in any order", async () => {
  const { feed, told } = await collecting(/^reg_race_/)
  const reading = setInterval(() => void feed.catchUp(), 5)
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let i = writer; i < 500; i += 8) {
        await database.sql.begin(async (tx) => {
          await tx`insert into region (id, name, currency_code) values (${`reg_race_${i}`}, 'race', 'eur')`
          if (i % 3 === 0) await tx`select pg_sleep(${(i % 7) / 500})`
        })
      }
    }),
  )
  clearInterval(reading)
  await feed.catchUp()
  const keys = told.map((it) => it.key)
  expect(keys).toHaveLength(500)
  expect(new Set(keys).size).toBe(500)
  await feed.close()
})

it("gives a subscriber that failed the same changes again", async () => {
  const feed = await openChangeFeed(database, createLog("silent"))
  const told: Change[][] = []
  feed.subscribe(["region"], async (changes) => {
    // What was committed just before the feed was opened may be told, too.
    const own = changes.filter((it) => it.key === "reg_again" || it.key === "reg_more")
    if (own.length === 0) return
    told.push(own)
    if (told.length === 1) throw new Error("not now")
  })
  await addRegion("reg_again")
  await expect(feed.catchUp()).rejects.toThrow("not now")
  await addRegion("reg_more")
  await feed.catchUp()
  expect(told[1]?.map((it) => it.key)).toEqual(["reg_again", "reg_more"])
  await feed.close()
})
