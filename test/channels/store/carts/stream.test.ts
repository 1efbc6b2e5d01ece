import { fork } from "node:child_process"
import path from "node:path"
import { sign } from "hono/jwt"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { cartPositions } from "../../../../src/channels/live/index.ts"
import { hashOfToken, readSnapshot } from "../../../../src/commerce/carts/index.ts"
import { warnOfExpiring } from "../../../../src/commerce/checkout/index.ts"
import { loadConfig } from "../../../../src/config.ts"
import type { OpenCounter } from "../../../../src/server.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { follow, type LiveDevice } from "../../../support/events.ts"
import { ask, until } from "../../../support/http.ts"
import { bodyOf, fillCart, post, webKey } from "../../../support/orders.ts"

const { jwtSecret } = loadConfig({})
const positions = cartPositions(jwtSecret)
const shop = counterForFile({ liveHeartbeatSeconds: 0.3, cartMerge: "sum", cartAccess: "owner", holdMinutes: 10 })
let other: OpenCounter
/** As Medusa and everybody else is connected: not by the counter's name. */
let stranger: postgres.Sql
beforeAll(async () => {
  other = await openTestCounter(shop.database.url, {
    liveHeartbeatSeconds: 0.3,
    cartMerge: "sum",
    cartAccess: "owner",
    holdMinutes: 10,
  })
  stranger = postgres(shop.database.url, { max: 1, onnotice: () => {} })
  await untilBuilt(shop.database, 60)
})
afterAll(async () => {
  await stranger?.end()
  await other?.close()
})

type Data = Record<string, unknown> & {
  id: string
  what: { lines: unknown[]; changed: string[]; merge?: unknown }
  cart: Cart
}
type Cart = { id: string; items: { id: string; quantity: number; title: string }[] }

const tokenOf = (customer: string, seconds = 3600) =>
  sign(
    { actor_id: customer, actor_type: "customer", auth_identity_id: "x", exp: Math.floor(Date.now() / 1000) + seconds },
    jwtSecret,
  )
let customers = 0
async function newCustomer(): Promise<{ id: string; headers: { authorization: string } }> {
  const id = `cus_live_${customers++}`
  await shop.database.sql`
    insert into customer (id, email, has_account, first_name) values (${id}, ${`${id}@example.com`}, true, 'Vega')`
  return { id, headers: { authorization: `Bearer ${await tokenOf(id)}` } }
}

async function newCart(headers: Record<string, string> = {}): Promise<string> {
  const { cart } = bodyOf(await post(shop.counter.url, "/store/carts", { region_id: demo().regions.es }, headers))
  return (cart as Cart).id
}
const add = async (cart: string, quantity = 1, { url = shop.counter.url, headers = {} } = {}) => {
  const body = { variant_id: demo().variants.unmanaged, quantity }
  return bodyOf(await post(url, `/store/carts/${cart}/line-items`, body, headers)).cart as Cart
}
const open = async (cart: string, { url = shop.counter.url, from = "", headers = {} as Record<string, string> } = {}) =>
  await follow(`${url}/store/carts/${cart}/stream`, {
    ...{ ...webKey(), ...(from ? { "last-event-id": from } : {}), ...headers },
  })
/** Once it is live: it is among those who look. */
async function opened(cart: string, options: Parameters<typeof open>[1] = {}): Promise<LiveDevice> {
  const device = await open(cart, options)
  expect(device.status).toBe(200)
  await until("it is live", () => names(device, true).includes("presence"), 5)
  return device
}
const names = (device: LiveDevice, all = false) =>
  device.events.map((it) => it.name).filter((it) => all || it !== "presence")
const told = (device: LiveDevice) =>
  device.events.flatMap((it) => (it.name === "presence" ? [] : [{ name: it.name, ...(it.data as unknown as Data) }]))
const hears = (device: LiveDevice, name: string, times = 1) =>
  until(`${name} is told`, () => names(device, true).filter((it) => it === name).length >= times, 5)
const ids = (device: LiveDevice) => told(device).map((it) => it.id)

describe("who follows a cart", () => {
  it("sees on every counter who changes what, and the new cart, as the cart's own answer shows it", async () => {
    const cart = await newCart()
    const here = await opened(cart)
    const there = await opened(cart, { url: other.url })
    await add(cart, 2, { headers: { "x-device-id": "phone" } })
    await Promise.all([hears(here, "cart.line_added"), hears(there, "cart.line_added")])
    const [event] = told(here)
    expect(event).toMatchObject({
      ...{ version: 2, actor: { type: "guest" }, channel: demo().channels.web.sales_channel_id, device: "phone" },
      what: { lines: [{ quantity: { from: 0, to: 2 } }] },
    })
    const { cart: shown } = bodyOf(await ask(shop.counter.url, `/store/carts/${cart}`, { headers: webKey() }))
    expect(event?.cart).toEqual(shown)
    expect(told(there)).toEqual(told(here))

    const line = event?.cart.items[0]
    await post(other.url, `/store/carts/${cart}/line-items/${line?.id}`, { quantity: 5 })
    await hears(here, "cart.line_updated")
    expect(told(here)[1]?.what.lines).toMatchObject([
      { id: line?.id, title: line?.title, quantity: { from: 2, to: 5 } },
    ])
    const deleted = await ask(shop.counter.url, `/store/carts/${cart}/line-items/${line?.id}`, {
      ...{ method: "DELETE", headers: webKey() },
    })
    expect(deleted.status).toBe(200)
    await hears(there, "cart.line_removed")
    expect(told(there)[2]?.what.lines).toMatchObject([{ quantity: { from: 5, to: 0 } }])
    for (const it of [here, there]) it.leave()
  })

  it("loses nothing and hears nothing twice when he comes back again and again, to one counter or another", async () => {
    const cart = await newCart()
    const first = await opened(cart)
    let from = first.lastId
    first.leave()
    const CHANGES = 40
    const changing = (async () => {
      for (let n = 0; n < CHANGES; n++) await add(cart, 1, { url: n % 2 ? other.url : shop.counter.url })
    })()
    const heard: string[] = []
    for (let turn = 0; heard.length < CHANGES; turn++) {
      const device = await open(cart, { url: turn % 2 ? shop.counter.url : other.url, from })
      await until("there is something new", () => told(device).length > 0, 10)
      device.leave()
      heard.push(...ids(device))
      from = device.lastId
    }
    await changing
    const rows = await shop.database.sql<{ id: string }[]>`
      select id from mostrador.event where subject_id = ${cart} and name <> 'cart.created' order by position`
    expect(heard).toEqual(rows.map((it) => it.id))
  })

  it("goes on in the middle of what came at once", async () => {
    const cart = await newCart()
    const first = await opened(cart)
    first.leave()
    for (let n = 0; n < 4; n++) await add(cart)
    const all = await opened(cart, { from: first.lastId })
    expect(names(all)).toEqual(Array(4).fill("cart.line_added"))
    const batch = ids(all)
    const places = [...all.text.matchAll(/data: \{"id":"(evt_\w+)".*\nid: (.+)\n/g)].map(([, id, place]) => ({
      id,
      place,
    }))
    expect(places).toHaveLength(4)
    for (const [index, { place }] of places.entries()) {
      await add(cart)
      const rest = await opened(cart, { from: place ?? "" })
      const known = batch.slice(index + 1)
      expect(ids(rest).slice(0, known.length)).toEqual(known)
      expect(ids(rest)).toHaveLength(known.length + index + 1)
      expect(new Set(ids(rest)).size).toBe(ids(rest).length)
      rest.leave()
    }
    all.leave()
  })

  it("loses nothing of what is committed after what was begun later", async () => {
    const { sql } = shop.database
    const cart = await newCart()
    const device = await opened(cart)
    const record = (tx: postgres.ISql, name: string) => tx`
      insert into mostrador.event (id, name, subject_type, subject_id, actor, data)
      values (${`evt_${cart}_${name}`}, ${name}, 'cart', ${cart}, '{"type":"system","id":null}', '{}')`
    await sql.begin(async (tx) => {
      await record(tx, "cart.first")
      await record(sql, "cart.second")
      await hears(device, "cart.second")
      device.leave()
    })
    const back = await opened(cart, { from: device.lastId })
    expect(names(back)).toEqual(["cart.first"])
    back.leave()
  })

  it("hears what others than the counter do to the cart, once, with the new cart", async () => {
    const cart = await newCart()
    await add(cart, 2)
    const device = await opened(cart)
    await stranger`update cart_line_item set quantity = 7 where cart_id = ${cart}`
    await hears(device, "cart.changed")
    expect(told(device)).toMatchObject([{ actor: { type: "system" }, cart: { items: [{ quantity: 7 }] } }])
    await stranger`
      update cart_line_item_tax_line set rate = 5 where item_id in (select id from cart_line_item where cart_id = ${cart})`
    await hears(device, "cart.changed", 2)
    await add(cart, 1)
    await hears(device, "cart.line_added")
    expect(names(device)).toEqual(["cart.changed", "cart.changed", "cart.line_added"])
    expect(await shop.database.sql`select from mostrador.cart_touched where cart_id = ${cart}`).toHaveLength(0)
    device.leave()
  })

  it("is warned once before a hold runs out, and told when it has", async () => {
    const { sql } = shop.database
    const { cart, collection } = await fillCart(shop.counter.url)
    const device = await opened(cart)
    bodyOf(
      await post(shop.counter.url, `/store/payment-collections/${collection}/payment-sessions`, {
        provider_id: "pp_system_default",
      }),
    )
    await sql`update mostrador.stock_hold set expires_at = now() + interval '50 seconds' where cart_id = ${cart}`
    await warnOfExpiring(sql)
    await warnOfExpiring(sql)
    await hears(device, "cart.hold_expiring")
    expect(told(device).find((it) => it.name === "cart.hold_expiring")).toMatchObject({
      hold: { expires_at: expect.stringMatching(/Z$/) },
    })
    await sql`update mostrador.stock_hold set expires_at = now() where cart_id = ${cart}`
    await until("it has expired", () => names(device).includes("cart.hold_expired"), 15)
    expect(names(device).filter((it) => it === "cart.hold_expiring")).toHaveLength(1)
    device.leave()
  })

  it("hears that the cart is an order, which, and then no more", async () => {
    const { cart, collection } = await fillCart(shop.counter.url, { email: "vega@example.com" })
    const device = await opened(cart)
    const sessions = `/store/payment-collections/${collection}/payment-sessions`
    bodyOf(await post(shop.counter.url, sessions, { provider_id: "pp_system_default" }))
    const { order } = bodyOf(await post(other.url, `/store/carts/${cart}/complete`)) as {
      order: { id: string; display_id: number }
    }
    await hears(device, "order.placed")
    expect(told(device).at(-1)).toMatchObject({ order: { id: order.id, display_id: order.display_id } })
    await until("it ends", () => device.isClosed, 5)
    await shop.database.sql`update cart set completed_at = now() - interval '2 minutes' where id = ${cart}`
    const again = await open(cart, { from: device.lastId })
    expect(again.status).toBe(204)
  })

  it("gets signs of life, with a place from which he can go on", async () => {
    const cart = await newCart()
    const device = await opened(cart)
    await until("there are some", () => device.text.split(": heartbeat\nid: ").length > 3, 5)
    const back = await opened(cart, { from: device.lastId })
    expect(told(back)).toEqual([])
    for (const it of [device, back]) it.leave()
  })

  it("is told that he cannot go on from a place that is too old, of another cart, or made up", async () => {
    const [cart, foreign] = [await newCart(), await newCart()]
    const seen = await readSnapshot(shop.database.sql)
    const refused = async (from: string) => {
      const answer = await ask(shop.counter.url, `/store/carts/${cart}/stream`, {
        headers: { ...webKey(), "last-event-id": from },
      })
      return [answer.status, (answer.body as { message: string }).message]
    }
    expect(await refused(positions.write(foreign, { seen }))).toEqual([400, expect.stringContaining("another cart")])
    expect(await refused("12")).toEqual([400, expect.stringContaining("not one that was given out")])
    const forged = Buffer.from(positions.write(cart, { seen }), "base64url")
      .toString("latin1")
      .replace(/\.\d+:/, ".9:")
    expect((await refused(Buffer.from(forged).toString("base64url")))[0]).toBe(400)
    expect((await refused(positions.write(cart, { seen: "900000000:900000000:" })))[0]).toBe(410)
    const old = positions.write(cart, { seen }, new Date(Date.now() - 31 * 86_400_000))
    expect(await refused(old)).toEqual([410, expect.stringContaining("too old")])
  })
})

describe("carts that meet", () => {
  it("go on in the streams of both, and in those that come back by either id", async () => {
    const { id, headers } = await newCustomer()
    const app = await newCart(headers)
    await add(app, 1, { headers })
    const web = await newCart()
    await add(web, 2)
    const onApp = await opened(app, { headers })
    const onWeb = await opened(web, { headers, url: other.url })
    const away = await opened(app, { headers })
    away.leave()
    bodyOf(await post(shop.counter.url, `/store/carts/${web}/customer`, {}, headers))
    await Promise.all([hears(onApp, "cart.merged"), hears(onWeb, "cart.merged")])
    expect(told(onApp)).toMatchObject([{ name: "cart.merged", cart: { id: web, items: [{ quantity: 3 }] } }])
    expect(told(onApp)[0]?.what.merge).toMatchObject({ policy: "sum", dropped: [] })
    await add(web, 1, { headers })
    await add(app, 1, { headers })
    await Promise.all([onApp, onWeb].map((it) => hears(it, "cart.line_added", 2)))
    expect(names(onApp)).toEqual(["cart.merged", "cart.line_added", "cart.line_added"])
    expect(ids(onWeb)).toEqual(ids(onApp))
    for (const presented of [app, web]) {
      const back = await opened(presented, { headers, from: away.lastId, url: other.url })
      expect(ids(back)).toEqual(ids(onApp))
      const now = await opened(presented, { headers, from: onApp.lastId })
      expect(told(now)).toEqual([])
      for (const it of [back, now]) it.leave()
    }
    for (const it of [onApp, onWeb]) it.leave()
    expect(id).toMatch(/^cus_/)
  })

  it("are all told to who has slept through sixty of them, and so is what comes then", async () => {
    const { headers } = await newCustomer()
    const first = await newCart(headers)
    const asleep = await opened(first, { headers })
    asleep.leave()
    let last = first
    for (let n = 0; n < 60; n++) {
      last = await newCart()
      bodyOf(await post(shop.counter.url, `/store/carts/${last}/customer`, {}, headers))
    }
    const back = await opened(first, { headers, from: asleep.lastId })
    expect(names(back)).toEqual(Array(60).fill("cart.merged"))
    await add(last, 1, { headers })
    await hears(back, "cart.line_added")
    expect(told(back).at(-1)?.cart.id).toBe(last)
    back.leave()
  })

  it("end the stream of who has no right to the one that survives, without a word of it", async () => {
    const { headers } = await newCustomer()
    const guest = await newCart()
    const device = await opened(guest)
    await add(await newCart(headers), 1, { headers })
    bodyOf(await post(shop.counter.url, `/store/carts/${guest}/customer`, {}, headers))
    await until("it is closed", () => device.isClosed, 5)
    expect(told(device)).toEqual([])
    const again = await open(guest, { from: device.lastId })
    expect(again.status).toBe(404)
    const owner = await opened(guest, { headers, from: device.lastId })
    expect(names(owner)).toContain("cart.merged")
    owner.leave()
  })
})

describe("a cart of a customer's", () => {
  const routes = (cart: string) =>
    [
      ["GET", `/store/carts/${cart}/stream`],
      ["POST", `/store/carts/${cart}/stream-ticket`],
      ["GET", `/store/carts/${cart}/history`],
    ] as const

  it("is followed by nobody else, whoever he is, as if it did not exist", async () => {
    const [owner, stranger] = [await newCustomer(), await newCustomer()]
    const cart = await newCart(owner.headers)
    const strangers: Record<string, string>[] = [
      {},
      stranger.headers,
      { authorization: `Bearer ${await tokenOf(owner.id, -10)}` },
      {
        authorization: `Bearer ${await sign({ actor_id: owner.id, actor_type: "customer" }, "another secret, not ours")}`,
      },
      { authorization: `Bearer ${await sign({ actor_id: owner.id, actor_type: "user" }, jwtSecret)}` },
      { "x-cart-token": "nobody's" },
    ]
    for (const [method, path] of [...routes(cart), ...routes("cart_unknown")]) {
      for (const headers of strangers) {
        const { status, body } = await ask(shop.counter.url, path, { method, headers: { ...webKey(), ...headers } })
        expect([path, status, (body as { type: string }).type]).toEqual([path, 404, "not_found"])
      }
      expect((await ask(shop.counter.url, path, { method })).status).toBe(400)
    }
    const { headers } = owner
    for (const [method, path] of routes(cart).slice(1)) {
      expect((await ask(shop.counter.url, path, { method, headers: { ...webKey(), ...headers } })).status).toBe(200)
    }
  })

  it("is followed until the customer's token expires", async () => {
    const { id, headers } = await newCustomer()
    const cart = await newCart(headers)
    const device = await opened(cart, { headers: { authorization: `Bearer ${await tokenOf(id, 2)}` } })
    await until("it is closed", () => device.isClosed, 6)
    expect((await open(cart, { headers: { authorization: `Bearer ${await tokenOf(id, -1)}` } })).status).toBe(404)
  })

  it("is followed by who has redeemed a code, until that ends", async () => {
    const { headers } = await newCustomer()
    const cart = await newCart(headers)
    const token = "claimed by a tablet"
    await shop.database.sql`
      insert into mostrador.cart_claim (token_hash, cart_id, expires_at)
      values (${hashOfToken(token)}, ${cart}, now() + interval '1 hour')`
    const device = await opened(cart, { headers: { "x-cart-token": token } })
    await add(cart, 1, { headers })
    await hears(device, "cart.line_added")
    await shop.database.sql`update mostrador.cart_claim set expires_at = now() where cart_id = ${cart}`
    await until("it is closed", () => device.isClosed, 5)
  })

  it("is followed no more by who had it when it is another's", async () => {
    const [was, is] = [await newCustomer(), await newCustomer()]
    const cart = await newCart(was.headers)
    const device = await opened(cart, was)
    await shop.database.sql`update mostrador.cart_owner set customer_id = ${is.id} where cart_id = ${cart}`
    await until("it is closed", () => device.isClosed, 5)
  })
})

describe("a ticket", () => {
  const ticketFor = async (cart: string, headers = {}) =>
    bodyOf(await post(shop.counter.url, `/store/carts/${cart}/stream-ticket`, undefined, headers)).ticket as string
  const withTicket = (cart: string, ticket: string, url = other.url) =>
    follow(
      `${url}/store/carts/${cart}/stream?ticket=${ticket}&publishable_api_key=${demo().channels.web.publishable_key}`,
      {},
    )

  it("opens its cart's stream once, at any counter, and is not in the database", async () => {
    const { headers } = await newCustomer()
    const cart = await newCart(headers)
    const ticket = await ticketFor(cart, { ...headers, "x-device-id": "browser" })
    const [row] = await shop.database.sql`
      select count(*)::int as count from mostrador.stream_ticket it where it::text like ${`%${ticket}%`}`
    expect(row?.count).toBe(0)
    const answers = await Promise.all([
      withTicket(cart, ticket),
      withTicket(cart, ticket),
      withTicket(cart, ticket, shop.counter.url),
    ])
    expect(answers.map((it) => it.status).sort()).toEqual([200, 401, 401])
    const device = answers.find((it) => it.status === 200)
    await add(cart, 1, { headers })
    if (device) await Promise.all([hears(device, "cart.line_added"), hears(device, "presence")])
    expect(device?.events.find((it) => it.name === "presence")?.data).toMatchObject({
      viewers: [{ device: "browser", actor: { type: "customer" } }],
    })
    for (const it of answers) it.leave()
  })

  it("opens nothing else, nothing after a minute, and nothing that its holder may not see any more", async () => {
    const { id, headers } = await newCustomer()
    const [cart, foreign] = [await newCart(headers), await newCart()]
    expect((await withTicket(foreign, await ticketFor(cart, headers))).status).toBe(401)
    expect((await withTicket("cart_unknown", await ticketFor(cart, headers))).status).toBe(401)
    expect((await withTicket(cart, "stk_guessed")).status).toBe(401)
    const late = await ticketFor(cart, headers)
    await shop.database.sql`update mostrador.stream_ticket set expires_at = now() where cart_id = ${cart}`
    expect((await withTicket(cart, late)).status).toBe(401)
    const lost = await ticketFor(cart, headers)
    await shop.database.sql`update mostrador.cart_owner set customer_id = 'cus_another' where customer_id = ${id}`
    expect((await withTicket(cart, lost)).status).toBe(404)
  })
})

describe("who looks at a cart now", () => {
  const viewers = (device: LiveDevice) =>
    device.events
      .filter((it) => it.name === "presence")
      .flatMap((it) => [it.data.viewers as { device: string }[]])
      .at(-1)
      ?.map((it) => it.device) ?? []

  it("is told to all, over all counters, as they come and go", async () => {
    const cart = await newCart()
    const phone = await opened(cart, { headers: { "x-device-id": "phone" } })
    const laptop = await opened(cart, { url: other.url, headers: { "x-device-id": "laptop" } })
    await until("both are seen", () => viewers(phone).length === 2 && viewers(laptop).length === 2, 5)
    expect(phone.events.at(-1)?.data).toMatchObject({ joined: [{ device: "laptop" }], left: [] })
    laptop.leave()
    await until("it is seen that he has left", () => viewers(phone).join() === "phone", 5)
    expect(phone.events.at(-1)?.data).toMatchObject({ joined: [], left: [{ device: "laptop" }] })
    phone.leave()
  })

  it("is forgotten with a counter that is killed, and its clients go on at another", async () => {
    const cart = await newCart()
    const phone = await opened(cart, { headers: { "x-device-id": "phone" } })
    const script = path.resolve(import.meta.dirname, "counter-process.ts")
    const child = fork(script, [shop.database.url, inject("cluster").dataDir], { execArgv: ["--import", "tsx"] })
    try {
      const url = await new Promise<string>((resolve, reject) => {
        child.once("message", (it) => resolve(String(it)))
        child.once("exit", () => reject(new Error("the counter did not open")))
      })
      const laptop = await opened(cart, { url, headers: { "x-device-id": "laptop" } })
      await until("he is seen", () => viewers(phone).includes("laptop"), 5)
      await add(cart)
      await hears(laptop, "cart.line_added")
      child.kill("SIGKILL")
      await until("it is closed", () => laptop.isClosed, 5)
      await add(cart)
      const back = await opened(cart, { url: other.url, from: laptop.lastId })
      expect(names(back)).toEqual(["cart.line_added"])
      await until("he is seen no more", () => !viewers(phone).includes("laptop"), 15)
      back.leave()
    } finally {
      child.kill("SIGKILL")
      phone.leave()
    }
  })
})

it("five hundred streams of one cart from one address are refused with the reason, and nobody else's", async () => {
  const [cart, another] = [await newCart(), await newCart()]
  const all = await Promise.all(Array.from({ length: 60 }, () => open(cart)))
  const refused = all.filter((it) => it.status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]?.headers["retry-after"]).toBe("5")
  expect((await opened(another)).status).toBe(200)
  for (const it of all) it.leave()
})

it("streams are told to come back when the counter closes", async () => {
  const cart = await newCart()
  const closing = await openTestCounter(shop.database.url)
  const device = await opened(cart, { url: closing.url })
  await closing.close()
  await until("it is closed", () => device.isClosed, 5)
  await add(cart)
  const back = await opened(cart, { from: device.lastId })
  expect(names(back)).toEqual(["cart.line_added"])
  back.leave()
})
