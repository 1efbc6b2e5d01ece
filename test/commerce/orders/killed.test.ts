import path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import { readOrderRows, storyOf } from "../../../src/commerce/orders/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"
import { kill, startWorker } from "../../support/worker.ts"
import { orderWriter } from "./rows.ts"

const ORDERS = 200
const KILLS = 12

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database?.drop())

const startTeller = () => startWorker(path.join(import.meta.dirname, "teller-process.ts"), database.url)

/** By order, in the order of the log. */
const told = () => database.sql<{ subject_id: string; entries: string[]; versions: number[] }[]>`
  select subject_id, array_agg(data->'after'->>'id' order by position) as entries,
    array_agg(version::int order by position) as versions
  from mostrador.event where subject_type = 'order' group by subject_id order by subject_id`

it(`two that tell, of which one is killed ${KILLS} times, tell all that happens to ${ORDERS} orders, each once and in order`, {
  timeout: 240_000,
}, async () => {
  const { sql } = database
  const write = orderWriter(sql)
  const ids: string[] = []
  const tellers = [await startTeller(), await startTeller()]
  const happening = (async () => {
    for (let n = 0; n < ORDERS; n++) {
      const id = await write.place()
      ids.push(id)
      const fulfillment = await write.fulfill(id)
      await write.pay(id, 10)
      // Some things happen to orders of a while ago.
      const earlier = ids[Math.floor(n / 2)] ?? id
      await write.pay(earlier, -1)
      await write.ship(fulfillment)
      if (n % 5 === 0) await write.cancel(id)
    }
  })()
  for (let kills = 0; kills < KILLS; kills++) {
    await until("more orders", () => ids.length >= ((kills + 1) * ORDERS) / (KILLS + 2), 120)
    await wait((kills * 13) % 60)
    const teller = tellers.shift()
    if (teller) await kill(teller)
    tellers.push(await startTeller())
  }
  await happening
  const stories = async () => (await readOrderRows(sql, ids)).map(storyOf)
  const isTold = async () => {
    const entries = (await stories()).flatMap((it) => it.entries)
    return (await told()).flatMap((it) => it.entries).length >= entries.length
  }
  await until("all is told", isTold, 60)
  for (const it of tellers) await kill(it)

  const byOrder = new Map((await told()).map((it) => [it.subject_id, it]))
  const expected = await stories()
  expect(expected).toHaveLength(ORDERS)
  for (const story of expected) {
    const { entries = [], versions = [] } = byOrder.get(story.rows.id) ?? {}
    expect([...entries].sort()).toEqual(story.entries.map((it) => it.id).sort())
    expect(entries).toEqual(story.told)
    expect(versions).toEqual(entries.map((_, n) => n + 1))
    expect(entries[0]).toBe(`placed:${story.rows.id}`)
  }
})
