import { randomUUID } from "node:crypto"
import { sign } from "hono/jwt"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Config, loadConfig } from "../../../../src/config.ts"
import type { OpenCounter } from "../../../../src/server.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { ask, until } from "../../../support/http.ts"

// No Medusa is there: what a lane does not do itself fails.
const SHARED: Partial<Config> = { cartMerge: "sum", cartAccess: "owner" }
const shop = counterForFile(SHARED)
/** Where customers have as many carts as they begin. */
let apart: OpenCounter
/** What one process arranges among its requests, two have to leave to the database. */
let other: OpenCounter
beforeAll(async () => {
  other = await openTestCounter(shop.database.url, SHARED)
  apart = await openTestCounter(shop.database.url, { cartMerge: "off", cartAccess: "owner" })
  await untilBuilt(shop.database, 60)
})
afterAll(async () => await Promise.all([apart?.close(), other?.close()]))

/** Somebody with an account, and no cart yet. */
async function newCustomer() {
  const id = `cus_${randomUUID()}`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${`${id}@example.com`}, true)`
  const exp = Math.floor(Date.now() / 1000) + 3600
  const token = await sign({ exp, actor_type: "customer", actor_id: id }, loadConfig({}).jwtSecret, "HS256")
  return { id, headers: { authorization: `Bearer ${token}` } }
}
type Customer = Awaited<ReturnType<typeof newCustomer>>

interface Body {
  cart: { id: string; items: { quantity: number }[] }
}
const send = (method: string, path: string, headers: Record<string, string>, body?: object, at = shop.counter) =>
  ask(at.url, path, {
    method,
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
async function cartOf(answering: ReturnType<typeof send>) {
  const { status, body, text } = await answering
  expect([status, status === 200 ? "" : text]).toEqual([200, ""])
  return (body as Body).cart
}
const mine = ({ headers }: Customer) => cartOf(send("GET", "/store/customers/me/cart", headers))
const begin = (headers: Record<string, string>) =>
  cartOf(
    send("POST", "/store/carts", headers, {
      region_id: demo().regions.es,
      items: [{ variant_id: demo().variants.unmanaged, quantity: 2 }],
    }),
  )
const ownedBy = async ({ id }: Customer) =>
  await shop.database.sql`select from mostrador.cart_owner where customer_id = ${id}`

/** While the work runs, the database takes no change of a cart that is this customer's. */
async function whileRefusing(event: "insert" | "update", { id }: Customer, work: () => Promise<void>): Promise<void> {
  const { sql } = shop.database
  await sql.unsafe(`
    create function refuse_cart() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
    create trigger refuse_cart before ${event} on cart for each row
      when (new.customer_id = '${id}') execute function refuse_cart()`)
  try {
    await work()
  } finally {
    await sql`drop function refuse_cart cascade`
  }
}

describe("a customer whose first cart could not be written", () => {
  it("is left with none, and gets one when he asks again", async () => {
    const customer = await newCustomer()
    await whileRefusing("insert", customer, async () => {
      for (const [method, path] of [
        ["GET", "/store/customers/me/cart"],
        ["POST", "/store/carts"],
      ] as const) {
        const body = method === "POST" ? { region_id: demo().regions.es } : undefined
        expect([path, (await send(method, path, customer.headers, body)).status]).toEqual([path, 500])
      }
      expect(await ownedBy(customer)).toHaveLength(0)
    })
    const { id } = await begin(customer.headers)
    expect((await mine(customer)).id).toBe(id)
  })

  it("nor is somebody's a cart that could not be given to him, where carts are not shared", async () => {
    const customer = await newCustomer()
    const { id } = await begin({})
    await whileRefusing("update", customer, async () => {
      const refused = await send("POST", `/store/carts/${id}/customer`, customer.headers, undefined, apart)
      expect(refused.status).toBe(500)
    })
    expect(await ownedBy(customer)).toHaveLength(0)
    expect((await send("GET", `/store/carts/${id}`, {})).status).toBe(200)
  })
})

describe("sixteen devices at once", () => {
  const devices = <T>(work: (at: OpenCounter, device: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 16 }, (_, i) => work(i % 2 ? other : shop.counter, i)))

  it("that ask for a customer's first cart get one, and the same", async () => {
    for (let times = 0; times < 3; times++) {
      const customer = await newCustomer()
      const carts = await devices((at) =>
        cartOf(send("GET", "/store/customers/me/cart", customer.headers, undefined, at)),
      )
      expect(new Set(carts.map((it) => it.id)).size).toBe(1)
      expect(await ownedBy(customer)).toHaveLength(1)
    }
  })

  it("log in, each with a cart, and put more into it meanwhile: all of that is done, however often the cart moves", async () => {
    for (let times = 0; times < 3; times++) {
      const customer = await newCustomer()
      const carts = await devices(() => begin({}))
      const item = { variant_id: demo().variants.unmanaged, quantity: 1 }
      const done = await devices(async (at, i) => {
        const path = `/store/carts/${carts[i]?.id}`
        return await Promise.all([
          cartOf(send("POST", `${path}/customer`, customer.headers, undefined, at)),
          cartOf(send("POST", `${path}/line-items`, customer.headers, item, at)),
          cartOf(send("POST", "/store/carts", customer.headers, { items: [item] }, at)),
        ])
      })
      expect(done).toHaveLength(16)
      expect((await mine(customer)).items.map((it) => it.quantity)).toEqual([16 * (2 + 1 + 1)])
    }
  })
})

describe("a client that speaks a language of its own", () => {
  const spanish = { "x-medusa-locale": "es-ES" }

  it("gets the customer's open cart when it begins one, and a merge when it logs in with another", async () => {
    const customer = await newCustomer()
    const headers = { ...customer.headers, ...spanish }
    const { id } = await begin(customer.headers)
    const again = await begin(headers)
    expect([again.id, again.items.map((it) => it.quantity)]).toEqual([id, [4]])
    const guests = await begin({})
    const met = await cartOf(send("POST", `/store/carts/${guests.id}/customer`, headers))
    expect([met.id, met.items.map((it) => it.quantity)]).toEqual([guests.id, [6]])
    expect((await mine(customer)).id).toBe(guests.id)
  })

  it("is left to Medusa with a cart that is nobody's yet, and where carts are not shared", async () => {
    const { headers } = await newCustomer()
    const cart = { region_id: demo().regions.es }
    const { id } = await begin({})
    const answers = [
      await send("POST", "/store/carts", spanish, cart),
      await send("POST", "/store/carts", { ...headers, ...spanish }, cart),
      await send("POST", `/store/carts/${id}/customer`, { ...headers, ...spanish }, undefined, apart),
    ]
    // Which is not there.
    expect(answers.map(({ body }) => (body as { code: string }).code)).toEqual(Array(3).fill("medusa_unavailable"))
  })
})

describe("a customer's open cart", () => {
  it("goes on in the channel that he uses now, when its own was closed", async () => {
    const customer = await newCustomer()
    const { id } = await begin(customer.headers)
    const others = await Promise.all(
      ["GET", "POST"].map(async (method) => {
        const { headers } = await newCustomer()
        return [{ id: (await begin(headers)).id, headers }, method] as const
      }),
    )
    const last = await newCustomer()
    const lasts = await begin(last.headers)
    const { web, app } = demo().channels
    const { sql } = shop.database
    const cart = { region_id: demo().regions.es }
    const isClosed = async () => (await send("POST", "/store/carts", {}, cart)).status !== 200
    try {
      await sql`update sales_channel set is_disabled = true where id = ${web.sales_channel_id}`
      await until("the channel is known to be closed", isClosed, 10)
      const headers = { ...customer.headers, "x-publishable-api-key": app.publishable_key }
      const again = await cartOf(send("POST", "/store/carts", headers, cart))
      expect(again).toMatchObject({ id, sales_channel_id: app.sales_channel_id })
      // Also where nothing is asked for but to have it: what cannot be ordered is of no use.
      for (const [{ id, headers: own }, method] of others) {
        const path = method === "GET" ? "/store/customers/me/cart" : "/store/carts"
        const headers = { ...own, "x-publishable-api-key": app.publishable_key }
        const found = await cartOf(send(method, path, headers, method === "GET" ? undefined : {}))
        expect(found).toMatchObject({ id, sales_channel_id: app.sales_channel_id, items: [{ quantity: 2 }] })
        expect((await send("POST", `/store/carts/${id}`, headers, { locale: "es" })).status).toBe(200)
        // Once: from then on it is where it is.
        const version = (await send("GET", `/store/carts/${id}`, headers)).headers.get("etag")
        expect((await send("GET", "/store/customers/me/cart", headers)).headers.get("etag")).toBe(version)
      }
      // Who asks from the closed one is shown what he has.
      expect(await mine(last)).toMatchObject({ id: lasts.id, sales_channel_id: web.sales_channel_id })
    } finally {
      await sql`update sales_channel set is_disabled = false where id = ${web.sales_channel_id}`
      await until("the channel is known to be open", async () => !(await isClosed()), 10)
    }
  })

  it("comes along to another region, where what has no price there, or one of its own, is left behind and told", async () => {
    const customer = await newCustomer()
    const { sql } = shop.database
    const { gb } = demo().regions as { gb: string }
    const { id } = await begin(customer.headers)
    const { kit, backorder } = demo().variants
    for (const variant_id of [kit, backorder]) {
      await cartOf(send("POST", `/store/carts/${id}/line-items`, customer.headers, { variant_id, quantity: 1 }))
    }
    await sql`update cart_line_item set is_custom_price = true where cart_id = ${id} and variant_id = ${kit}`
    const withdrawn = (at: string | null) => sql`
      update price set deleted_at = ${at} where currency_code = 'gbp' and price_set_id =
        (select price_set_id from product_variant_price_set where variant_id = ${backorder})`
    const guests = await cartOf(send("POST", "/store/carts", {}, { region_id: gb }))
    const add = () => send("POST", `/store/carts/${guests.id}/line-items`, {}, { variant_id: backorder, quantity: 1 })
    try {
      await withdrawn(new Date().toISOString())
      await until("it is known to have no price there", async () => (await add()).status === 400, 20)
      const moved = await send("POST", "/store/carts", customer.headers, { region_id: gb })
      const { cart, merge } = moved.body as { cart: object; merge: object }
      expect([moved.status, cart]).toMatchObject([200, { id, region_id: gb, items: [{ quantity: 2 }] }])
      expect(merge).toMatchObject({
        from: null,
        dropped: [
          { type: "line", variant_id: kit, quantity: 1, reason: "custom_line" },
          { type: "line", variant_id: backorder, quantity: 1, reason: "without_price" },
        ],
      })
    } finally {
      await withdrawn(null)
    }
  })

  it("leaves behind what was withdrawn meanwhile, and says so, in whichever region it is asked for", async () => {
    const customer = await newCustomer()
    const { sql } = shop.database
    const { es } = demo().regions
    const { id } = await begin(customer.headers)
    const { backorder } = demo().variants
    const add = (headers: Record<string, string>, cart: string) =>
      send("POST", `/store/carts/${cart}/line-items`, headers, { variant_id: backorder, quantity: 1 })
    await cartOf(add(customer.headers, id))
    const guests = await begin({})
    const published = (status: string) => sql`
      update product set status = ${status} where id = (select product_id from product_variant where id = ${backorder})`
    try {
      await published("draft")
      await until("it is known to be withdrawn", async () => (await add({}, guests.id)).status === 400, 20)
      const again = await send("POST", "/store/carts", customer.headers, { region_id: es })
      expect([again.status, again.body]).toMatchObject([200, { cart: { id, items: [{ quantity: 2 }] } }])
      const { merge } = again.body as { merge: object }
      expect(merge).toMatchObject({
        dropped: [{ type: "line", variant_id: backorder, quantity: 1, reason: "unavailable" }],
      })
    } finally {
      await published("published")
      await until("it is known to be sold again", async () => (await add({}, guests.id)).status === 200, 20)
    }
  })

  it("has the address that is wanted in another region, and tells which way of shipping does not come along", async () => {
    const { headers } = await newCustomer()
    const { id } = await begin(headers)
    const { gb } = demo().regions as { gb: string }
    const kit = { variant_id: demo().variants.kit, quantity: 1 }
    const madrid = { first_name: "Vega", address_1: "Calle del Pez 9", city: "Madrid", country_code: "es" }
    await cartOf(send("POST", `/store/carts/${id}/line-items`, headers, kit))
    await cartOf(send("POST", `/store/carts/${id}`, headers, { shipping_address: madrid }))
    const options = await send("GET", `/store/shipping-options?cart_id=${id}`, headers)
    const [option] = (options.body as { shipping_options: { id: string; name: string }[] }).shipping_options
    await cartOf(send("POST", `/store/carts/${id}/shipping-methods`, headers, { option_id: option?.id }))
    const london = { first_name: "Vega", address_1: "9 Fish Street", city: "London", country_code: "gb" }
    const moved = await send("POST", "/store/carts", headers, { region_id: gb, shipping_address: london })
    expect([moved.status, moved.body]).toMatchObject([
      200,
      {
        cart: { id, region_id: gb, shipping_address: london, shipping_methods: [] },
        merge: { dropped: [{ type: "shipping_method", name: option?.name, reason: "choose_again" }] },
      },
    ])
  })

  it("keeps what it knows when nothing is said of it, and takes pieces as a new one does", async () => {
    const { headers } = await newCustomer()
    const { id } = await begin(headers)
    const known = { email: "vega@example.com", metadata: { gift: true } }
    await cartOf(send("POST", `/store/carts/${id}`, headers, known))
    const nothing = { email: null, metadata: null, locale: null, region_id: null, currency_code: null }
    expect(await cartOf(send("POST", "/store/carts", headers, nothing))).toMatchObject({ id, ...known })
    const items = [{ variant_id: demo().variants.unmanaged, quantity: 1.5 }]
    const more = await cartOf(send("POST", "/store/carts", headers, { items }))
    expect(more.items.map((it) => it.quantity)).toEqual([4])
  })

  it("is not given to who wants a currency that the region has not", async () => {
    const { headers } = await newCustomer()
    const { id } = await begin(headers)
    const { gb, es } = demo().regions as { gb: string; es: string }
    const refused = await send("POST", "/store/carts", headers, { region_id: gb, currency_code: "eur" })
    expect([refused.status, (refused.body as { type: string }).type]).toEqual([400, "invalid_data"])
    const shown = await send("GET", `/store/carts/${id}`, headers)
    expect((shown.body as { cart: { region_id: string } }).cart.region_id).toBe(es)
    expect((await cartOf(send("POST", "/store/carts", headers, { region_id: gb, currency_code: "GBP" }))).id).toBe(id)
  })
})

describe("the place of a customer's open cart", () => {
  it("is its own again when Medusa takes back that it is an order, since the card was declined", async () => {
    const customer = await newCustomer()
    const { id } = await begin(customer.headers)
    const { sql } = shop.database
    await sql`update cart set completed_at = now() where id = ${id}`
    await sql`update cart set completed_at = null where id = ${id}`
    const found = await mine(customer)
    expect([found.id, found.items.map((it) => it.quantity)]).toEqual([id, [2]])
  })

  it("stays with the cart that he has begun meanwhile; what he began first is his beside it", async () => {
    const customer = await newCustomer()
    const { id } = await begin(customer.headers)
    const { sql } = shop.database
    await sql`update cart set completed_at = now() where id = ${id}`
    const next = await mine(customer)
    await sql`update cart set completed_at = null where id = ${id}`
    expect((await mine(customer)).id).toBe(next.id)
    expect((await send("GET", `/store/carts/${id}`, customer.headers)).status).toBe(200)
    expect((await send("GET", `/store/carts/${id}`, {})).status).toBe(404)
    // And becomes one with it when he comes with it again.
    const cart = await cartOf(send("POST", `/store/carts/${id}/customer`, customer.headers))
    expect([cart.id, cart.items.map((it) => it.quantity), (await mine(customer)).id]).toEqual([id, [2], id])
  })

  it("is not taken by a cart that was merged into another, whatever is done to its row", async () => {
    const customer = await newCustomer()
    const [old, fresh] = [await begin(customer.headers), await begin({})]
    await cartOf(send("POST", `/store/carts/${fresh.id}/customer`, customer.headers))
    const { sql } = shop.database
    await sql`update cart set completed_at = now() where id = ${fresh.id}`
    await sql`update cart set deleted_at = null where id = ${old.id}`
    expect([old.id, fresh.id]).not.toContain((await mine(customer)).id)
  })

  it("is free when the shop has cleared the cart away for good", async () => {
    const customer = await newCustomer()
    const { id } = await begin(customer.headers)
    await shop.database.sql`delete from cart where id = ${id}`
    expect((await mine(customer)).id).not.toBe(id)
    const { id: guests } = await begin({})
    await cartOf(send("POST", `/store/carts/${guests}/customer`, customer.headers))
    expect((await mine(customer)).id).toBe(guests)
  })
})
