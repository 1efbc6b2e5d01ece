import { afterAll, beforeAll, expect, it } from "vitest"
import {
  type Database,
  isLockTimeout,
  openDatabase,
  openPipelines,
  type Pipelines,
} from "../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { cutConnections } from "./cut-connections.ts"

let clone: TestDatabase
let database: Database
let pipelines: Pipelines
beforeAll(async () => {
  clone = await cloneDatabase()
  database = openDatabase(clone.url, { connections: 4 })
  pipelines = openPipelines(clone.url, { pool: database.sql, statementSeconds: 10 })
  await clone.sql`create table noted (word text unique)`
})
afterAll(async () => {
  await pipelines?.close()
  await database?.close()
  await clone?.drop()
})

const words = async () => (await clone.sql`select word from noted order by word`).map((it) => it.word as string)

it("what is written is there when it ends, and of several statements all are in one transaction", async () => {
  await pipelines.use(({ tx, commitAfter }) => commitAfter(tx`insert into noted values ('after')`))
  const numbers = Array.from({ length: 40 }, (_, i) => i)
  const found = await Promise.all(
    numbers.map((i) =>
      pipelines.use(({ together }) =>
        together(async (tx) => {
          await tx`insert into noted values (${`together ${i}`})`
          return await tx<{ own: boolean }[]>`
            select xmin = pg_current_xact_id()::xid as own from noted where word = ${`together ${i}`}`
        }),
      ),
    ),
  )
  expect(found.map((rows) => [...rows])).toEqual(numbers.map(() => [{ own: true }]))
  expect(await words()).toHaveLength(41)
})

it("what fails leaves nothing, and fails nobody else on the same connection", async () => {
  const before = await words()
  const missing = undefined as unknown as string
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) =>
      pipelines.use(async ({ tx, commitAfter, together }) => {
        if (i % 5 === 0) await commitAfter(tx`insert into noted values ('lost'), ('lost')`)
        else if (i % 5 === 1) {
          await together((tx) => Promise.all([tx`insert into noted values ('lost')`, tx`select 1 / (select 0)`]))
        } else if (i % 5 === 2) await commitAfter(tx`insert into noted values (${missing})`)
        else if (i % 5 === 3) await tx`select pg_sleep(${0.02}::float8)`
        else await commitAfter(tx`insert into noted values (${`other ${i}`})`)
      }),
    ),
  )
  const told = settled.map((it) => (it.status === "rejected" ? (it.reason as Error).message : "done"))
  const ways = ["duplicate key", "division by zero", "UNDEFINED_VALUE", "done", "done"]
  told.forEach((message, i) => {
    expect(message).toContain(ways[i % 5])
  })
  const others = Array.from({ length: 10 }, (_, i) => `other ${5 * i + 4}`)
  expect(await words()).toEqual([...before, ...others].sort())
})

it("who would have to wait for a lock is refused soon, since others wait behind him", async () => {
  await clone.sql.begin(async (tx) => {
    await tx`insert into noted values ('locked')`
    const writing = pipelines.use(({ tx, commitAfter }) => commitAfter(tx`insert into noted values ('locked')`))
    const behind = pipelines.use(({ tx }) => tx`select 1 as one`)
    await expect(writing).rejects.toSatisfy(isLockTimeout)
    expect([...(await behind)]).toEqual([{ one: 1 }])
  })
})

it("connections whose time is over are renewed, and nothing is told as done that is not", async () => {
  const short = openPipelines(`${clone.url}?max_lifetime=1`, { pool: database.sql, statementSeconds: 10 })
  const told: string[] = []
  const end = performance.now() + 6_000
  await Promise.all(
    Array.from({ length: 150 }, async (_, worker) => {
      for (let i = 0; performance.now() < end; i++) {
        const word = `short ${worker} ${i}`
        await short.use(({ tx, commitAfter }) => commitAfter(tx`insert into noted values (${word})`))
        told.push(word)
      }
    }),
  )
  await short.close()
  const there = new Set(await words())
  expect(told.length).toBeGreaterThan(1_000)
  expect(told.filter((word) => !there.has(word))).toEqual([])
})

it("connections that are cut at odd moments lose nothing that was committed, and nobody waits for ever", async () => {
  const committed: string[] = []
  let isOver = false
  const workers = Array.from({ length: 24 }, async (_, worker) => {
    for (let i = 0; !isOver; i++) {
      const word = `${worker} ${i}`
      const work = pipelines.use(async ({ tx, commitAfter, together }) => {
        await Promise.all([tx`select ${i}::int`, tx`select ${word}::text`])
        if (i % 2 === 0) await commitAfter(tx`insert into noted values (${word})`)
        else await together((tx) => Promise.all([tx`insert into noted values (${word})`, tx`select 1`]))
      })
      await work.then(
        () => committed.push(word),
        () => {},
      )
    }
  })
  await cutConnections(clone.sql, 25)
  isOver = true
  await Promise.all(workers)
  const there = new Set(await words())
  expect(committed.length).toBeGreaterThan(100)
  expect(committed.filter((word) => !there.has(word))).toEqual([])
})
