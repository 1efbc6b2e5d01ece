import { get } from "node:http"
import { gunzipSync } from "node:zlib"
import { beforeAll, describe, expect, it } from "vitest"
import { pruneRemoved } from "../../../src/commerce/catalog/index.ts"
import { changeSomething, dice } from "../../commerce/catalog/random-changes.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { untilBuilt } from "../../support/documents.ts"
import { follow } from "../../support/events.ts"
import { ask, until } from "../../support/http.ts"

const PATH = "/store/catalog/feed"

const shop = counterForFile()
let products: string[]
beforeAll(async () => {
  await untilBuilt(shop.database)
  const rows = await shop.database.sql<{ id: string }[]>`
    select id from product where status = 'published' and exists (
      select from product_sales_channel link where product_id = product.id and link.deleted_at is null
        and sales_channel_id = ${demo().channels.web.sales_channel_id}) order by id`
  products = rows.map((row) => row.id)
})

type Channel = "web" | "pos"
const key = (channel: Channel = "web") => ({ "x-publishable-api-key": demo().channels[channel].publishable_key })

interface Product {
  product_id: string
  version: number
  product: { title: string; variants: unknown[]; options: unknown[]; images: unknown[]; categories: unknown[] }
  prices: Record<string, { currency_code: string }[]>
  stock: Record<string, { always: boolean; in_stock: boolean; locations: string[] }>
}
type Line = { type: string; cursor?: string; complete?: boolean; whole?: boolean } & Partial<Product>

async function load(cursor?: string, query = "", channel: Channel = "web") {
  const { status, text, headers } = await ask(
    shop.counter.url,
    `${PATH}?${cursor === undefined ? "" : `cursor=${cursor}&`}${query}`,
    { headers: key(channel) },
  )
  expect(status).toBe(200)
  expect(headers.get("content-type")).toContain("application/x-ndjson")
  expect(text.endsWith("\n")).toBe(true)
  const lines = text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
  expect(lines[0]?.type).toBe("begin")
  const end = lines.at(-1)
  expect(end?.type).toBe("end")
  return {
    text,
    whole: lines[0]?.whole,
    products: lines.filter((it) => it.type === "product") as unknown as Product[],
    removed: lines.filter((it) => it.type === "removed").map((it) => it.product_id),
    cursor: end?.cursor ?? "",
    complete: end?.complete,
  }
}

describe("the feed of the catalog", () => {
  it("is all that a channel sells, with all that a till needs, and then only what has changed", async () => {
    const all = await load()
    expect([all.whole, all.complete, all.removed]).toEqual([true, true, []])
    expect(all.products.map((it) => it.product_id).sort()).toEqual(products)
    for (const { product, prices, stock } of all.products) {
      expect(product).toMatchObject({ title: expect.any(String), handle: expect.any(String), status: "published" })
      for (const list of [product.variants, product.options, product.images, product.categories])
        expect(list).toBeInstanceOf(Array)
      expect(product.variants.length).toBeGreaterThan(0)
      expect(Object.keys(stock)).toHaveLength(product.variants.length)
      for (const it of Object.values(prices)) expect(it.map((price) => price.currency_code)).toContain("eur")
    }
    expect((await load(all.cursor)).products).toEqual([])

    const { sql } = shop.database
    await sql`update product set title = 'Nuevo' where id = ${products[0] ?? ""}`
    await sql`update product set title = 'Más nuevo' where id = ${products[0] ?? ""}`
    await sql`update product set deleted_at = now() where id = ${products[1] ?? ""}`
    await sql`update product set status = 'draft' where id = ${products[2] ?? ""}`
    await untilBuilt(shop.database)
    const changed = await load(all.cursor)
    expect([changed.whole, changed.complete]).toEqual([false, true])
    expect(changed.products.map((it) => [it.product_id, it.product.title])).toEqual([[products[0], "Más nuevo"]])
    expect(changed.removed.toSorted()).toEqual(products.slice(1, 3))
    expect(await load(changed.cursor)).toMatchObject({ products: [], removed: [], complete: true })
    // Who begins now never had what is gone.
    const anew = await load()
    expect([anew.removed, anew.products.length]).toEqual([[], products.length - 2])
    await sql`update product set status = 'published', deleted_at = null where id = any(${products.slice(1, 3)})`
    await untilBuilt(shop.database)
  })

  it("comes in parts to who asks for parts, whatever changes between them", async () => {
    const { sql } = shop.database
    const seen = new Map<string, string>()
    const removed: unknown[] = []
    let part = await load(undefined, "limit=20")
    for (let parts = 1; ; parts++) {
      expect(part.products.length + part.removed.length).toBeLessThanOrEqual(20)
      for (const it of part.products) seen.set(it.product_id, it.product.title)
      for (const id of part.removed) {
        seen.delete(id ?? "")
        removed.push(id)
      }
      if (part.complete) break
      if (parts === 1) {
        // Both have been loaded already.
        const [gone, renamed] = part.products
        await sql`update product set deleted_at = now() where id = ${gone?.product_id ?? ""}`
        await sql`update product set title = 'Entre dos partes' where id = ${renamed?.product_id ?? ""}`
        await untilBuilt(shop.database)
      }
      part = await load(part.cursor, "limit=20")
    }
    const whole = await load()
    expect([...seen].sort()).toEqual(whole.products.map((it) => [it.product_id, it.product.title]).sort())
    expect(removed).toHaveLength(1)
    await sql`update product set deleted_at = null`
    await untilBuilt(shop.database)
  })

  it("has nothing of other channels, nor of what is for one customer or for the shop itself", async () => {
    const { sql } = shop.database
    const before = { web: await load(), pos: await load(undefined, "", "pos") }
    await sql`insert into product (id, title, handle, is_giftcard, status, discountable) values
      ('prod_till', 'till', 'till', false, 'published', true), ('prod_draft', 'draft', 'draft', false, 'draft', true)`
    await sql`insert into product_sales_channel (product_id, sales_channel_id, id) values
      ('prod_till', ${demo().channels.pos.sales_channel_id}, 'psc_1'),
      ('prod_draft', ${demo().channels.pos.sales_channel_id}, 'psc_2')`
    await untilBuilt(shop.database)
    expect((await load(before.pos.cursor, "", "pos")).products.map((it) => it.product_id)).toEqual(["prod_till"])
    expect((await load(before.web.cursor)).products).toEqual([])
    await sql`delete from product where id in ('prod_till', 'prod_draft')`
    await untilBuilt(shop.database)
    expect((await load(before.pos.cursor, "", "pos")).removed).toEqual(["prod_till"])
    for (const { text } of [await load(), await load(before.web.cursor)])
      expect(text).not.toMatch(/prod_till|prod_draft/)

    const [hidden] = await sql<{ id: string }[]>`
      update product_category set is_internal = true where id = (
        select product_category_id from product_category_product where product_id = ${products[4] ?? ""} limit 1) returning id`
    const [price] = await sql<{ id: string }[]>`
      select price.id from price join product_variant_price_set using (price_set_id)
      join product_variant on product_variant.id = variant_id
      where product_id = ${products[4] ?? ""} and price_list_id is null and currency_code = 'eur' order by 1 limit 1`
    await sql`update price set amount = 12345.5, raw_amount = '{"value":"12345.5","precision":20}', rules_count = 1
      where id = ${price?.id ?? ""}`
    await sql`insert into price_rule (id, price_id, attribute, operator, value, priority)
      values ('prule_1', ${price?.id ?? ""}, 'customer.groups.id', 'eq', 'cusgroup_1', 0)`
    await untilBuilt(shop.database)
    const { text } = await load()
    expect(hidden?.id).toBeDefined()
    expect(text).not.toContain(`"id":"${hidden?.id}"`)
    expect(text).not.toContain("12345.5")
    expect(text).not.toContain("customer.groups.id")
  })

  it("replayed from cursor to cursor over 300 random changes is the same as loaded anew", {
    timeout: 180_000,
  }, async () => {
    const roll = dice(7)
    const first = await load()
    let { cursor } = first
    const till = new Map(first.products.map((it) => [it.product_id, it]))
    const apply = async () => {
      const delta = await load(cursor)
      for (const it of delta.products) till.set(it.product_id, it)
      for (const id of delta.removed) till.delete(id ?? "")
      cursor = delta.cursor
    }
    for (let n = 0; n < 300; n++) {
      await changeSomething(shop.database.sql, n, roll)
      // Also in the middle of what is being built.
      if (n % 17 === 0) await apply()
    }
    await untilBuilt(shop.database, 60)
    await apply()
    const fresh = await load()
    expect(till.size).toBe(fresh.products.length)
    for (const it of fresh.products) expect(till.get(it.product_id)).toEqual(it)
    expect((await load(cursor)).products).toEqual([])
  })

  it("can be followed by the stream from its cursor, and go on from the stream's last event", async () => {
    const { cursor } = await load()
    const id = (await load()).products[0]?.product_id ?? ""
    await shop.database.sql`update product set title = 'Por el cursor' where id = ${id}`
    const device = await follow(`${shop.counter.url}/store/catalog/stream`, { ...key(), "last-event-id": cursor })
    await until("the stream goes on from it", () => device.events.length > 0)
    expect(device.events.map((it) => [it.name, it.data.product_id])).toEqual([["product.changed", id]])
    device.leave()
    expect((await load(device.lastId)).products).toEqual([])
    expect((await load(cursor)).products.map((it) => it.product_id)).toEqual([id])
  })

  it("is gzipped for who takes it so", async () => {
    const plain = await load()
    const raw = (accepted: string) =>
      new Promise<{ encoding: string | undefined; vary: string; body: Buffer }>((resolve, reject) => {
        get(
          shop.counter.url + PATH,
          { headers: { ...key(), "accept-encoding": accepted }, agent: false },
          (response) => {
            const chunks: Buffer[] = []
            response.on("data", (chunk) => chunks.push(chunk))
            response.on("end", () =>
              resolve({
                encoding: response.headers["content-encoding"],
                vary: response.headers.vary ?? "",
                body: Buffer.concat(chunks),
              }),
            )
            response.on("error", reject)
          },
        ).on("error", reject)
      })
    const zipped = await raw("br, gzip;q=0.8")
    expect([zipped.encoding, zipped.vary]).toEqual(["gzip", expect.stringContaining("Accept-Encoding")])
    expect(gunzipSync(zipped.body).toString()).toBe(plain.text)
    expect(zipped.body.length).toBeLessThan(plain.text.length / 5)
    expect((await raw("gzip;q=0")).encoding).toBeUndefined()
  })

  it("refuses cursors that are not its own, of other channels, from the future, and wrong limits", async () => {
    const { cursor } = await load()
    const wrong: [string, Channel, string][] = [
      ["cursor=nonsense", "web", "not one that was given out"],
      ["cursor=", "web", "cursor: is empty"],
      [`cursor=${cursor.slice(0, -2)}`, "web", "not one that was given out"],
      [`cursor=${cursor}`, "pos", "of other sales channels"],
      [`cursor=${cursor}&cursor=${cursor}`, "web", "cursor"],
      ["limit=0", "web", "limit: must be between 1 and"],
      ["limit=ten", "web", "limit: must be a whole number"],
      ["limit=-1", "web", "limit: must be a whole number"],
      ["offset=1", "web", "offset"],
      ["sales_channel_id=sc_foreign", "web", "does not open sc_foreign"],
    ]
    for (const [query, channel, reason] of wrong) {
      const { status, body } = await ask(shop.counter.url, `${PATH}?${query}`, { headers: key(channel) })
      expect([query, status, body]).toEqual([
        query,
        400,
        { type: "invalid_data", message: expect.stringContaining(reason) },
      ])
    }
    for (const headers of [{}, { "x-publishable-api-key": "pk_unknown" }] as Record<string, string>[]) {
      const { status, body } = await ask(shop.counter.url, PATH, { headers })
      expect([status, body]).toMatchObject([400, { type: "not_allowed" }])
    }
    expect((await ask(shop.counter.url, PATH, { method: "HEAD", headers: key() })).status).toBe(200)
  })

  it("keeps no place for a client that has left in the middle", async () => {
    // More of them than may load it at once.
    for (let n = 0; n < 80; n++) {
      await new Promise<void>((resolve, reject) => {
        const request = get(shop.counter.url + PATH, { headers: key(), agent: false }, () => {
          request.destroy()
          resolve()
        }).on("error", reject)
      })
    }
    await until("there is room", async () => (await ask(shop.counter.url, PATH, { headers: key() })).status === 200)
  })

  it("begins anew for a device that was away for longer than deletions are remembered", async () => {
    const { sql } = shop.database
    const old = await load()
    await sql`update product set deleted_at = now() where id = ${old.products[0]?.product_id ?? ""}`
    await untilBuilt(shop.database)
    const recent = await load()
    await sql`update mostrador.product_document set built_at = now() - interval '91 days' where content is null`
    await pruneRemoved(sql)
    const gone = await ask(shop.counter.url, `${PATH}?cursor=${old.cursor}`, { headers: key() })
    expect([gone.status, gone.body]).toEqual([
      410,
      { code: "begin_anew", type: "invalid_data", message: expect.stringContaining("begin anew") },
    ])
    const stream = await ask(shop.counter.url, `/store/catalog/stream?last_event_id=${old.cursor}`, { headers: key() })
    expect(stream.status).toBe(410)
    expect((await load(recent.cursor)).products).toEqual([])
    expect((await load()).products).toHaveLength(old.products.length - 1)
  })
})
