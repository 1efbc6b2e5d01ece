import { afterAll, beforeAll, expect, it } from "vitest"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
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
