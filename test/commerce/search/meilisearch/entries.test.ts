import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  beginIndex,
  confirm,
  doubt,
  forgetIndex,
  markUnsent,
  readIndex,
} from "../../../../src/commerce/search/meilisearch/entries.ts"
import { takeIndexTurn } from "../../../../src/commerce/search/turn.ts"
import { type Database, openDatabase } from "../../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../../support/database.ts"
import { until } from "../../../support/http.ts"

let test: TestDatabase
let database: Database
beforeAll(async () => {
  test = await cloneDatabase()
  database = openDatabase(test.url, { connections: 6 })
})
afterAll(async () => {
  await database.close()
  await test.drop()
})

const products = Array.from({ length: 300 }, (_, i) => `prod_${String(i).padStart(3, "0")}`)
const shuffled = () => products.toSorted(() => Math.random() - 0.5)
/** As a builder of documents does. */
const mark = (ids: string[]) =>
  database.sql.begin(async (tx) => {
    await takeIndexTurn(tx)
    await markUnsent(tx, ids)
  })
const marks = async (build: string) =>
  await database.sql<{ product_id: string; mark: number | null; hash: string | null }[]>`
    select product_id, mark::float8 as mark, hash from mostrador.meilisearch_entry where build = ${build}`

describe("what the index has of each product", () => {
  it("is written by a builder and a sender at once, in whatever order they come to products", async () => {
    const { build } = await beginIndex(database.sql, "race")
    await mark(products)
    const known = await marks(build)
    const markOf = new Map(known.map((it) => [it.product_id, it.mark ?? 0]))
    const sent = () => shuffled().map((product_id) => ({ product_id, mark: markOf.get(product_id) ?? 0, hash: "h" }))
    for (let i = 0; i < 100; i++) {
      await Promise.all([
        mark(shuffled()),
        doubt(database.sql, build, shuffled()),
        confirm(database.sql, build, sent()),
        mark(shuffled()),
      ])
    }
    // Each was marked again, later than what was confirmed of it.
    for (const { product_id, mark } of await marks(build)) expect(mark).toBeGreaterThan(markOf.get(product_id) ?? 0)
  })

  it("is confirmed for what was sent, and stays marked for what came meanwhile", async () => {
    const { build } = await beginIndex(database.sql, "confirmed")
    await mark(products.slice(0, 3))
    const [first, second] = (await marks(build)).sort((a, b) => (a.product_id < b.product_id ? -1 : 1))
    await mark([products[1] ?? ""])
    const hash = "h"
    await confirm(
      database.sql,
      build,
      [first, second].map((it) => ({ product_id: it?.product_id ?? "", mark: it?.mark ?? 0, hash })),
    )
    const now = (await marks(build)).sort((a, b) => (a.product_id < b.product_id ? -1 : 1))
    expect(now.map((it) => [it.mark === null, it.hash])).toEqual([
      [true, hash],
      [false, hash],
      [false, ""],
    ])
    await doubt(database.sql, build, [products[0] ?? ""])
    expect((await marks(build)).find((it) => it.product_id === products[0])?.hash).toBeNull()
  })

  it("is forgotten with the index, also what is being marked in this moment", async () => {
    const { build } = await beginIndex(database.sql, "forgotten")
    let forgotten: Promise<unknown> | undefined
    await database.sql.begin(async (tx) => {
      await takeIndexTurn(tx)
      await markUnsent(tx, products)
      let isOver = false
      forgotten = forgetIndex(database.sql, "forgotten").finally(() => {
        isOver = true
      })
      await until("it waits, or is over", async () => {
        const [row] = await database.sql`select count(*)::int as waiting from pg_locks where not granted`
        return isOver || row?.waiting > 0
      })
    })
    await forgotten
    expect(await marks(build)).toEqual([])
    expect(await readIndex(database.sql, "forgotten")).toBeUndefined()
  })
})
