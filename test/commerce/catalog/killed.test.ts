import path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import { rebuildDocuments } from "../../../src/commerce/catalog/index.ts"
import { searchWriter } from "../../../src/commerce/search/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"
import { kill, startWorker } from "../../support/worker.ts"
import { changeSomething, dice } from "./random-changes.ts"

const CHANGES = 2_000
const KILLS = 20
const SEED = 20261121

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database?.drop())

const startBuilder = () => startWorker(path.join(import.meta.dirname, "builder-process.ts"), database.url)

/** Everything that readers see of the documents, but for when they were built. */
const documents = () => database.sql`
  select product_id, content::text, prices::text, stock::text, visible_in
  from mostrador.product_document where content is not null order by product_id`

/** Everything that the search finds them by; sets by their members, since their numbers are given out as they come. */
const found = () => database.sql`
  select product_id, word_lines, codes, title, price, (
    select json_object_agg(field, members order by field) from mostrador.search_set where id in (sales_channel_ids,
      category_ids, categories, tag_ids, tags, collection_id, collection_title, type_id, type, options,
      in_stock_sales_channel_ids, in_stock_location_ids)) as sets
  from mostrador.search_product where word_lines <> '' order by product_id`

it(`a builder that is killed ${KILLS} times during ${CHANGES} changes loses none of them, nor does the search`, {
  timeout: 240_000,
}, async () => {
  const { sql } = database
  let changed = 0
  const changing = (async () => {
    const roll = dice(SEED)
    for (; changed < CHANGES; changed++) await changeSomething(sql, changed, roll)
  })()

  let builder = await startBuilder()
  for (let kills = 0; kills < KILLS; kills++) {
    // Somewhere within the next stretch of changes, and within whatever the builder is doing then.
    await until("more changes", () => changed >= ((kills + 1) * CHANGES) / (KILLS + 1), 120)
    await wait((kills * 13) % 60)
    await kill(builder)
    builder = await startBuilder()
  }
  await changing
  await until(
    "all is built",
    async () => {
      const [row] = await sql`
      select (select count(*) from mostrador.stale_product) = 0 and not exists (
        select from mostrador.change, mostrador.consumer
        where not pg_visible_in_snapshot(change.tx, consumer.position)) as done`
      return row?.done === true
    },
    60,
  )
  await kill(builder)

  const [followed, searched] = [await documents(), await found()]
  await sql`truncate mostrador.product_document, mostrador.search_product, mostrador.search_set`
  const write = searchWriter()
  const ids = (built: { product_id: string }[]) => built.map((it) => it.product_id)
  await rebuildDocuments(
    database,
    createLog("silent"),
    (tx, built) => write(tx, ids(built)),
    () => {},
  )
  expect(followed.length).toBeGreaterThan(50)
  expect([...followed]).toEqual([...(await documents())])
  expect(searched.length).toBeGreaterThan(30)
  expect([...searched]).toEqual([...(await found())])
})
