import { afterAll, beforeAll, expect, it } from "vitest"
import { openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database.drop())

/** A feed with a subscriber that looks at these regions whenever it is told to. */
async function looking(keys: string) {
  const feed = await openChangeFeed(database, createLog("silent"))
  const seen: string[][] = []
  feed.subscribe(["region", "region_country"], async () => {
    const rows = await database.sql<{ id: string }[]>`select id from region where id ~ ${keys} order by id`
    seen.push(rows.map((row) => row.id))
  })
  await feed.catchUp()
  seen.length = 0
  return { feed, seen }
}
const addRegion = (id: string, sql = database.sql) =>
  sql`insert into region (id, name, currency_code) values (${id}, ${id}, 'eur')`

it("tells once of all that was written in one transaction, and only who asked for the table", async () => {
  const { feed, seen } = await looking("^reg_once")
  let others = 0
  feed.subscribe(["product"], async () => {
    others++
  })
  await database.sql.begin(async (tx) => {
    for (let i = 0; i < 50; i++)
      await tx`insert into region (id, name, currency_code) values (${`reg_once_${i}`}, 'x', 'eur')`
  })
  await feed.catchUp()
  expect(seen.map((it) => it.length)).toEqual([50])
  expect(others).toBe(0)
  await feed.close()
})

it("tells a change that commits after a later one, and tells nothing twice, while a long transaction stays open", async () => {
  const { feed, seen } = await looking("^reg_(slow|quick)$")
  const long = await database.sql.reserve()
  const slow = await database.sql.reserve()
  await long`begin`
  await long`select pg_current_xact_id()`
  await slow`begin`
  await addRegion("reg_slow", slow)
  await addRegion("reg_quick")
  await feed.catchUp()
  expect(seen).toEqual([["reg_quick"]])
  await slow`commit`
  await feed.catchUp()
  await feed.catchUp()
  expect(seen).toEqual([["reg_quick"], ["reg_quick", "reg_slow"]])
  await long`rollback`
  await feed.catchUp()
  expect(seen).toHaveLength(2)
  slow.release()
  long.release()
  await feed.close()
})

it("has told of the last of 500 changes that eight connections commit in any order", async () => {
  const { feed, seen } = await looking("^reg_race_")
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
  expect(seen.at(-1)).toHaveLength(500)
  await feed.close()
})

it("calls a subscriber that failed again, and says so to who waits", async () => {
  const { feed, seen } = await looking("^reg_(again|more)$")
  let failures = 0
  feed.subscribe(["region"], async () => {
    if (++failures === 1) throw new Error("not now")
  })
  await addRegion("reg_again")
  await expect(feed.catchUp()).rejects.toThrow("not now")
  await feed.catchUp()
  expect(failures).toBe(2)
  expect(seen).toEqual([["reg_again"]])
  await feed.close()
})

it("keeps nobody waiting for a subscriber that is slow, but who asks for all", async () => {
  const { feed, seen } = await looking("^reg_(first|second)$")
  let finish = () => {}
  let begun = 0
  feed.subscribe(["region"], async () => {
    begun++
    if (begun === 1) await new Promise<void>((resolve) => (finish = resolve))
  })
  await addRegion("reg_first")
  await expect.poll(() => begun).toBe(1)
  await addRegion("reg_second")
  await expect.poll(() => seen.at(-1)).toEqual(["reg_first", "reg_second"])
  let isAll = false
  const all = feed.catchUp().then(() => {
    isAll = true
  })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isAll).toBe(false)
  finish()
  await all
  expect(begun).toBe(2)
  await feed.close()
})
