import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { demo } from "../../support/counter.ts"
import { follow, type LiveDevice } from "../../support/events.ts"
import { ask, until } from "../../support/http.ts"
import { bodyOf, type Ordered, placeOrder, post, webKey } from "../../support/orders.ts"
import { openStoryShop, type StoryShop } from "./shop.ts"

let shop: StoryShop
beforeAll(async () => {
  shop = await openStoryShop()
}, 300_000)
afterAll(async () => await shop?.close())

const followOrder = (order: Ordered, token: string, from: string, counter: 0 | 1) =>
  follow(`${shop.counters[counter].url}/store/orders/${order.id}/stream?token=${token}`, {
    ...{ ...webKey(), "last-event-id": from },
  })
const names = (device: LiveDevice) => device.events.map((it) => it.name)

describe("an order's story, as staff write it in the dashboard", () => {
  it("is told from placing to refund, step by step, on every counter, with nothing lost or told twice", async () => {
    const order = await placeOrder(shop.counters[0].url, { variant: "kit", quantity: 2 })
    const token = await shop.tokenFor(order)
    const [line] = order.items
    const items = [{ id: line?.id ?? "", quantity: 2 }]
    const live = await followOrder(order, token, "0", 1)
    let resumed = await followOrder(order, token, "0", 0)
    const heard: string[] = []
    const told: string[] = []

    /** After each step the timeline has it, both streams tell it, and the one that comes back each time misses nothing. */
    const step = async (...codes: string[]) => {
      told.push(...codes.map((it) => `order.${it}`))
      await until(`${codes} is told live`, () => live.events.length >= told.length, 10)
      await until(`${codes} is told to who came back`, () => heard.length + resumed.events.length >= told.length, 10)
      expect(names(live)).toEqual(told)
      expect([...heard, ...names(resumed)]).toEqual(told)
      const { timeline } = await shop.timeline(order)
      expect(timeline.map((it) => `order.${it.code}`)).toEqual(told)
      expect(live.events.map((it) => it.data)).toEqual(timeline)
      heard.push(...names(resumed))
      resumed.leave()
      resumed = await followOrder(order, token, resumed.lastId, (told.length % 2) as 0 | 1)
      return timeline.at(-1)
    }

    expect(await step("placed")).toMatchObject({
      ...{ message: "We have received your order.", channel: { id: expect.stringMatching(/^sc_/) } },
      lines: [{ line_item_id: line?.id, title: line?.title, quantity: 2 }],
    })
    const payment = await shop.paymentOf(order)
    await shop.staff(`/admin/payments/${payment}/capture`)
    const captured = await step("captured")
    expect(captured).toMatchObject({ amount: expect.any(Number), currency_code: "eur" })
    expect(captured?.message).toMatch(/^We have received your payment of €\d+\.\d\d\.$/)

    const at = `/admin/orders/${order.id}/fulfillments`
    await shop.staff(at, { items })
    const fulfilled = await step("fulfilled")
    expect(fulfilled).toMatchObject({
      lines: [{ line_item_id: line?.id, quantity: 2 }],
      place: { name: expect.any(String) },
    })
    const fulfillment = (fulfilled?.id ?? "").split(":")[1]
    const label = { tracking_number: "ES-778-1", tracking_url: "https://carrier.example.com/ES-778-1", label_url: "#" }
    await shop.staff(`${at}/${fulfillment}/shipments`, { items, labels: [label] })
    expect(await step("shipped")).toMatchObject({
      tracking: [{ number: "ES-778-1", url: "https://carrier.example.com/ES-778-1", label_url: null }],
      message: `Your order is on its way from ${fulfilled?.place?.name}. Tracking number: ES-778-1.`,
    })
    await shop.staff(`${at}/${fulfillment}/mark-as-delivered`)
    expect(await step("delivered")).toMatchObject({ lines: [{ line_item_id: line?.id, quantity: 2 }] })

    const begun = await shop.staff("/admin/returns", { order_id: order.id, location_id: fulfilled?.place?.id })
    const { id } = begun.return as { id: string }
    await shop.staff(`/admin/returns/${id}/request-items`, { items: [{ id: line?.id, quantity: 1 }] })
    await shop.staff(`/admin/returns/${id}/request`)
    expect(await step("return_requested")).toMatchObject({ lines: [{ quantity: 1 }], place: fulfilled?.place })
    await shop.staff(`/admin/returns/${id}/receive`)
    await shop.staff(`/admin/returns/${id}/receive-items`, { items: [{ id: line?.id, quantity: 1 }] })
    await shop.staff(`/admin/returns/${id}/receive/confirm`)
    expect(await step("returned")).toMatchObject({ lines: [{ line_item_id: line?.id, quantity: 1 }] })
    await shop.staff(`/admin/payments/${payment}/refund`, { amount: 3.5 })
    expect(await step("refunded")).toMatchObject({ amount: 3.5, message: "We have refunded €3.50 to you." })
    for (const it of [live, resumed]) it.leave()

    const spanish = await shop.timeline(order, { "accept-language": "fr, es-MX;q=0.9, en;q=0.5" })
    expect(spanish.timeline.at(-1)?.message.replace(/\s/g, " ")).toBe("Te hemos devuelto 3,50 €.")
    expect(spanish.timeline[0]?.message).toBe("Hemos recibido tu pedido.")
    // The log has each once, though two counters have followed all along.
    expect(await shop.told(order)).toEqual(told)
  })

  it("tells of an order that was placed at Medusa's own door, once, as of one that came through the counter", async () => {
    const through = await placeOrder(shop.counters[0].url)
    await until("it is told", async () => (await shop.told(through)).length > 0)
    const { sql } = shop.database
    // As Medusa leaves it, of which no counter hears but by the rows.
    await sql`delete from mostrador.event where subject_id = ${through.id}`
    await sql`delete from mostrador.order_story where order_id = ${through.id}`
    await sql`update "order" set updated_at = now() where id = ${through.id}`
    await until("it is told by who follows", async () => (await shop.told(through)).length > 0)
    await sql`update "order" set updated_at = now() where id = ${through.id}`
    const { cursor } = await shop.timeline(through)
    expect([await shop.told(through), cursor]).toEqual([["order.placed"], "1"])
  })

  it("tells of an edit what each line was and is, also of what was removed", async () => {
    const order = await placeOrder(shop.counters[0].url, { variant: "unmanaged", quantity: 2 })
    const [line] = order.items
    const { kit } = demo().variants
    const edit = async (change: (path: string) => Promise<unknown>) => {
      await shop.staff("/admin/order-edits", { order_id: order.id })
      await change(`/admin/order-edits/${order.id}/items`)
      await shop.staff(`/admin/order-edits/${order.id}/request`)
      await shop.staff(`/admin/order-edits/${order.id}/confirm`)
      const { timeline } = await shop.timeline(order)
      const { code, lines } = timeline.at(-1) ?? { code: "", lines: [] }
      expect(code).toBe("edited")
      return lines.map(({ line_item_id, quantity, previous_quantity }) => [
        ...[line_item_id === line?.id ? "first" : "other", previous_quantity, quantity],
      ])
    }
    const raised = await edit(async (path) => {
      await shop.staff(`${path}/item/${line?.id}`, { quantity: 5 })
      await shop.staff(path, { items: [{ variant_id: kit, quantity: 1 }] })
    })
    expect([...raised].sort()).toEqual([
      ["first", 2, 5],
      ["other", 0, 1],
    ])
    expect(await edit((path) => shop.staff(`${path}/item/${line?.id}`, { quantity: 0 }))).toEqual([["first", 5, 0]])
    const { timeline } = await shop.timeline(order)
    expect(timeline.at(-1)?.lines[0]?.title).toBe(line?.title)
    expect(await shop.told(order)).toEqual(["order.placed", "order.edited", "order.edited"])
    expect((await shop.cancel(order, await shop.tokenFor(order))).status).toBe(200)
  })

  it("begins, for what was a draft, when staff make an order of it, with the lines that it has then", async () => {
    const { sql } = shop.database
    const { draft_order } = await shop.staff("/admin/draft-orders", {
      ...{ email: "vega@example.com", region_id: demo().regions.es, shipping_methods: [] },
      ...{ sales_channel_id: demo().channels.web.sales_channel_id },
      items: [{ variant_id: demo().variants.unmanaged, quantity: 1 }],
    })
    const { id, items } = draft_order as { id: string; items: { id: string }[] }
    const draft = { id, email: "vega@example.com", items: [] }
    const at = `/admin/draft-orders/${id}/edit`
    await shop.staff(at)
    await shop.staff(`${at}/items/item/${items[0]?.id}`, { quantity: 3 })
    await shop.staff(`${at}/confirm`)
    await sql`update "order" set created_at = now() - interval '3 hours' where id = ${id}`
    await shop.staff(`/admin/draft-orders/${id}/convert-to-order`)
    await until("it is told", async () => (await shop.told(draft)).length > 0)
    const { timeline, cancellation } = await shop.timeline(draft)
    expect(timeline.map(({ code, lines }) => [code, lines.map((it) => it.quantity)])).toEqual([["placed", [3]]])
    expect(Date.parse(timeline[0]?.occurred_at ?? "")).toBeGreaterThan(Date.now() - 60_000)
    expect(cancellation.is_possible).toBe(true)
    expect((await shop.cancel(draft, await shop.tokenFor(draft))).status).toBe(200)
    expect(await shop.told(draft)).toEqual(["order.placed", "order.canceled"])
  })

  it("calls the shopper of an order that Medusa has placed a guest, who has no account", async () => {
    const order = await placeOrder(shop.counters[0].url)
    const { sql } = shop.database
    await until("it is told", async () => (await shop.told(order)).length > 0)
    // As Medusa leaves it, of which no counter hears but by the rows.
    await sql`delete from mostrador.event where subject_id = ${order.id}`
    await sql`delete from mostrador.order_story where order_id = ${order.id}`
    await sql`update "order" set updated_at = now() where id = ${order.id}`
    await until("it is told by who follows", async () => (await shop.told(order)).length > 0)
    const [row] = await sql`
      select event.actor, own.customer_id is not null as is_known from mostrador.event
      join "order" own on own.id = event.subject_id where subject_id = ${order.id}`
    expect(row).toEqual({ actor: { type: "guest", id: null }, is_known: true })
  })

  it("says nothing of what was there before anybody followed", async () => {
    const { sql } = shop.database
    const order = await placeOrder(shop.counters[0].url)
    await until("it is told", async () => (await shop.told(order)).length > 0)
    await sql`delete from mostrador.event where subject_id = ${order.id}`
    await sql`delete from mostrador.order_story where order_id = ${order.id}`
    await sql`update "order" set created_at = '2020-01-01' where id = ${order.id}`
    const { timeline, cursor } = await shop.timeline(order)
    expect([timeline.map((it) => it.code), cursor, await shop.told(order)]).toEqual([["placed"], "1", []])
  })

  it("is open to its customer with the token that Medusa gives him, or its session, and to no other customer", async () => {
    const { url } = shop.counters[0]
    const logIn = async (index: number) => {
      const { email, password } = demo().customers[index] ?? { email: "", password: "" }
      const { token } = bodyOf(await post(url, "/auth/customer/emailpass", { email, password }))
      const headers = { authorization: `Bearer ${token}` }
      const session = await post(url, "/auth/session", {}, headers)
      return { headers, cookie: { cookie: (session.headers.get("set-cookie") ?? "").split(";")[0] ?? "" } }
    }
    const [me, other] = [await logIn(0), await logIn(1)]
    const order = await placeOrder(url, { headers: me.headers })
    const timeline = (headers: Record<string, string>) =>
      ask(url, `/store/orders/${order.id}/timeline`, { headers: { ...webKey(), ...headers } })
    for (const headers of [me.headers, me.cookie]) expect((await timeline(headers)).status).toBe(200)
    for (const headers of [other.headers, other.cookie, {}, { cookie: "connect.sid=s%3Aforged" }]) {
      expect((await timeline(headers)).status).toBe(404)
    }
    const canceled = await post(url, `/store/orders/${order.id}/cancel`, undefined, me.cookie)
    expect(canceled.status).toBe(200)
    const [event] = await shop.database.sql`
      select actor from mostrador.event where subject_id = ${order.id} and name = 'order.canceled'`
    expect(event?.actor).toEqual({ type: "customer", id: expect.stringMatching(/^cus_/) })
  })

  it("counts its streams among all that may be open", async () => {
    const metrics = async () => (await ask(shop.counters[1].url, "/metrics")).text
    const order = await placeOrder(shop.counters[0].url)
    const device = await followOrder(order, await shop.tokenFor(order), "0", 1)
    await until("it is open", async () => (await metrics()).includes("mostrador_event_streams_open 1"))
    device.leave()
    await until("it is closed", async () => (await metrics()).includes("mostrador_event_streams_open 0"))
  })
})
