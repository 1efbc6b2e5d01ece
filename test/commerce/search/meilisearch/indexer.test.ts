import { spawn } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type MeilisearchOptions, SearchUnavailable } from "../../../../src/commerce/search/index.ts"
import { withTurn } from "../../../../src/commerce/search/meilisearch/turn.ts"
import { demo } from "../../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../../support/database.ts"
import { until } from "../../../support/http.ts"
import type { StandIn } from "../../../support/meilisearch/server.ts"
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
const open: SearchedShop[] = []

beforeEach(async () => {
  database = await cloneDatabase()
  target = await openTarget()
})
afterEach(async () => {
  if (target.standIn) Object.assign(target.standIn.faults, { down: false, holdTasks: false })
  await Promise.all(open.splice(0).map((it) => it.close()))
  await target.close()
  await database.drop()
})

async function openShop(more: Partial<MeilisearchOptions> = {}): Promise<SearchedShop> {
  const shop = await openSearchedShop(database.url, { ...target, ...more })
  open.push(shop)
  return shop
}
/** The stand-in; tests that need it are skipped with a real Meilisearch. */
const standIn = () => target.standIn as StandIn
const writes = (from = 0) =>
  standIn()
    .requests.slice(from)
    .filter((it) => it.method === "POST" && it.path.endsWith("/documents"))
    .map((it) => (it.body as { id: string }[]).map((document) => document.id))

async function settle(shop: SearchedShop): Promise<void> {
  await shop.built()
  await shop.meilisearch.catchUp()
}
async function expectWhole(): Promise<void> {
  const { admin, index } = target.connect()
  expect(await indexedDocuments(admin, index)).toEqual(await expectedDocuments(database.sql))
}
const retitle = (title: string, most = 1) => database.sql`
  update product set title = ${title} where id in (select id from product where status = 'published' order by id limit ${most})`

describe("the index in Meilisearch", () => {
  it("is filled at the first start, and not searched before", async () => {
    const shop = await openShop()
    if (target.standIn) {
      await expect(shop.meilisearch.search([query()])).rejects.toThrow(SearchUnavailable)
      expect(shop.meilisearch.ready).toBe(false)
    }
    await settle(shop)
    expect(shop.meilisearch.ready).toBe(true)
    expect((await expectedDocuments(database.sql)).length).toBeGreaterThan(50)
    await expectWhole()
  })

  it("follows what changes, appears and goes, whoever changes it", async () => {
    const shop = await openShop()
    await settle(shop)
    const { sql } = database
    await retitle("Otro nombre", 3)
    await sql`update product set status = 'draft' where id = (select max(id) from product where status = 'published')`
    await sql`update product set deleted_at = now() where id = (select id from product where status = 'published' order by id offset 5 limit 1)`
    await settle(shop)
    await expectWhole()
    await sql`update product set deleted_at = null, status = 'published'`
    await settle(shop)
    await expectWhole()
  })

  it.skipIf(isReal)("gets only what differs, together, and stock only when it crosses zero", async () => {
    const shop = await openShop()
    await settle(shop)
    const { sql } = database
    const before = standIn().requests.length
    await retitle("Juntos", 40)
    await until("it is sent", () => writes(before).length > 0)
    expect(writes(before).map((it) => it.length)).toEqual([40])

    const [product] = await sql<{ id: string }[]>`
      select variant.product_id as id from inventory_level level
      join product_variant_inventory_item need using (inventory_item_id) join product_variant variant on variant.id = variant_id
      join mostrador.product_document document on document.product_id = variant.product_id and cardinality(visible_in) > 0
      where level.deleted_at is null and reserved_quantity = 0
      -- Not a kit, which may need more of a part than there is left.
      and variant.product_id not in (select product_id from product_variant_inventory_item
        join product_variant on product_variant.id = variant_id where required_quantity > 1)
      order by 1 limit 1`
    const stock = async (quantity: number) => {
      const from = standIn().requests.length
      await sql`update inventory_level set stocked_quantity = ${quantity} where inventory_item_id in (
        select inventory_item_id from product_variant_inventory_item join product_variant variant on variant.id = variant_id
        where product_id = ${product?.id ?? ""})`
      await settle(shop)
      return writes(from).flat()
    }
    await stock(9)
    expect(await stock(3)).toEqual([])
    expect(await stock(0)).toEqual([product?.id])
    expect(await stock(0)).toEqual([])
    expect(await stock(7)).toEqual([product?.id])
    await expectWhole()
  })

  it.skipIf(isReal)("tries a task again that failed, reports it, and goes on", async () => {
    const shop = await openShop()
    await settle(shop)
    Object.assign(standIn().faults, { failNextTasks: 2, failTypes: ["documentAdditionOrUpdate"] })
    await retitle("Dos veces")
    await until("it is seen", () => shop.meilisearch.state.failing !== undefined)
    expect(shop.meilisearch.state.failing?.reason).toContain("documentAdditionOrUpdate")
    expect(shop.reports).toContainEqual({ failed: expect.stringContaining("documentAdditionOrUpdate") })
    await until("it is well again", () => shop.meilisearch.state.failing === undefined, 15)
    await expectWhole()
  })

  it.skipIf(isReal)("goes on without a product that Meilisearch refuses", async () => {
    const shop = await openShop()
    await settle(shop)
    const { sql } = database
    await sql`insert into product (id, title, handle, status) values ('prod.with.dots', 'Puntos', 'puntos', 'published')`
    await sql`insert into product_sales_channel (id, product_id, sales_channel_id)
      select 'prodsc_dots', 'prod.with.dots', id from sales_channel limit 1`
    // Itself among them.
    await retitle("Los demás", 20)
    await until(
      "the others are there",
      async () => {
        const { admin, index } = target.connect()
        return (await indexedDocuments(admin, index)).filter((it) => it.title === "Los demás").length === 19
      },
      30,
    )
    await until("it is put aside", () => shop.meilisearch.state.behind === 0, 30)
  })

  it.skipIf(isReal)("begins anew when Meilisearch has lost it, and leaves searches to Postgres meanwhile", async () => {
    const shop = await openShop()
    await settle(shop)
    standIn().wipe()
    await expect(shop.meilisearch.search([query()])).rejects.toThrow(SearchUnavailable)
    expect(shop.meilisearch.ready).toBe(false)
    await until("it is there again", () => shop.meilisearch.ready && shop.meilisearch.state.behind === 0, 20)
    await until(
      "it is whole",
      () =>
        expectWhole().then(
          () => true,
          () => false,
        ),
      20,
    )
  })

  it.skipIf(isReal)("is searched by no process before it is whole again", async () => {
    const shops = [await openShop(), await openShop()]
    for (const shop of shops) await settle(shop)
    const all = () => query({ channels: [demo().channels.web.sales_channel_id], take: 1 })
    const count = async (shop: SearchedShop) => (await shop.meilisearch.search([all()]))[0]?.count
    const whole = await Promise.all(shops.map(count))
    standIn().faults.taskMilliseconds = 100
    standIn().wipe()
    const counts = new Set<unknown>()
    await until(
      "it is there again",
      async () => {
        for (const shop of shops) counts.add(await count(shop).catch(() => "unavailable"))
        return shops.every(({ meilisearch }) => meilisearch.ready && meilisearch.state.behind === 0)
      },
      20,
    )
    expect(counts).toEqual(new Set(["unavailable", whole[0]]))
  })

  it.skipIf(isReal)("is left alone soon by a process that cannot reach it, when another begins it anew", async () => {
    await settle(await openShop())
    await open.splice(0, 1)[0]?.close()
    const shop = await openShop({ url: "http://127.0.0.1:9" })
    const failed = () => shop.reports.filter((it) => "failed" in it).length
    await until("it tries seldom", () => failed() >= 4)
    expect(shop.meilisearch.state.filled).toBe(true)
    await database.sql`update mostrador.meilisearch_index set filled = false`
    await until("it has seen that", () => !shop.meilisearch.state.filled, 2)
    expect(failed()).toBe(4)
  })

  it.skipIf(isReal)("does not answer while it can be read but not written for some time", async () => {
    const shop = await openShop({ staleMilliseconds: 1_000 })
    await settle(shop)
    standIn().faults.holdTasks = true
    await retitle("Sin llegar")
    await until("it is seen", () => shop.meilisearch.state.behind === 1)
    expect(shop.meilisearch.ready).toBe(true)
    await until("Postgres answers", () => !shop.meilisearch.ready)
    expect(await shop.meilisearch.isWell()).toBe(false)
    standIn().faults.holdTasks = false
    await until("it has arrived", () => shop.meilisearch.ready)

    Object.assign(standIn().faults, {
      failNextTasks: Number.POSITIVE_INFINITY,
      failTypes: ["documentAdditionOrUpdate"],
    })
    await retitle("Con errores")
    await until("Postgres answers again", () => !shop.meilisearch.ready)
    const next = await openShop()
    await until("a process that has just begun knows that, too", () => next.meilisearch.state.stale)
    standIn().faults.failNextTasks = 0
    await until("all is well", () => [shop, next].every(({ meilisearch }) => meilisearch.ready), 30)
    await expectWhole()
  })

  it.skipIf(isReal)("is not kept in a Meilisearch that is too old, which is said", async () => {
    standIn().faults.version = "1.16.3"
    const shop = await openShop()
    await until("it is said", () => shop.meilisearch.state.failing !== undefined)
    expect(shop.meilisearch.state.failing?.reason).toBe("Meilisearch 1.16.3 is too old: 1.17 or newer is needed")
    expect(standIn().requests.map((it) => it.path)).not.toContain("/indexes")
    standIn().faults.version = "1.17.0"
    await until("it is updated", () => shop.meilisearch.ready, 20)
  })

  it("is told new settings after another process has had the turn", async () => {
    const shop = await openShop()
    await settle(shop)
    await until("it is calm", () => shop.meilisearch.ready)
    const { admin, index } = target.connect()
    const value = { ...shop.settings.value, synonyms: [["sofa", "divan"]] }
    let read = 0
    await withTurn(database.sql, index, true, async () => {
      Object.defineProperty(shop.settings, "value", { get: () => ++read && value })
      // Each look reads them, and so does each try.
      await until("a try has been in vain", () => read > 4)
    })
    await until("they are there", async () => "sofa" in ((await admin.index(index).getSettings()).synonyms ?? {}))
  })

  it("is written by one process at a time, and by any that is left", async () => {
    const [first, second] = [await openShop(), await openShop()]
    await settle(first)
    await retitle("De la primera", 10)
    await open.splice(0, 1)[0]?.close()
    await settle(second)
    await expectWhole()
  })
})

describe.skipIf(isReal)("when Meilisearch is down or slow", () => {
  it("a search is given up soon, then not tried by everyone, and what was missed is sent without a rebuild", async () => {
    const shop = await openShop({ searchMilliseconds: 150 })
    await settle(shop)
    const { faults } = standIn()
    Object.assign(faults, { delayMilliseconds: 5_000, slow: /search/ })
    for (let i = 0; i < 2; i++) await expect(shop.meilisearch.search([query()])).rejects.toThrow("timed out")
    const asked = standIn().requests.length
    await expect(shop.meilisearch.search([query()])).rejects.toThrow("tried again")
    expect(
      standIn()
        .requests.slice(asked)
        .filter((it) => it.path.includes("search")),
    ).toEqual([])
    expect(await shop.meilisearch.isWell()).toBe(false)

    faults.delayMilliseconds = 0
    faults.down = true
    await retitle("Mientras tanto", 7)
    await until("it is noticed", () => shop.meilisearch.state.failing !== undefined)
    const from = standIn().requests.length
    faults.down = false
    await until(
      "it has caught up",
      () => shop.meilisearch.state.failing === undefined && shop.meilisearch.state.behind === 0,
      20,
    )
    expect(writes(from).flat()).toHaveLength(7)
    await expectWhole()
    await until("it is searched again", () =>
      shop.meilisearch.search([query()]).then(
        () => true,
        () => false,
      ),
    )
    expect(await shop.meilisearch.isWell()).toBe(true)
  })
})

describe("killed at any moment", () => {
  it("the indexer ends with what a rebuild would make", async () => {
    const program = path.resolve(import.meta.dirname, "../../../support/meilisearch/process.ts")
    const { url, masterKey, indexPrefix } = target
    if (target.standIn) target.standIn.faults.taskMilliseconds = 15
    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, ["--import", "tsx", program], {
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: database.url,
          TARGET: JSON.stringify({ url, masterKey, indexPrefix }),
        },
        stdio: ["ignore", "pipe", "inherit"],
      })
      const exited = once(child, "exit")
      await Promise.race([once(child.stdout, "data"), exited])
      const { sql } = database
      for (let change = 0; change < 6; change++) {
        await sql`update product set title = title || ' ' || ${round}, status = case when random() < 0.1 then 'draft' else 'published' end
          where id in (select id from product order by random() limit 5)`
        await sql`update inventory_level set stocked_quantity = case when random() < 0.5 then 0 else 5 end
          where id in (select id from inventory_level order by random() limit 5)`
        await wait(Math.random() * 120)
      }
      child.kill("SIGKILL")
      await exited
    }
    const shop = await openShop()
    await settle(shop)
    await expectWhole()
  }, 120_000)
})
