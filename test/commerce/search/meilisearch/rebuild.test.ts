import { setTimeout as wait } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { DEFAULT_SEARCH_SETTINGS, RebuildRuns, rebuildMeilisearch } from "../../../../src/commerce/search/index.ts"
import { noteSwap, readIndex } from "../../../../src/commerce/search/meilisearch/entries.ts"
import { createLog } from "../../../../src/platform/log.ts"
import { demo } from "../../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../../support/database.ts"
import { until } from "../../../support/http.ts"
import {
  expectedDocuments,
  indexedDocuments,
  openSearchedShop,
  type SearchedShop,
} from "../../../support/meilisearch/shop.ts"
import { isReal, openTarget, type Target } from "../../../support/meilisearch/target.ts"
import { query } from "./products.ts"

let database: TestDatabase
let target: Target
let shop: SearchedShop

beforeEach(async () => {
  database = await cloneDatabase()
  target = await openTarget()
  shop = await openSearchedShop(database.url, target)
  await settle()
})
afterEach(async () => {
  await shop.close()
  await target.close()
  await database.drop()
})

const rebuild = (signal?: AbortSignal) =>
  rebuildMeilisearch(shop.database, createLog("silent"), target, DEFAULT_SEARCH_SETTINGS, undefined, signal)
async function settle(): Promise<void> {
  await shop.built()
  await shop.meilisearch.catchUp()
}
async function expectWhole(): Promise<void> {
  const { admin, index } = target.connect()
  expect(await indexedDocuments(admin, index)).toEqual(await expectedDocuments(database.sql))
}
const all = () => query({ channels: [demo().channels.web.sales_channel_id], take: 1 })

describe("a rebuild of the index", () => {
  it("loses nothing that changes meanwhile, and every search is answered in full", async () => {
    if (target.standIn) target.standIn.faults.taskMilliseconds = 30
    const [first] = await shop.meilisearch.search([all()])
    expect(first?.count).toBeGreaterThan(50)
    let going = true
    const counts = new Set<number>()
    const searching = (async () => {
      while (going) counts.add((await shop.meilisearch.search([all()]))[0]?.count ?? -1)
    })()
    let changes = 0
    const changing = (async () => {
      while (going) {
        await database.sql`update product set title = title || '.' where id in (select id from product order by random() limit 3)`
        await wait(20)
        changes++
      }
    })()
    for (let i = 0; i < 2; i++) await rebuild()
    going = false
    await Promise.all([searching, changing])
    expect([...counts]).toEqual([first?.count])
    expect(changes).toBeGreaterThan(5)
    await settle()
    await expectWhole()
    const { results } = await target.connect().admin.getRawIndexes({ limit: 1000 })
    expect(results.map((it) => it.uid).filter((uid) => uid.startsWith(target.indexPrefix))).toEqual([
      target.connect().index,
    ])
  })

  it("has the settings that a merchant changes meanwhile, before it is searched", async () => {
    // Nobody else tells it.
    await shop.meilisearch.close()
    const { admin, index, rebuildIndex } = target.connect()
    if (target.standIn) target.standIn.faults.taskMilliseconds = 30
    const building = rebuild()
    await until("it is being built", async () => (await readIndex(database.sql, rebuildIndex)) !== undefined)
    const value = { ...DEFAULT_SEARCH_SETTINGS, synonyms: [["sofa", "divan"]] }
    await database.sql`
      insert into mostrador.search_settings (id, value) values (1, ${JSON.stringify(value)}::text::jsonb)`
    await building
    expect((await admin.index(index).getSettings()).synonyms).toHaveProperty("sofa")
  })

  it("is looked at anew by every process, which may know other settings", async () => {
    await until("it is calm", () => shop.meilisearch.ready)
    shop.settings.value = { ...DEFAULT_SEARCH_SETTINGS, synonyms: [["sofa", "divan"]] }
    const { admin, index } = target.connect()
    const synonyms = async () => (await admin.index(index).getSettings()).synonyms ?? {}
    await until("they are told", async () => "sofa" in (await synonyms()))
    // The database has none of them: the rebuild does not know what this process does.
    await rebuild()
    await until("they are told again", async () => "sofa" in (await synonyms()))
  })

  it("is made by one process at a time", async () => {
    if (target.standIn) target.standIn.faults.taskMilliseconds = 30
    const outcomes = await Promise.allSettled([rebuild(), rebuild()])
    const refused = outcomes.filter((it) => it.status === "rejected")
    expect(refused).toEqual([{ status: "rejected", reason: expect.any(RebuildRuns) }])
  })

  it.skipIf(isReal)("is refused by a Meilisearch that is too old, before anything is touched", async () => {
    if (target.standIn) target.standIn.faults.version = "1.16.0"
    await expect(rebuild()).rejects.toThrow("1.17 or newer is needed")
    await expectWhole()
  })

  it.skipIf(isReal)("that is given up leaves the old index, and the next one starts from nothing", async () => {
    if (target.standIn) target.standIn.faults.taskMilliseconds = 50
    const giving = new AbortController()
    setTimeout(() => giving.abort(), 120)
    await expect(rebuild(giving.signal)).rejects.toThrow()
    await database.sql`update product set title = 'Después' where id = (select min(id) from product where status = 'published')`
    await settle()
    await expectWhole()
    expect(await rebuild()).toBeGreaterThan(50)
    await settle()
    await expectWhole()
  })

  it("that is killed in the middle of the swap is settled by whoever comes next, whether it was done or not", async () => {
    const { sql } = database
    const { admin, index, rebuildIndex } = target.connect()
    for (const swapped of [true, false]) {
      await rebuild()
      // As if killed: the other index is there and whole, the note is written, and nobody knows what came of the request.
      const build = crypto.randomUUID()
      await admin.createIndex(rebuildIndex, { primaryKey: "id" }).waitTask()
      await admin
        .index(rebuildIndex)
        .updateSettings(await admin.index(index).getSettings())
        .waitTask()
      await admin
        .index(rebuildIndex)
        .addDocuments(await indexedDocuments(admin, index))
        .waitTask()
      const { build: old } = (await readIndex(sql, index)) ?? { build: "" }
      await sql`insert into mostrador.meilisearch_index (name, build) values (${rebuildIndex}, ${build})`
      await sql`insert into mostrador.meilisearch_entry select ${build}, product_id, hash, mark from mostrador.meilisearch_entry where build = ${old}`
      const { results } = await admin.tasks.getTasks({ limit: 1 })
      await noteSwap(sql, index, results[0]?.uid ?? -1)
      if (swapped) await admin.swapIndexes([{ indexes: [index, rebuildIndex] } as never])
      await database.sql`update product set title = title || '!' where status = 'published'`
      await settle()
      expect(await readIndex(sql, index)).toMatchObject({
        swap_after: null,
        filled: true,
        build: swapped ? build : old,
      })
      await expectWhole()
    }
  })
})
