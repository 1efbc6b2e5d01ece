import { setTimeout as wait } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
  await database.sql`create table noted (word text)`
})
afterAll(() => database?.drop())

it("a connection that is lost within a transaction fails the transaction, and nothing else", async () => {
  const { sql } = database
  for (let round = 0; round < 10; round++) {
    let pid = 0
    let outcome = "open"
    sql
      .begin(async (tx) => {
        const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
        pid = row?.pid ?? 0
        await tx`select pg_sleep(20)`
      })
      .then(
        () => (outcome = "committed"),
        () => (outcome = "failed"),
      )
    await until("the transaction runs", async () => {
      const rows = await sql`select from pg_stat_activity where pid = ${pid} and query like '%pg_sleep%'`
      return rows.length > 0
    })
    await sql`select pg_terminate_backend(${pid})`
    await until("the transaction is over", () => outcome !== "open")
    expect(outcome).toBe("failed")
  }
  expect([...(await sql`select 1 as alive`)]).toEqual([{ alive: 1 }])
})

it("what a transaction asks for after its connection was lost is not done elsewhere", async () => {
  const { sql, close } = openDatabase(database.url, { connections: 1 })
  for (const pause of [0, 1, 5, 50]) {
    const lost = sql.begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
      await tx`insert into noted values ('inside')`
      await database.sql`select pg_terminate_backend(${row?.pid ?? 0})`
      await wait(pause)
      // As work does that can do without its statement's answer.
      for (let i = 0; i < 3; i++) await tx`insert into noted values ('outside')`.catch(() => {})
    })
    await expect(lost).rejects.toThrow()
    expect([...(await sql`select word from noted`)]).toEqual([])
  }
  await close()
})

it("a connection that was opened to be reserved is there for others when it is given back", async () => {
  const { sql, close } = openDatabase(database.url, { connections: 1 })
  const reserved = await sql.reserve()
  reserved.release()
  expect([...(await sql`select 1 as alive`)]).toEqual([{ alive: 1 }])
  await close()
})
