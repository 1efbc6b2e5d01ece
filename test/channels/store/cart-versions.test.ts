import { beforeEach, expect, it } from "vitest"
import { demo } from "../../support/counter.ts"
import { ask, until } from "../../support/http.ts"
import { json, standInForFile } from "../../support/stand-in.ts"

const shop = standInForFile({ requestTimeoutSeconds: 2 })
const { arrived } = shop

let cart: string
let number = 0
beforeEach(async () => {
  cart = `cart_${number++}`
  await shop.database.sql`insert into cart (id, currency_code) values (${cart}, 'eur')`
  arrived.length = 0
  shop.answers = (_, response) => json(response, 200, { cart: { id: cart } }, { etag: 'W/"medusa"' })
})

const send = (method: string, path: string, headers: Record<string, string> = {}) =>
  ask(shop.counter.url, path, {
    method,
    headers: { "x-publishable-api-key": demo().channels.web.publishable_key, ...headers },
  })
const change = (headers?: Record<string, string>, path = "/line-items") =>
  send("POST", `/store/carts/${cart}${path}`, headers)
const tag = (answer: { headers: Headers }) => answer.headers.get("etag")

it("every change of a cart adds one to its version, which every answer about it carries", async () => {
  expect(tag(await send("GET", `/store/carts/${cart}`))).toBe('"0"')
  expect(tag(await change())).toBe('"1"')
  expect(tag(await change({}, ""))).toBe('"2"')
  expect(tag(await send("DELETE", `/STORE/Carts/${cart}/line-items/x/?fields=id`))).toBe('"3"')
  expect(tag(await change({}, "/complete?fields=id,items.variant.options"))).toBe('"4"')
  expect(tag(await send("POST", `/store/carts/${cart.replace("_", "%5F")}/taxes`))).toBe('"5"')
  const read = await send("GET", `/store/carts/${cart}`, { "if-none-match": '"5"' })
  expect([read.status, tag(read)]).toEqual([200, '"5"'])
  expect(read.headers.get("access-control-expose-headers")).toContain("ETag")
})

it("a new cart that Medusa makes is in version 1", async () => {
  expect(tag(await send("POST", "/store/carts", { "x-medusa-locale": "es-ES" }))).toBe('"1"')
  expect(tag(await send("GET", `/store/carts/${cart}`))).toBe('"1"')
  expect(tag(await change())).toBe('"2"')
})

it("a new cart that Medusa makes, and one that it completes, are events", async () => {
  await shop.database.sql`delete from mostrador.event`
  await send("POST", "/store/carts", { "x-medusa-locale": "es-ES" })
  shop.answers = async (_, response) => {
    await shop.database.sql`update cart set completed_at = now() where id = ${cart}`
    json(response, 200, { type: "order", order: {} })
  }
  await change({}, "/complete?fields=id,items.variant.options")
  const events = await shop.database.sql`
    select name, version::int as version, data from mostrador.event where subject_id = ${cart} order by position`
  expect(events).toEqual([
    {
      name: "cart.created",
      version: 1,
      data: { before: null, after: expect.objectContaining({ currency_code: "eur" }) },
    },
    {
      ...{ name: "cart.completed", version: 2 },
      data: { before: { completed_at: null }, after: { completed_at: expect.stringMatching(/^\d{4}-/) } },
    },
  ])
})

it("while Medusa is asked for what is to be paid for a cart, the cart is nobody else's, and stays in its version", async () => {
  await change()
  const collection = `pay_col_${cart}`
  const { sql } = shop.database
  await sql`
    insert into payment_collection (id, currency_code, amount, raw_amount)
    values (${collection}, 'eur', 1, '{"value":"1","precision":20}')`
  await sql`
    insert into cart_payment_collection (id, cart_id, payment_collection_id)
    values (${`cartpay_${cart}`}, ${cart}, ${collection})`
  const isHeld = async () => {
    const [row] = await sql`
      select pg_try_advisory_xact_lock(hashtextextended(${`mostrador:cart:${cart}`}, 0)) as free`
    return row?.free === false
  }
  const seen: boolean[] = []
  shop.answers = async (_, response) => {
    seen.push(await isHeld())
    json(response, 200, { payment_collection: { id: collection } })
  }
  const post = (path: string, body: object) =>
    ask(shop.counter.url, path, {
      method: "POST",
      headers: { "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      body: JSON.stringify(body),
    })
  const made = await post("/store/payment-collections?fields=id", { cart_id: cart })
  const begun = await post(`/store/payment-collections/${collection}/payment-sessions`, { provider_id: "pp_system" })
  expect([made.status, begun.status, seen]).toEqual([200, 200, [true, true]])
  expect(await isHeld()).toBe(false)
  shop.answers = (_, response) => json(response, 200, { cart: { id: cart } })
  expect(tag(await send("GET", `/store/carts/${cart}`))).toBe('"1"')
  expect((await post("/store/payment-collections", {})).status).toBe(200)
  const odd = await post("/store/payment-collections", { cart_id: "cart\0" })
  expect([odd.status, odd.body]).toMatchObject([400, { type: "invalid_data" }])
})

it("what Medusa refuses leaves the version, and an unknown cart has none", async () => {
  await change()
  shop.answers = (_, response) => json(response, 400, {}, { etag: 'W/"medusa"' })
  const refused = await change()
  expect([refused.status, tag(refused)]).toEqual([400, 'W/"medusa"'])
  expect(tag(await send("POST", "/store/carts/cart_unknown/line-items"))).toBe('W/"medusa"')
  shop.answers = (_, response) => json(response, 200, {})
  expect(tag(await send("GET", `/store/carts/${cart}`))).toBe('"1"')
})

it("a change that is meant for an older version is refused with the cart as it is, and Medusa does not hear of it", async () => {
  await change()
  await change()
  arrived.length = 0
  const headers = { "if-match": '"1"', authorization: "Bearer x", origin: "http://localhost:8000" }
  const refused = await change(headers)
  expect(refused.status).toBe(412)
  expect(refused.body).toEqual({
    type: "conflict",
    code: "version_conflict",
    message: expect.stringContaining("version 2"),
    cart: { id: cart },
  })
  expect([tag(refused), refused.headers.get("access-control-allow-origin")]).toEqual(['"2"', headers.origin])
  expect(arrived.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /store/carts/${cart}`])
  expect(arrived[0]?.headers.authorization).toBe("Bearer x")

  for (const fitting of ['"2"', '"1", "3"', 'W/"4"', "*"])
    expect((await change({ "if-match": fitting })).status).toBe(200)
  expect((await change({ "if-match": "6" })).status).toBe(400)
})

it("who may not see the cart is told by Medusa, not shown it", async () => {
  await change()
  shop.answers = (_, response) => json(response, 404, { type: "not_found", message: "no" })
  const refused = await change({ "if-match": '"0"' })
  expect([refused.status, refused.body]).toEqual([404, { type: "not_found", message: "no" }])
})

it("a cart has one writer at a time, others wait and different carts do not", async () => {
  const waiting: (() => void)[] = []
  let [inside, most] = [0, 0]
  shop.answers = ({ path }, response) => {
    const isThis = path.includes(`${cart}/`)
    if (isThis) most = Math.max(most, ++inside)
    waiting.push(() => {
      if (isThis) inside--
      json(response, 200, {})
    })
  }
  const changes = Array.from({ length: 5 }, () => change())
  const other = send("POST", "/store/carts/cart_0/line-items")
  await until("one of each cart is at Medusa", () => arrived.length === 2)
  for (let done = 0; done < 6; done++) {
    await until("the next one is at Medusa", () => waiting.length > 0)
    waiting.shift()?.()
  }
  expect((await Promise.all(changes)).map(tag).sort()).toEqual(['"1"', '"2"', '"3"', '"4"', '"5"'])
  expect((await other).status).toBe(200)
  expect(most).toBe(1)
})

it("a change whose answer never came counts, and one whose client left is waited for", async () => {
  shop.answers = (_, response) => response.destroy()
  expect((await change()).status).toBe(503)
  shop.answers = (_, response) => json(response, 200, {})
  expect(tag(await send("GET", `/store/carts/${cart}`))).toBe('"1"')

  let finish = () => {}
  shop.answers = (_, response) => {
    finish = () => json(response, 200, {})
  }
  arrived.length = 0
  const leaving = new AbortController()
  const left = fetch(`${shop.counter.url}/store/carts/${cart}`, {
    method: "POST",
    headers: { "x-publishable-api-key": demo().channels.web.publishable_key },
    signal: leaving.signal,
  })
  await until("it is at Medusa", () => arrived.length === 1)
  leaving.abort()
  await expect(left).rejects.toThrow()
  const next = change()
  finish()
  await until("the next one is at Medusa", () => arrived.length === 2)
  finish()
  expect(tag(await next)).toBe('"3"')
})

it("a change under a key gives its first answer again with the version of then", async () => {
  const keyed = { "idempotency-key": `key-${cart}`, "if-match": '"0"' }
  const first = await change(keyed)
  await change()
  const again = await change(keyed)
  expect([tag(first), tag(again), again.headers.get("idempotency-replayed")]).toEqual(['"1"', '"1"', "true"])
  expect(tag(await send("GET", `/store/carts/${cart}`))).toBe('"2"')
})
