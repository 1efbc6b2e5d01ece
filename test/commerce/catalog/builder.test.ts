import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { publicPrices } from "../../../src/channels/live/shown.ts"
import { type DocumentChange, type OnBuilt, openCatalog, pruneRemoved } from "../../../src/commerce/catalog/index.ts"
import { searchWriter } from "../../../src/commerce/search/index.ts"
import { openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"

let database: TestDatabase
let feed: Awaited<ReturnType<typeof openChangeFeed>>
let catalog: Awaited<ReturnType<typeof openCatalog>>
const log = createLog("silent")
let onBuilt: OnBuilt = async () => {}

beforeAll(async () => {
  database = await cloneDatabase()
  feed = await openChangeFeed(database, log)
  catalog = await openCatalog(database, feed, log, {
    cacheBytes: 1e6,
    onBuilt: async (tx, built) => onBuilt(tx, built),
  })
})
afterAll(async () => {
  await feed.close()
  await catalog.close()
  await database.drop()
})

describe("product documents", () => {
  it("are there for every product soon after the first start", async () => {
    const { sql } = database
    const [{ products } = { products: 0 }] = await sql<{ products: number }[]>`
      select count(*)::int as products from product where deleted_at is null`
    expect(products).toBeGreaterThan(80)
    await until("every product has its document", async () => {
      const [row] = await sql`select count(*)::int as documents from mostrador.product_document`
      return row?.documents === products
    })
  })

  it("follow a change, whoever makes it, and only those that it concerns", async () => {
    const { sql } = database
    const [product] = await sql<{ id: string }[]>`select id from product order by id limit 1`
    const id = product?.id ?? ""
    const [before] = await catalog.documents.get([id])
    await catalog.changes.catchUp()
    const version = catalog.changes.version
    await sql`update product set title = 'Otro nombre' where id = ${id}`
    await feed.catchUp()
    const [after] = await catalog.documents.get([id])
    expect(after?.product.title).toBe("Otro nombre")
    expect(after?.version).toBeGreaterThan(before?.version ?? 0)
    expect(catalog.changes.version).toBe(after?.version)
    const newer = await sql`select product_id from mostrador.product_document where version > ${version}`
    expect(newer.map((row) => row.product_id)).toEqual([id])
  })

  it("cost the database no write while nothing happens", async () => {
    const { sql } = database
    await feed.catchUp()
    const read = () => sql`select xmin, xmax from mostrador.consumer`
    await until("the builder rests", async () => {
      const before = await read()
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      return JSON.stringify(await read()) === JSON.stringify(before)
    })
    // A lock leaves its transaction in the row as well as a write does.
    const before = await read()
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(await read()).toEqual(before)
  })

  it("get other prices when a price list is switched, ruled, or begins and ends by the clock", async () => {
    const { sql } = database
    const [list] = await sql<{ id: string }[]>`
      select id from price_list where exists (
        select from price where price_list_id = price_list.id and deleted_at is null) order by id limit 1`
    const id = list?.id ?? ""
    const concerned = await sql<{ product_id: string }[]>`
      select distinct product_id from price join product_variant_price_set using (price_set_id)
      join product_variant on product_variant.id = variant_id where price_list_id = ${id} and price.deleted_at is null`
    const told: DocumentChange[] = []
    const stop = catalog.changes.listen((changes) => told.push(...changes))
    const repriced = async (change: () => Promise<unknown>) => {
      told.length = 0
      await change()
      await until("every product of the list is told of", async () => {
        await feed.catchUp()
        return new Set(told.map((it) => it.product_id)).size === concerned.length
      })
      expect(told.every((it) => it.prices && !it.content && !it.stock)).toBe(true)
    }
    const listOf = async () => {
      const [document] = await catalog.documents.get([concerned[0]?.product_id ?? ""])
      return Object.values(document?.prices ?? {})
        .flatMap((it) => it?.lists ?? [])
        .find((it) => it.id === id)
    }
    await repriced(() => sql`update price_list set status = 'draft' where id = ${id}`)
    expect(await listOf()).toMatchObject({ status: "draft" })
    await repriced(
      () => sql`insert into price_list_rule (id, price_list_id, attribute, value)
        values ('plrule_test', ${id}, 'customer.groups.id', '["cusgroup_1"]'::jsonb)`,
    )
    expect(await listOf()).toMatchObject({ rules: [{ attribute: "customer.groups.id", value: ["cusgroup_1"] }] })

    await repriced(
      () => sql`update price_list set status = 'active', ends_at = null, starts_at = now() + interval '1 hour'
        where id = ${id}`,
    )
    expect(await listOf()).toMatchObject({ is_due: false })
    // No row changes when it begins, nor when it ends.
    const soon = Date.now() + 2_000
    await sql`update price_list set starts_at = ${new Date(soon).toISOString()}::timestamptz,
      ends_at = ${new Date(soon + 2_000).toISOString()}::timestamptz where id = ${id}`
    const isDue = async () => (await listOf())?.is_due
    await until("it has begun", async () => (await isDue()) === true)
    await until("it has ended", async () => (await isDue()) === false)
    expect(told.some((it) => it.content || it.stock)).toBe(false)
    stop()
  })

  it("of all others are built when one cannot be, and that one when it has changed", async () => {
    const { sql } = database
    const rows = await sql<{ id: string }[]>`select id from product where deleted_at is null order by id limit 30`
    const ids = rows.map((row) => row.id)
    const bad = ids[17] ?? ""
    onBuilt = async (tx, built) => {
      // What Postgres says to a text that is longer than an index takes.
      if (built.some((it) => it.product_id === bad)) await tx`select repeat('x', -1)::int, 1 / 0`
    }
    const titles = async () => {
      await feed.catchUp()
      return (await catalog.documents.get(ids)).map((it) => it.product.title)
    }
    const before = (await catalog.documents.get([bad]))[0]?.product.title
    await sql`update product set title = 'Todas' where id = any(${ids})`
    const expected = ids.map((id) => (id === bad ? before : "Todas"))
    expect((await titles()).sort()).toEqual(expected.sort())
    // Another product is not kept waiting by it.
    await sql`update product set title = 'Una' where id = ${ids[0] ?? ""}`
    expect(await titles()).toContain("Una")
    onBuilt = async () => {}
    await sql`update product set title = 'Otra vez' where id = ${bad}`
    expect(await titles()).toContain("Otra vez")
  })

  it("show a variant that has lost its price set without a price, and everything else goes on", async () => {
    const { sql } = database
    const [priced] = await sql<{ variant_id: string; product_id: string; price_set_id: string }[]>`
      select variant_id, product_id, price_set_id from product_variant_price_set link
      join product_variant variant on variant.id = variant_id where link.deleted_at is null order by 1 limit 1`
    await sql`update price_set set deleted_at = now() where id = ${priced?.price_set_id ?? ""}`
    onBuilt = async (tx, built) => {
      await searchWriter()(
        tx,
        built.map((it) => it.product_id),
      )
    }
    await feed.catchUp()
    const [document] = await catalog.documents.get([priced?.product_id ?? ""])
    expect(document?.prices[priced?.variant_id ?? ""]).toBeNull()
    const [row] = await sql`select count(*)::int as left from mostrador.stale_product`
    expect(row).toEqual({ left: 0 })
    expect(publicPrices(document?.prices ?? {})[priced?.variant_id ?? ""]).toEqual([])
    onBuilt = async () => {}
  })

  it("show a variant of which Medusa says that it needs none of an item", async () => {
    const { sql } = database
    const [need] = await sql<{ variant_id: string; product_id: string }[]>`
      select variant_id, product_id from product_variant_inventory_item need
      join product_variant variant on variant.id = variant_id
      where need.deleted_at is null and (
        select count(*) from product_variant_inventory_item other where other.variant_id = need.variant_id) = 1
      order by 1 limit 1`
    await sql`update product_variant_inventory_item set required_quantity = 0 where variant_id = ${need?.variant_id ?? ""}`
    await feed.catchUp()
    const [document] = await catalog.documents.get([need?.product_id ?? ""])
    const stock = document?.stock[need?.variant_id ?? ""]
    expect(stock?.items).toMatchObject([{ required_quantity: 0 }])
    expect(stock?.locations.length).toBeGreaterThan(0)
    expect(stock?.channels.length).toBeGreaterThan(0)
  })

  it("of deleted products are forgotten after 90 days, and up to which version", async () => {
    const { sql } = database
    const gone = await sql<{ id: string }[]>`select id from product order by id desc limit 2`
    await sql`delete from product where id = any(${gone.map((it) => it.id)})`
    await feed.catchUp()
    const [first, second] = await sql<{ product_id: string; version: number }[]>`
      select product_id, version::float8 as version from mostrador.product_document where content is null order by version`
    await pruneRemoved(sql)
    expect((await catalog.history.horizon()).pruned).toBe(0)
    await sql`update mostrador.product_document set built_at = now() - interval '91 days'
      where product_id = ${first?.product_id ?? ""}`
    await pruneRemoved(sql)
    const left = await sql`select product_id from mostrador.product_document where content is null`
    expect(left.map((row) => row.product_id)).toEqual([second?.product_id])
    expect(await catalog.history.horizon()).toEqual({ pruned: first?.version, newest: second?.version })
  })
})
