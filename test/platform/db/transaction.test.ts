import type { ISql } from "postgres"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Database, openDatabase, transaction } from "../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { cutConnections } from "./cut-connections.ts"

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

it("what is done in it is there when it ends", async () => {
  const { sql } = database
  await transaction(sql, async ({ tx }) => void (await tx`insert into noted values ('plain')`))
  await transaction(sql, ({ tx, commitAfter }) => commitAfter(tx`insert into noted values ('after')`))
  await transaction(sql, ({ together }) => together((tx) => tx`insert into noted values ('together')`))
  expect(await words()).toEqual(["after", "plain", "together"])
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
    transaction(sql, ({ together }) =>
      together((tx) => Promise.all([tx`insert into noted values ('lost')`, tx`select 1 / (select 0)`])),
    ),
    transaction(sql, async ({ tx, commitAfter }) => {
      await tx`insert into noted values ('lost')`
      await commitAfter(tx`insert into noted values ('plain')`)
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

it("a connection that is lost fails its transaction, wherever it stood, and the next one works", async () => {
  const { sql } = database
  const before = await words()
  const pidOf = async (tx: ISql) => (await tx`select pg_backend_pid() as pid`)[0]?.pid as number
  const kill = async (pid: number) => {
    await clone.sql`select pg_terminate_backend(${pid})`
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const ways = [
    async (tx: ISql) => await tx`select pg_sleep(10)`,
    async (tx: ISql) => await tx`insert into noted values ('lost')`,
    async () => "nothing more",
  ]
  for (let round = 0; round < 4; round++) {
    for (const way of ways) {
      const lost = transaction(sql, async ({ tx }) => {
        const pid = await pidOf(tx)
        await tx`insert into noted values ('lost')`
        const killed = kill(pid)
        if (way !== ways[0]) await killed
        const result = await way(tx)
        await killed
        return result
      })
      await expect(lost).rejects.toThrow()
      expect(await words()).toEqual(before)
    }
  }
})

it("connections that are cut at odd moments lose nothing that was committed, and nobody waits for ever", async () => {
  const pool = openDatabase(clone.url, { connections: 3 })
  const committed: string[] = []
  const undone: string[] = []
  let isOver = false
  const workers = Array.from({ length: 12 }, async (_, worker) => {
    for (let i = 0; !isOver; i++) {
      const word = `${worker} ${i}`
      const work = transaction(pool.sql, async ({ tx, commitAfter, together }) => {
        // Not prepared yet on a new connection, they go out one after the other; later, together.
        await Promise.all([tx`select ${i}::int`, tx`select ${word}::text`])
        const insert = tx`insert into noted values (${word})`
        if (i % 4 === 0) await insert
        else if (i % 4 === 1) await commitAfter(insert)
        else if (i % 4 === 2) await together(() => Promise.all([insert, tx`select 1`]))
        else {
          await insert
          throw new Error("the work fails")
        }
      })
      await work.then(
        () => committed.push(word),
        (error: Error) => error.message === "the work fails" && undone.push(word),
      )
      await pool.sql`select 1`.catch(() => {})
    }
  })
  await cutConnections(clone.sql, 25)
  isOver = true
  await Promise.all(workers)
  await pool.close()
  const there = new Set(await words())
  expect(committed.length).toBeGreaterThan(100)
  expect(committed.filter((word) => !there.has(word))).toEqual([])
  expect(undone.length).toBeGreaterThan(10)
  expect(undone.filter((word) => there.has(word))).toEqual([])
})
