import { afterAll, beforeAll, expect, it } from "vitest"
import { isLockTimeout, openPipelines, type Pipelines } from "../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { cutConnections } from "./cut-connections.ts"

let clone: TestDatabase
let pipelines: Pipelines
beforeAll(async () => {
  clone = await cloneDatabase()
  pipelines = openPipelines(clone.url, { statementSeconds: 10 })
  await clone.sql`create table noted (word text unique)`
})
afterAll(async () => {
  await pipelines?.close()
  await clone?.drop()
})

const words = async () => (await clone.sql`select word from noted order by word`).map((it) => it.word as string)

it("its last statements are there when they end, and are seen together", async () => {
  await pipelines.use(({ tx, commitAfter }) => commitAfter(tx`insert into noted values ('after')`))
  const found = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      pipelines.use(({ tx, commitReading }) =>
        commitReading(
          tx`insert into noted values (${`reading ${i}`})`,
          tx<{ word: string; own: boolean }[]>`
            select word, xmin = pg_current_xact_id()::xid as own from noted where word = ${`reading ${i}`}`,
        ),
      ),
    ),
  )
  expect(found.map((rows) => [...rows])).toEqual(
    Array.from({ length: 40 }, (_, i) => [{ word: `reading ${i}`, own: true }]),
  )
  expect(await words()).toHaveLength(41)
})

it("what fails leaves nothing, and fails nobody else on the same connection", async () => {
  const before = await words()
  const settled = await Promise.allSettled(
    Array.from({ length: 40 }, (_, i) =>
      pipelines.use(async ({ tx, commitAfter, commitReading }) => {
        await tx`select ${i}::int`
        if (i % 4 === 0) await commitAfter(tx`insert into noted values ('lost'), ('lost')`)
        else if (i % 4 === 1) await commitReading(tx`insert into noted values ('lost')`, tx`select 1 / (select 0)`)
        else if (i % 4 === 2) await commitReading(tx`insert into noted values ('after')`, tx`select 1`)
        else await commitReading(tx`insert into noted values (${`other ${i}`})`, tx`select 1`)
      }),
    ),
  )
  const told = settled.map((it) => (it.status === "rejected" ? (it.reason as Error).message : "done"))
  const ways = ["duplicate key", "division by zero", "duplicate key", "done"]
  told.forEach((message, i) => {
    expect(message).toContain(ways[i % 4])
  })
  const others = Array.from({ length: 10 }, (_, i) => `other ${4 * i + 3}`)
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

it("connections that are cut at odd moments lose nothing that was committed, and nobody waits for ever", async () => {
  const committed: string[] = []
  let isOver = false
  const workers = Array.from({ length: 24 }, async (_, worker) => {
    for (let i = 0; !isOver; i++) {
      const word = `${worker} ${i}`
      const work = pipelines.use(async ({ tx, commitAfter, commitReading }) => {
        await Promise.all([tx`select ${i}::int`, tx`select ${word}::text`])
        const insert = tx`insert into noted values (${word})`
        await (i % 2 === 0 ? commitAfter(insert) : commitReading(insert, tx`select 1`))
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
