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
