import { afterEach, beforeAll, describe, expect, it } from "vitest"
import { counterForFile, demo, openTestCounter } from "../../support/counter.ts"
import { untilBuilt } from "../../support/documents.ts"
import { follow, type LiveDevice } from "../../support/events.ts"
import { ask, until } from "../../support/http.ts"

const PATH = "/store/catalog/stream"

const shop = counterForFile({ liveHeartbeatSeconds: 0.5, liveStreams: 8 })
let products: string[]
beforeAll(async () => {
  await untilBuilt(shop.database)
  const rows = await shop.database.sql<{ id: string }[]>`select id from product order by id`
  products = rows.map((row) => row.id)
})

const devices: LiveDevice[] = []
afterEach(() => {
  for (const device of devices.splice(0)) device.leave()
})
const key = (channel: "web" | "pos" = "web") => ({ "x-publishable-api-key": demo().channels[channel].publishable_key })
async function open(headers: Record<string, string> = key(), query = "", url = shop.counter.url): Promise<LiveDevice> {
  const device = await follow(`${url}${PATH}${query}`, headers)
  devices.push(device)
  if (device.status === 200) await until("it has its position", () => device.lastId !== "")
  return device
}
const names = (device: LiveDevice, product: string) =>
  device.events.filter((it) => it.data.product_id === product).map((it) => it.name)
const eventOf = (device: LiveDevice, product: string, name: string) =>
  device.events.findLast((it) => it.data.product_id === product && it.name === name)
const untilTold = (device: LiveDevice, product: string, name: string) =>
  until(`${name} of ${product}`, () => names(device, product).includes(name))
const product = (n: number) => products[n] ?? ""

describe("the stream of the catalog", () => {
  it("tells of each kind of change, whoever makes it, with what a device needs", async () => {
    const { sql } = shop.database
    const device = await open()
    expect(device.status).toBe(200)
    expect(device.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    })
    expect(device.text).toMatch(/^retry: \d+\n/)

    await sql`update product set title = 'Otro nombre' where id = ${product(0)}`
    await untilTold(device, product(0), "product.changed")
    expect(eventOf(device, product(0), "product.changed")?.data).toMatchObject({
      handle: expect.any(String),
      version: expect.any(Number),
      product: { id: product(0), title: "Otro nombre", variants: expect.any(Array), images: expect.any(Array) },
    })
    expect(names(device, product(0))).toEqual(["product.changed"])

    const [variant] = await sql<{ id: string; price_set_id: string }[]>`
      select variant.id, price_set_id from product_variant variant
      join product_variant_price_set on variant_id = variant.id where product_id = ${product(1)} order by 1 limit 1`
    await sql`update price set amount = 3.5, raw_amount = '{"value":"3.5","precision":20}'
      where price_set_id = ${variant?.price_set_id ?? ""} and price_list_id is null and currency_code = 'gbp'`
    await untilTold(device, product(1), "price.changed")
    const prices = eventOf(device, product(1), "price.changed")?.data.prices as Record<string, { amount: number }[]>
    expect(prices[variant?.id ?? ""]).toContainEqual({
      ...{ currency_code: "gbp", amount: 3.5, min_quantity: null, max_quantity: null, rules: [], price_list: null },
    })

    const { variants, stock_locations: places } = demo()
    const [scarce] = await sql<{ product_id: string }[]>`
      select product_id from product_variant where id = ${variants.scarce}`
    await sql`update inventory_level set reserved_quantity = stocked_quantity where inventory_item_id in (
      select inventory_item_id from product_variant_inventory_item where variant_id = ${variants.scarce})`
    const id = scarce?.product_id ?? ""
    await untilTold(device, id, "stock.changed")
    expect(names(device, id)).toEqual(["stock.changed"])
    const stock = () => eventOf(device, id, "stock.changed")?.data.stock as Record<string, unknown>
    expect(stock()[variants.scarce]).toEqual({ always: false, in_stock: false, locations: [] })
    await sql`update inventory_level set reserved_quantity = 0 where inventory_item_id in (
      select inventory_item_id from product_variant_inventory_item where variant_id = ${variants.scarce})`
    await until("it is there again", () => names(device, id).length === 2)
    expect(stock()[variants.scarce]).toEqual({ always: false, in_stock: true, locations: [places.barcelona] })

    await sql`update product set deleted_at = now() where id = ${product(2)}`
    await untilTold(device, product(2), "product.removed")
    expect(eventOf(device, product(2), "product.removed")?.data).toEqual({
      product_id: product(2),
      version: expect.any(Number),
    })
    await sql`update product set deleted_at = null where id = ${product(2)}`
    await untilTold(device, product(2), "stock.changed")
    expect(names(device, product(2))).toEqual(["product.removed", "product.changed", "price.changed", "stock.changed"])
  })

  it("tells the tills what the channel's location link changes, and each channel only of its own locations", async () => {
    const { variants, stock_locations: places, channels } = demo()
    const web = await open()
    const [row] = await shop.database.sql<{ product_id: string }[]>`
      select product_id from product_variant where id = ${variants.shared_a}`
    const id = row?.product_id ?? ""
    await shop.database.sql`update sales_channel_stock_location set deleted_at = now()
      where sales_channel_id = ${channels.web.sales_channel_id} and stock_location_id = ${places.madrid}`
    await untilTold(web, id, "stock.changed")
    const stock = eventOf(web, id, "stock.changed")?.data.stock as Record<string, { locations: string[] }> | undefined
    const locations = stock?.[variants.shared_a]?.locations
    expect(locations).toContain(places.valencia)
    expect(locations).not.toContain(places.madrid)
    await shop.database.sql`update sales_channel_stock_location set deleted_at = null`
    await until("it is linked again", () => names(web, id).length > 1)
  })

  it("tells of prices when a price list is switched off, and never of one that is not for everybody", async () => {
    const { sql } = shop.database
    const [list] = await sql<{ id: string; product_id: string }[]>`
      select price_list.id, product_id from price_list join price on price_list_id = price_list.id
      join product_variant_price_set using (price_set_id) join product_variant on product_variant.id = variant_id
      where price_list.status = 'active' and coalesce(price_list.rules_count, 0) = 0 order by 1, 2 limit 1`
    const id = list?.product_id ?? ""
    const device = await open()
    await sql`update price_list set status = 'draft' where id = ${list?.id ?? ""}`
    await untilTold(device, id, "price.changed")
    expect(JSON.stringify(eventOf(device, id, "price.changed"))).not.toContain(list?.id)
    await sql`update price_list set status = 'active' where id = ${list?.id ?? ""}`
    await until("it is on again", () => names(device, id).length === 2)
    expect(JSON.stringify(eventOf(device, id, "price.changed"))).toContain(list?.id)
    await sql`insert into price_list_rule (id, price_list_id, attribute, value)
      values ('plrule_live', ${list?.id ?? ""}, 'customer.groups.id', '["cusgroup_1"]'::jsonb)`
    await until("it is for a group", () => names(device, id).length === 3)
    expect(JSON.stringify(eventOf(device, id, "price.changed"))).not.toContain(list?.id)
  })

  it("goes on where a device has lost it, with the newest state of each product once, and nothing lost", async () => {
    const { sql } = shop.database
    const first = await open()
    await sql`update product set title = 'Uno' where id = ${product(3)}`
    await untilTold(first, product(3), "product.changed")
    first.leave()
    const position = first.lastId

    for (const title of ["Dos", "Tres"]) await sql`update product set title = ${title} where id = ${product(3)}`
    // What is built at once comes in any order.
    await untilBuilt(shop.database)
    await sql`update product set status = 'draft' where id = ${product(4)}`
    await untilBuilt(shop.database)
    await sql`update price set amount = 9, raw_amount = '{"value":"9","precision":20}' where price_set_id in (
      select price_set_id from product_variant_price_set join product_variant on product_variant.id = variant_id
      where product_id = ${product(5)})`
    await untilBuilt(shop.database)
    const back = await open({ ...key(), "last-event-id": position })
    await untilTold(back, product(5), "price.changed")
    await sql`update product set title = 'Cuatro' where id = ${product(6)}`
    await untilTold(back, product(6), "product.changed")
    // What was built in one go has versions in any order.
    const told = back.events.map((it) => [it.data.product_id, it.name])
    expect(told.toSorted()).toEqual(
      [
        [product(3), "product.changed"],
        [product(4), "product.removed"],
        [product(5), "price.changed"],
        [product(6), "product.changed"],
      ].toSorted(),
    )
    expect(back.events.find((it) => it.data.product_id === product(3))?.data).toMatchObject({
      product: { title: "Tres" },
    })
    const versions = back.events.map((it) => it.data.version)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))

    // Without the header, for clients that cannot send one; and from a position in the middle.
    const again = await open(key(), `?last_event_id=${position}`)
    await until("all of it again", () => again.events.length === back.events.length)
    expect(again.events).toEqual(back.events)
    const ids = [...back.text.matchAll(/^id: (.*)$/gm)].map((it) => it[1] ?? "")
    const middle = await open({ ...key(), "last-event-id": ids[2] ?? "" }, `?last_event_id=${position}`)
    await until("the rest", () => names(middle, product(6)).length === 1)
    expect(middle.events).toEqual(back.events.slice(-middle.events.length))
    await sql`update product set status = 'published' where id = ${product(4)}`
  })

  it("loses no part of a product that changed twice while other products were told", async () => {
    const { sql } = shop.database
    const origin = (await open()).lastId
    // Its price changes before another product does, its title after it: the document stands behind the other one.
    await sql`update price set amount = 4, raw_amount = '{"value":"4","precision":20}' where price_set_id in (
      select price_set_id from product_variant_price_set join product_variant on product_variant.id = variant_id
      where product_id = ${product(7)})`
    await untilBuilt(shop.database)
    await sql`update product set title = 'Entre medias' where id = ${product(8)}`
    await untilBuilt(shop.database)
    await sql`update product set title = 'Después' where id = ${product(7)}`
    await untilBuilt(shop.database)
    const device = await open({ ...key(), "last-event-id": origin })
    await untilTold(device, product(7), "price.changed")
    const [, middle = ""] = [...device.text.matchAll(/^id: (.*)$/gm)].map((it) => it[1] ?? "")
    const back = await open({ ...key(), "last-event-id": middle })
    await untilTold(back, product(7), "product.changed")
    expect(names(back, product(7))).toEqual(["product.changed", "price.changed"])
  })

  it("shows each channel only what it sells, and never the id of another channel's product or of a draft", async () => {
    const { sql } = shop.database
    const { channels } = demo()
    const web = await open(key("web"))
    const pos = await open(key("pos"))
    const insert = (id: string, status: string) => sql`
      insert into product (id, title, handle, is_giftcard, status, discountable)
      values (${id}, ${id}, ${id}, false, ${status}, true)`
    await insert("prod_draft", "draft")
    await insert("prod_till", "published")
    await sql`insert into product_sales_channel (product_id, sales_channel_id, id)
      values ('prod_till', ${channels.pos.sales_channel_id}, 'psc_1'), ('prod_draft', ${channels.web.sales_channel_id}, 'psc_2')`
    await untilTold(pos, "prod_till", "product.changed")
    await sql`update product set title = 'Otra vez' where id in ('prod_till', 'prod_draft')`
    await sql`update product set deleted_at = now() where id in ('prod_till', 'prod_draft')`
    await untilTold(pos, "prod_till", "product.removed")
    await sql`update product set title = 'Para todos' where id = ${product(9)}`
    await untilTold(web, product(9), "product.changed")
    expect(web.text).not.toContain("prod_till")
    expect(web.text + pos.text).not.toContain("prod_draft")
    const back = await open({ ...key("web"), "last-event-id": [...web.text.matchAll(/^id: (.*)$/gm)][0]?.[1] ?? "" })
    await untilTold(back, product(9), "product.changed")
    expect(back.text).not.toMatch(/prod_till|prod_draft/)
    // What a channel does not sell any more it is told of once; what becomes of it then is not its business.
    await sql`update product_sales_channel set deleted_at = now()
      where product_id = ${product(9)} and sales_channel_id = ${channels.pos.sales_channel_id}`
    await untilTold(pos, product(9), "product.removed")
    await sql`update product set title = 'Sin cajas' where id = ${product(9)}`
    await until("the web shop sees it", () => names(web, product(9)).length >= 2)
    await untilBuilt(shop.database)
    expect(names(pos, product(9)).slice(-1)).toEqual(["product.removed"])
    expect(names(pos, product(9)).filter((it) => it === "product.removed")).toHaveLength(1)
  })

  it("gives signs of life that move a quiet device on", async () => {
    const device = await open()
    const before = device.lastId
    await until("two heartbeats", () => (device.text.match(/^: heartbeat$/gm) ?? []).length >= 2)
    await shop.database.sql`insert into product (id, title, handle, is_giftcard, status, discountable)
      values ('prod_unseen', 'x', 'unseen', false, 'draft', true)`
    await until("its position moves without an event", () => device.lastId !== before)
    expect(device.events.filter((it) => it.data.product_id === "prod_unseen")).toEqual([])
  })

  it("refuses what it cannot go on from, who has no key, and too many", async () => {
    const good = (await open()).lastId
    const [format, version, , , digest] = Buffer.from(good, "base64url").toString().split(".")
    const forged = (...numbers: unknown[]) => Buffer.from([format, ...numbers, digest].join(".")).toString("base64url")
    const wrong: [string, number, string][] = [
      ["nonsense", 400, "not one that was given out"],
      [version ?? "", 400, "not one that was given out"],
      [`${good}A`, 400, "not one that was given out"],
      [forged(version, Number(version) + 1, version), 400, "not one that was given out"],
      [forged(10 ** 14, 10 ** 14, 10 ** 14), 400, "newer than the catalog"],
    ]
    for (const [id, status, reason] of wrong) {
      const { status: got, body } = await ask(shop.counter.url, PATH, { headers: { ...key(), "last-event-id": id } })
      expect([id, got, body]).toEqual([id, status, { type: "invalid_data", message: expect.stringContaining(reason) }])
      expect((await ask(shop.counter.url, `${PATH}?last_event_id=${id}`, { headers: key() })).status).toBe(status)
    }
    const other = await ask(shop.counter.url, PATH, { headers: { ...key("pos"), "last-event-id": good } })
    expect([other.status, other.text]).toEqual([400, expect.stringContaining("other sales channels")])
    for (const query of ["?last_event_id=", "?since=1", "?sales_channel_id=sc_foreign"]) {
      expect([query, (await ask(shop.counter.url, PATH + query, { headers: key() })).status]).toEqual([query, 400])
    }
    for (const headers of [{}, { "x-publishable-api-key": "pk_unknown" }] as Record<string, string>[]) {
      const { status, body } = await ask(shop.counter.url, PATH, { headers })
      expect([status, body]).toMatchObject([400, { type: "not_allowed" }])
    }
    const { publishable_key } = demo().channels.web
    expect((await open({}, `?publishable_api_key=${publishable_key}`)).status).toBe(200)

    await until("those that have left are forgotten", async () => {
      while (devices.filter((it) => it.status === 200).length < 8) {
        const device = await open()
        if (device.status !== 200) break
      }
      const one = await open()
      expect(one.status).toBe(503)
      expect(one.headers["retry-after"]).toMatch(/^\d+$/)
      return true
    })
    devices.shift()?.leave()
    await until("there is room again", async () => (await open()).status === 200)
    expect((await ask(shop.counter.url, PATH, { method: "HEAD", headers: key() })).status).toBe(200)
  })

  it("ends when its key is revoked", async () => {
    const { sql } = shop.database
    await sql`insert into api_key (id, token, salt, redacted, title, type, created_by)
      values ('apk_live', 'pk_live', '', '', 'live', 'publishable', '')`
    await sql`insert into publishable_api_key_sales_channel (publishable_key_id, sales_channel_id, id)
      values ('apk_live', ${demo().channels.web.sales_channel_id}, 'pksc_live')`
    let device: LiveDevice | undefined
    await until("the key is known", async () => {
      device = await open({ "x-publishable-api-key": "pk_live" })
      return device.status === 200
    })
    await sql`update api_key set revoked_at = now() where id = 'apk_live'`
    await until("its stream has ended", () => device?.isClosed === true)
  })

  it("gives up a client that does not read, and keeps all others", async () => {
    const { sql } = shop.database
    const slow = await open()
    const quick = await open()
    slow.response.pause()
    const long = "largo ".repeat(100_000)
    const many = Array.from({ length: 10 }, (_, n) => product(n + 1))
    const last = 5
    for (let n = 0; n <= last; n++) {
      await sql`update product set description = ${`${n} ${long}`} where id = any(${many})`
      await untilBuilt(shop.database)
    }
    slow.response.resume()
    await until("it sees the end", () => slow.isClosed)
    const newest = () =>
      eventOf(quick, product(10), "product.changed")?.data.product as { description: string } | undefined
    await until("the quick one has it all", () => newest()?.description.startsWith(`${last} `) === true)
    expect(quick.isClosed).toBe(false)
    // It comes back, and has the newest.
    const back = await open({ ...key(), "last-event-id": slow.lastId })
    await untilTold(back, product(10), "product.changed")
    expect(names(back, product(10))).toEqual(["product.changed"])
    await sql`update product set description = null where id = any(${many})`
  })
})

describe("a counter that closes", () => {
  it("ends its streams, and the device goes on with another counter", async () => {
    const closing = await openTestCounter(shop.database.url)
    const device = await open(key(), "", closing.url)
    await shop.database.sql`update product set title = 'Antes' where id = ${product(11)}`
    await untilTold(device, product(11), "product.changed")
    await closing.close()
    await until("it has ended", () => device.isClosed)
    // To its last byte, not broken off when the patience with open requests was over.
    expect(device.response.complete).toBe(true)
    await shop.database.sql`update product set title = 'Mientras tanto' where id = ${product(12)}`
    await untilBuilt(shop.database)
    const next = await open({ ...key(), "last-event-id": device.lastId })
    await untilTold(next, product(12), "product.changed")
    expect(names(next, product(11))).toEqual([])
  })
})
