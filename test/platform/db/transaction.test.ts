import { afterAll, beforeAll, expect, it } from "vitest"
import { type Database, openDatabase, transaction } from "../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let clone: TestDatabase
let database: Database
beforeAll(async () => {
  clone = await cloneDatabase()
  // With one connection, whatever is not given back, or is broken, is noticed by the next.
  database = openDatabase(clone.url, { connections: 1 })
  await database.sql`create table noted (word text unique)`
})
afterAll(async () => {
  await database?.close()
  await clone?.drop()
})

const words = async () => (await database.sql`select word from noted order by word`).map((it) => it.word)

it("what is done in it is there when it ends, and its last statements are read with the commit", async () => {
  const { sql } = database
  await transaction(sql, async ({ tx }) => void (await tx`insert into noted values ('plain')`))
  await transaction(sql, ({ tx, commitAfter }) => commitAfter(tx`insert into noted values ('after')`))
  const found = await transaction(sql, ({ tx, commitReading }) =>
    commitReading(
      tx`insert into noted values ('reading')`,
      tx<{ word: string }[]>`select word from noted order by word`,
    ),
  )
  expect(found.map((it) => it.word)).toEqual(["after", "plain", "reading"])
  expect(await words()).toEqual(["after", "plain", "reading"])
})

it("what fails, in whichever statement, leaves nothing, and the connection is as good as before", async () => {
  const { sql } = database
  const before = await words()
  const failing = [
    transaction(sql, async ({ tx }) => {
      await tx`insert into noted values ('lost')`
      throw new Error("the work fails")
    }),
    transaction(sql, ({ tx, commitAfter }) => commitAfter(tx`insert into noted values ('lost'), ('lost')`)),
    transaction(sql, ({ tx, commitReading }) =>
      commitReading(tx`insert into noted values ('lost')`, tx`select 1 / (select 0)`),
    ),
    transaction(sql, async ({ tx, commitReading }) => {
      await tx`insert into noted values ('lost')`
      return await commitReading(tx`insert into noted values ('plain')`, tx`select 1`)
    }),
  ]
  const settled = await Promise.allSettled(failing)
  expect(settled.map((it) => (it.status === "rejected" ? (it.reason as Error).message : "done"))).toEqual([
    "the work fails",
    expect.stringContaining("duplicate key"),
    "division by zero",
    expect.stringContaining("duplicate key"),
  ])
  expect(await words()).toEqual(before)
})
