import { beforeAll, describe, expect, it } from "vitest"
import { loadConfig } from "../../../../src/config.ts"
import { signedLinks } from "../../../../src/platform/auth/index.ts"
import { orderWriter } from "../../../commerce/orders/rows.ts"
import { counterForFile, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { follow, type LiveDevice } from "../../../support/events.ts"
import { ask, until } from "../../../support/http.ts"
import { bodyOf, type Ordered, placeOrder, post, webKey } from "../../../support/orders.ts"

const shop = counterForFile({ liveHeartbeatSeconds: 0.3, liveStreams: 3 })
const links = signedLinks(loadConfig({}).jwtSecret, "order")
let write: ReturnType<typeof orderWriter>
beforeAll(async () => {
  write = orderWriter(shop.database.sql)
  await untilBuilt(shop.database, 60)
})

const place = () => placeOrder(shop.counter.url, { email: "vega@example.com" })
const tokenFor = async ({ id, email }: Ordered, seconds = 3600) => {
  const [row] = await shop.database.sql<{ customer_id: string }[]>`select customer_id from "order" where id = ${id}`
  return (await links.issue(`${id}\n${email}\n${row?.customer_id}`, seconds)).token
}
const followOrder = async (order: Ordered, { url = shop.counter.url, from = "", token = "", headers = {} } = {}) =>
  follow(`${url}/store/orders/${order.id}/stream?token=${token || (await tokenFor(order))}`, {
    ...{ ...webKey(), ...(from ? { "last-event-id": from } : {}), ...headers },
  })
/** What a device is told that gets no stream. */
async function refusalOf(device: LiveDevice): Promise<{ code: string; message: string }> {
  await until("it is told why", () => device.isClosed, 5)
  return JSON.parse(device.text)
}
const names = (device: LiveDevice) => device.events.map((it) => it.name)

describe("who follows his order", () => {
  it("hears of what is done by plain SQL, from when he asks, or from where the timeline ends, or all of it", async () => {
    const order = await place()
    await write.pay(order.id, 12.5)
    const path = `/store/orders/${order.id}/timeline?token=${await tokenFor(order)}`
    const { cursor, timeline } = bodyOf(await ask(shop.counter.url, path, { headers: webKey() }))
    expect([cursor, (timeline as object[]).length]).toEqual(["2", 2])
    const now = await followOrder(order)
    const after = await followOrder(order, { from: cursor as string })
    const all = await followOrder(order, { from: "0" })
    const fulfillment = await write.fulfill(order.id)
    await until("it is told", () => [now, after, all].every((it) => names(it).includes("order.fulfilled")), 5)
    await write.ship(fulfillment)
    await until("it is told", () => [now, after, all].every((it) => names(it).includes("order.shipped")), 5)
    const news = ["order.fulfilled", "order.shipped"]
    expect([names(now), names(after)]).toEqual([news, news])
    expect(names(all)).toEqual(["order.placed", "order.captured", ...news])
    expect(all.lastId).toBe("4")
    for (const it of [now, after, all]) it.leave()
  })

  it("loses nothing and hears nothing twice when he comes back again and again, to one counter or another", async () => {
    const other = await openTestCounter(shop.database.url)
    try {
      const order = await place()
      const heard: string[] = []
      let from = "0"
      const happening = (async () => {
        for (let n = 1; n <= 20; n++) await write.pay(order.id, n)
      })()
      for (let turn = 0; heard.length < 21; turn++) {
        const device = await followOrder(order, { url: turn % 2 ? other.url : shop.counter.url, from })
        const before = heard.length
        await until("there is something new", () => device.events.length > 0 || before >= 21, 5)
        device.leave()
        heard.push(...device.events.map((it) => it.data.id as string))
        from = device.lastId
      }
      await happening
      expect(heard).toHaveLength(21)
      expect(new Set(heard).size).toBe(21)
      const [row] = await shop.database.sql`select told from mostrador.order_story where order_id = ${order.id}`
      expect(heard).toEqual(row?.told)
    } finally {
      await other.close()
    }
  })

  it("hears no more when the order becomes somebody else's", async () => {
    const order = await place()
    const device = await followOrder(order, { from: "0" })
    await until("it is told", () => names(device).includes("order.placed"), 5)
    await shop.database.sql`update "order" set email = 'other@example.com' where id = ${order.id}`
    await write.pay(order.id, 5)
    await until("it has ended", () => device.isClosed, 5)
    expect(names(device)).toEqual(["order.placed"])
  })

  it("hears it in the language of his browser", async () => {
    const order = await place()
    const device = await followOrder(order, { from: "0", headers: { "accept-language": "es-ES,es;q=0.9" } })
    await until("it is told", () => device.events.length > 0, 5)
    expect(device.events[0]?.data).toMatchObject({ code: "placed", message: "Hemos recibido tu pedido." })
    device.leave()
  })

  it("hears nothing of other orders, and gets signs of life while nothing happens", async () => {
    const [order, other] = [await place(), await place()]
    const device = await followOrder(order, { from: "1" })
    await write.pay(other.id, 5)
    await until("there are signs of life", () => device.text.split(": heartbeat\nid: 1\n\n").length > 3, 5)
    expect(device.events).toEqual([])
    device.leave()
  })

  it("is let go when his token expires", async () => {
    const order = await place()
    const device = await followOrder(order, { token: await tokenFor(order, 2) })
    expect(device.status).toBe(200)
    await until("it is closed", () => device.isClosed, 5)
    const again = await followOrder(order, { token: await tokenFor(order, -1) })
    expect(again.status).toBe(404)
    again.leave()
  })

  it("shares the places for streams with who follows the catalog", async () => {
    const order = await place()
    const open = [
      await follow(`${shop.counter.url}/store/catalog/stream`, webKey()),
      await followOrder(order),
      await followOrder(order),
    ]
    expect(open.map((it) => it.status)).toEqual([200, 200, 200])
    for (const refused of [
      await followOrder(order),
      await follow(`${shop.counter.url}/store/catalog/stream`, webKey()),
    ]) {
      expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "5"])
      refused.leave()
    }
    for (const it of open) it.leave()
    await until("there is room again", async () => {
      const device = await followOrder(order)
      device.leave()
      return device.status === 200
    })
  })

  it("takes no more than his share of the places, and leaves the others theirs", async () => {
    const counter = await openTestCounter(shop.database.url, {
      ...{ liveStreams: 60, liveStreamsPerAddress: 22, trustProxy: true },
    })
    const [order, other] = [await place(), await place()]
    const [home, office] = [{ "x-forwarded-for": "192.0.2.1" }, { "x-forwarded-for": "192.0.2.2" }]
    const catalog = (headers: Record<string, string>) =>
      follow(`${counter.url}/store/catalog/stream`, { ...webKey(), ...headers })
    const open: LiveDevice[] = []
    const opened = async (device: Promise<LiveDevice>) => {
      const it = await device
      open.push(it)
      const { code, message } = it.status === 200 ? { code: undefined, message: "" } : await refusalOf(it)
      return [it.status, code, message, it.headers["retry-after"]]
    }
    const free = [200, undefined, "", undefined]
    const of = (order: Ordered, headers: Record<string, string>) => followOrder(order, { url: counter.url, headers })
    try {
      for (let n = 0; n < 20; n++) expect(await opened(of(order, n < 10 ? home : office))).toEqual(free)
      for (const headers of [home, office]) {
        const message = expect.stringContaining("20 streams of this")
        expect(await opened(of(order, headers))).toEqual([429, "too_many_streams", message, "5"])
      }
      // Others follow theirs, and the catalog, until the address has had its share.
      expect(await opened(of(other, home))).toEqual(free)
      for (let n = 0; n < 11; n++) expect(await opened(catalog(home))).toEqual(free)
      const message = expect.stringContaining("22 streams are open already from your address")
      for (const device of [() => catalog(home), () => of(other, home)]) {
        expect(await opened(device())).toEqual([429, "too_many_streams", message, "5"])
      }
      expect(await opened(catalog(office))).toEqual(free)
      // Who leaves makes room.
      open.shift()?.leave()
      await until("there is room again", async () => (await opened(of(order, home)))[0] === 200)
    } finally {
      for (const it of open) it.leave()
      await counter.close()
    }
  })

  it("is told to come back when the counter closes", async () => {
    const closing = await openTestCounter(shop.database.url)
    const order = await place()
    const device = await followOrder(order, { url: closing.url })
    await closing.close()
    await until("it is closed", () => device.isClosed, 5)
    expect(device.lastId).toBe("1")
  })
})

describe("an order's events in the log", () => {
  it("have the order's shopper, its channel and the entry, and rise by one", async () => {
    const id = await write.place()
    await write.pay(id, 10)
    await write.cancel(id)
    const rows = () => shop.database.sql`
      select name, version::int as version, actor, data->'before' as before, data->'after'->>'id' as entry
      from mostrador.event where subject_type = 'order' and subject_id = ${id} order by position`
    await until("all is told", async () => (await rows()).length === 3)
    expect([...(await rows())]).toMatchObject([
      { name: "order.placed", version: 1, actor: { type: "guest" }, before: null, entry: `placed:${id}` },
      { name: "order.captured", version: 2, actor: { type: "system" } },
      { name: "order.canceled", version: 3, actor: { type: "system" }, entry: `canceled:${id}` },
    ])
  })

  const eventsOf = async (id: string) => [
    ...(await shop.database.sql<{ name: string; actor: object; after: { occurred_at: string } }[]>`
      select name, actor, data->'after' as after from mostrador.event
      where subject_type = 'order' and subject_id = ${id} order by position`),
  ]
  const untilTold = (id: string, count: number) => until("it is told", async () => (await eventsOf(id)).length >= count)

  it("tell of an order that was a draft when it becomes one, however old the draft is", async () => {
    const { sql } = shop.database
    const draft = await write.draft(24)
    await sql`
      insert into mostrador.order_story (order_id, due_at) values (${draft}, now()) on conflict do nothing`
    await until(
      "it is looked at",
      async () =>
        (
          await sql`
      select from mostrador.order_story where order_id = ${draft}`
        ).length === 0,
    )
    expect(await eventsOf(draft)).toEqual([])
    const before = Date.now()
    await write.convert(draft)
    await untilTold(draft, 1)
    const [placed, ...more] = await eventsOf(draft)
    expect([placed?.name, more]).toEqual(["order.placed", []])
    expect(Date.parse(placed?.after.occurred_at ?? "")).toBeGreaterThanOrEqual(before - 1_000)
    // The hour in which it may be canceled begins with that, too.
    const { token } = bodyOf(
      await post(shop.counter.url, `/store/orders/${draft}/access`, { email: "vega@example.com" }),
    )
    const path = `/store/orders/${draft}/timeline?token=${token}`
    const { cancellation, timeline } = bodyOf(await ask(shop.counter.url, path, { headers: webKey() })) as {
      cancellation: { is_possible: boolean; until: string }
      timeline: { occurred_at: string }[]
    }
    expect(cancellation.is_possible).toBe(true)
    expect(Date.parse(cancellation.until) - Date.parse(timeline[0]?.occurred_at ?? "")).toBe(3600_000)
  })

  it("call the shopper of a placed order a guest unless he has an account", async () => {
    const { sql } = shop.database
    const [guest, customer] = [await write.place(), await write.place()]
    await sql`
      insert into customer (id, email, has_account)
      values (${`cus_${guest}`}, ${`${guest}@example.com`}, false), (${`cus_${customer}`}, ${`${customer}@example.com`}, true)`
    for (const id of [guest, customer]) {
      await sql`update "order" set customer_id = ${`cus_${id}`} where id = ${id}`
      // As Medusa leaves it, with its customer from the beginning.
      await untilTold(id, 1)
      await sql`delete from mostrador.event where subject_id = ${id}`
      await sql`delete from mostrador.order_story where order_id = ${id}`
      await sql`update "order" set updated_at = now() where id = ${id}`
      await untilTold(id, 1)
    }
    expect([...(await eventsOf(guest)), ...(await eventsOf(customer))].map((it) => it.actor)).toEqual([
      { type: "guest", id: null },
      { type: "customer", id: `cus_${customer}` },
    ])
  })

  it("tell of a tracking number that is added when the parcel is on its way already", async () => {
    const id = await write.place()
    const fulfillment = await write.fulfill(id)
    await write.ship(fulfillment)
    await untilTold(id, 3)
    // Staff are not so quick.
    await shop.database.sql`
      update fulfillment set shipped_at = now() - interval '1 minute' where id = ${fulfillment}`
    await write.label(fulfillment, "ES-9")
    await untilTold(id, 4)
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      ...{ name: "order.tracking_added", after: { code: "tracking_added", tracking: [{ number: "ES-9" }] } },
    })
  })

  it("tell nothing of drafts, and of what is deleted nothing more", async () => {
    const { sql } = shop.database
    const [draft, gone, toldAndGone] = [await write.place(), await write.place(), await write.place()]
    await sql`update "order" set is_draft_order = true where id = ${draft}`
    await sql`delete from "order" where id = ${gone}`
    await untilTold(toldAndGone, 1)
    await sql`delete from "order" where id = ${toldAndGone}`
    const marker = await write.place()
    const told = (id: string) => sql`select from mostrador.event where subject_id = ${id}`
    await until("a later one is told", async () => (await told(marker)).length === 1)
    await until("nothing is left to be told", async () => {
      const [row] = await sql`select count(*)::int as due from mostrador.order_story where due_at is not null`
      return row?.due === 0
    })
    const left = await sql`select from mostrador.order_story where order_id in (${gone}, ${toldAndGone})`
    expect(left).toHaveLength(0)
    const answer = await post(shop.counter.url, `/store/orders/${draft}/access`, { email: "vega@example.com" })
    expect(answer.status).toBe(404)
  })

  it("wait for nobody whose rows cannot be read: they are set aside", async () => {
    const { sql } = shop.database
    const odd = await write.place()
    await until(
      "it is told",
      async () => (await sql`select from mostrador.event where subject_id = ${odd}`).length === 1,
    )
    // What no plugin should write, and no reader can make a number of.
    await sql`insert into order_change (id, order_id, version, status, confirmed_at) values (${`ordch_${odd}`}, ${odd}, 1, 'confirmed', now())`
    await sql`
      insert into order_change_action (id, order_id, order_change_id, action, details)
      values (${`ordchact_${odd}`}, ${odd}, ${`ordch_${odd}`}, 'FULFILL_ITEM', '{"quantity": "many"}')`
    await sql`update "order" set updated_at = now() where id = ${odd}`
    const well = await write.place()
    await until(
      "the other is told",
      async () => (await sql`select from mostrador.event where subject_id = ${well}`).length === 1,
    )
    await until("the odd one is set aside", async () => {
      const rows =
        await sql`select from mostrador.order_story where order_id = ${odd} and due_at > now() + interval '50 minutes'`
      return rows.length === 1
    })
  })
})
