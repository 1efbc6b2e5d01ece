import { beforeAll, describe, expect, expectTypeOf, it } from "vitest"
import {
  type AdminClient,
  agent,
  admin as backOffice,
  type MostradorClient,
  mostrador,
  till,
} from "../../../src/client.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { ADMIN_ID, admin, tokenOf } from "../../support/desks.ts"
import { untilBuilt } from "../../support/documents.ts"
import { ask, until } from "../../support/http.ts"
import { KNOWN, type Paths } from "./known.ts"

const shop = counterForFile({
  cartMerge: "sum",
  stripe: { apiKey: "sk_test_1", webhookSecret: "whsec_1", capture: "manual", apiUrl: undefined },
} as object)
let client: MostradorClient
let boss: AdminClient["admin"]["omnichannel"]
beforeAll(async () => {
  // What has no document yet only Medusa sells, and there is none.
  await untilBuilt(shop.database)
  client = mostrador(shop.counter.url, demo().channels.web.publishable_key)
  boss = backOffice(shop.counter.url, { token: tokenIn(await admin()) }).admin.omnichannel
})

/** What an answer says when all is well. */
async function well(answer: { status: number; json(): Promise<unknown> }): Promise<unknown> {
  expect(answer.status).toBe(200)
  return await answer.json()
}

/** What it answers with when all is well. */
async function told<Asked extends { ok: boolean; text(): Promise<string> }>(asking: Promise<Asked>) {
  const answer = await asking
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return JSON.parse(text) as Told<Extract<Asked, { ok: true }>>
}
type Told<Well> = Well extends { json(): Promise<infer Body> } ? Body : never

const tokenIn = ({ authorization = "" }: Record<string, string>) => authorization.replace("Bearer ", "")

/** The first variant of a product, or of the first one that there is. */
async function someVariant(id?: string) {
  const answer = await client.store.products.$get({
    query: { ...(id ? { id } : {}), fields: "id,*variants", limit: "1" },
  })
  if (!answer.ok) throw new Error((await answer.json()).message)
  const variant = (await answer.json()).products[0]?.variants?.[0]
  if (!variant) throw new Error("There is a product, and it has a variant")
  return variant
}

describe("the typed client", () => {
  it("searches the catalog, and looks up what it has found", async () => {
    const search = () =>
      client.store.catalog.$get({ query: { q: "camiseta", region_id: demo().regions.es, limit: "3" } })
    await until("the search is filled", async () => JSON.stringify(await well(await search())).includes('"prod_'))
    const answer = await search()
    if (!answer.ok) throw new Error((await answer.json()).message)
    const { products, count } = await answer.json()
    expectTypeOf(count).toEqualTypeOf<number>()
    expectTypeOf(products[0]?.price?.amount).toEqualTypeOf<number | undefined>()

    const { sku } = await someVariant(products[0]?.id)
    const found = await client.store.variants.lookup.$get({ query: { sku: sku ?? "", region_id: demo().regions.es } })
    if (!found.ok) throw new Error((await found.json()).message)
    const { variant } = await found.json()
    expect([variant.sku, typeof variant.calculated_price?.calculated_amount]).toEqual([sku, "number"])
  })

  it("fills a cart", async () => {
    const made = await client.store.carts.$post({ json: { region_id: demo().regions.es } })
    if (!made.ok) throw new Error((await made.json()).message)
    const { cart } = await made.json()
    expectTypeOf(cart.total).toEqualTypeOf<number>()

    const { id: variant_id } = await someVariant()
    const items = client.store.carts[":id"]["line-items"]
    const added = await items.$post({ param: { id: cart.id }, json: { variant_id, quantity: 2 } })
    if (!added.ok) throw new Error((await added.json()).message)
    const [line] = (await added.json()).cart.items
    expect([line?.variant_id, line?.quantity]).toEqual([variant_id, 2])

    const removed = await items[":line_id"].$delete({ param: { id: cart.id, line_id: line?.id ?? "" } })
    if (!removed.ok) throw new Error((await removed.json()).message)
    expect((await removed.json()).parent.items).toEqual([])
    const read = await client.store.carts[":id"].$get({ param: { id: cart.id } })
    expect(read.headers.get("etag")).toBe(removed.headers.get("etag"))
  })

  it("hands a cart over to another device, and tells what has happened to it", async () => {
    const made = await client.store.carts.$post({ json: { region_id: demo().regions.es } })
    if (!made.ok) throw new Error((await made.json()).message)
    const { cart } = await made.json()
    const given = await client.store.carts[":id"].handoff.$post({ param: { id: cart.id }, json: { to: "device" } })
    if (!given.ok) throw new Error((await given.json()).message)
    const { code } = (await given.json()).handoff
    expectTypeOf(code).toEqualTypeOf<string>()

    const claimed = await client.store.handoffs[":code"].claim.$post({ param: { code } })
    if (!claimed.ok) throw new Error((await claimed.json()).message)
    const { claim } = await claimed.json()
    expect(claim.cart_id).toBe(cart.id)
    const asked: string[] = []
    const phone = mostrador(shop.counter.url, demo().channels.web.publishable_key, {
      cartToken: claim.token,
      fetch: async (input, init) => {
        asked.push(new Headers(init?.headers).get("x-cart-token") ?? "")
        return await fetch(input, init)
      },
    })
    const told = await phone.store.carts[":id"].history.$get({ param: { id: claim.cart_id }, query: {} })
    if (!told.ok) throw new Error((await told.json()).message)
    const { history } = await told.json()
    expect(history.map(({ name }) => name)).toContain("cart.handed_over")
    expect(asked).toEqual([claim.token])
  })

  it("filters by operators and lists, as Medusa's client writes them", async () => {
    const asked = { created_at: { $gt: "2020-01-01T00:00:00Z" }, fields: "id,handle", limit: "2" }
    const some = await well(await client.store.collections.$get({ query: asked }))
    expect(some).toMatchObject({ collections: [{ id: expect.any(String) }, { id: expect.any(String) }], limit: 2 })
    const none = { created_at: { $gt: "2100-01-01T00:00:00Z" } }
    expect(await well(await client.store.collections.$get({ query: none }))).toMatchObject({ count: 0 })
    const { es, us } = demo().regions as Record<string, string>
    const regions = await well(await client.store.regions.$get({ query: { id: [es ?? "", us ?? ""].filter(Boolean) } }))
    expect(regions).toMatchObject({ count: [es, us].filter(Boolean).length })
  })

  it("says what went wrong, in Medusa's shape", async () => {
    const answer = await client.store.carts[":id"].$get({ param: { id: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" } })
    if (answer.ok) throw new Error("There is no such cart")
    const error = await answer.json()
    expectTypeOf(error.message).toEqualTypeOf<string>()
    expect([answer.status, error.type]).toEqual([404, "not_found"])
  })

  it("follows the catalog as it comes", async () => {
    const stream = await client.store.catalog.stream.$get({ query: {} })
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, expect.stringContaining("event-stream")])
    await stream.body?.cancel()
    const feed = await client.store.catalog.feed.$get({ query: { limit: "1" } })
    expect((await feed.text()).trim().split("\n").length).toBeGreaterThan(2)
  })

  it("does not compile with what no route takes", () => {
    const { carts, catalog } = client.store
    const line = carts[":id"]["line-items"]
    const param = { id: "cart_1" }
    const never = () => [
      // @ts-expect-error there is no such parameter
      catalog.$get({ query: { colour: "blue" } }),
      // @ts-expect-error sorts are known by their names
      catalog.$get({ query: { sort: "cheapest" } }),
      // @ts-expect-error a line is of a variant
      line.$post({ param, json: { quantity: 1 } }),
      // @ts-expect-error quantities are numbers
      line.$post({ param, json: { variant_id: "variant_1", quantity: "1" } }),
      // @ts-expect-error a cart is one of some id
      carts[":id"].$get({ param: {} }),
      // @ts-expect-error nobody puts
      carts.$put({}),
      // @ts-expect-error there is no such route
      client.store.carrots,
    ]
    expectTypeOf(never).toBeFunction()
    type Query = NonNullable<NonNullable<Parameters<typeof catalog.$get>[0]>["query"]>
    expectTypeOf<Query["in_stock"]>().toEqualTypeOf<"true" | "false" | undefined>()
    expectTypeOf<Query["tag"]>().toEqualTypeOf<string | string[] | undefined>()
  })

  it("has every route of the reference, and every way to ask it", async () => {
    const { body } = await ask(shop.counter.url, "/openapi.json")
    const documented = Object.entries((body as { paths: Record<string, object> }).paths).map(([path, methods]) => [
      path.replace(/\{(\w+)\}/g, ":$1"),
      Object.keys(methods)
        .map((it) => `$${it}`)
        .sort(),
    ])
    const known = Object.entries(KNOWN).map(([path, methods]) => [path, Object.keys(methods).sort()])
    expect(known.sort()).toEqual(documented.sort())
    // No route fell out by a path that TypeScript knows only as some text.
    expectTypeOf<string extends keyof Paths ? "any" : "named">().toEqualTypeOf<"named">()
  })
})

/** A new till in Madrid, its device, and the cashier of the demo shop who has signed in there. */
async function openTill(name: string) {
  const { url } = shop.counter
  const place = { stock_location_id: demo().stock_locations.madrid, channel_id: demo().channels.pos.channel_id }
  const made = await told(boss.tills.$post({ json: { name, ...place } }))
  const { pairing_code } = await told(boss.tills[":id"]["pairing-code"].$post({ param: { id: made.till.id } }))
  const device = await told(till(url).pos.pair.$post({ json: { code: pairing_code.code } }))
  expect(device.till).toEqual({ id: made.till.id, name })
  const { email, pin } = demo().staff.cashier
  const { token } = device
  const { session } = await told(till(url, { token }).pos.sessions.$post({ json: { email, pin } }))
  return { id: made.till.id, pos: till(url, { token, session: session.token }).pos }
}

/** What stands under the bars of something that lies in Madrid. */
async function barcodeInMadrid(): Promise<string> {
  const [found] = await shop.database.sql<{ ean: string }[]>`
    select variant.ean from product_variant variant
    join product_variant_inventory_item part on part.variant_id = variant.id and part.required_quantity = 1
    join inventory_level level on level.inventory_item_id = part.inventory_item_id
    where variant.ean is not null and level.location_id = ${demo().stock_locations.madrid}
      and level.stocked_quantity - level.reserved_quantity >= 20
    order by variant.sku limit 1`
  if (!found) throw new Error("there is nothing in Madrid")
  return found.ean
}

describe("the typed client of a till", () => {
  it("pairs the device, signs the cashier in, scans and takes the cash", async () => {
    const { id: till_id, pos } = await openTill("Caja tipada")
    const { cashier } = await told(pos.me.$get())
    expect(cashier?.email).toBe(demo().staff.cashier.email)
    const { cart } = await told(pos.carts.$post())
    expect(cart.region_id).toBe(demo().regions.es)
    const param = { id: cart.id }
    const scanned = await told(
      pos.carts[":id"].scan.$post({ param, json: { barcode: await barcodeInMadrid(), quantity: 2 } }),
    )
    expectTypeOf(scanned.line_id).toEqualTypeOf<string>()
    const of = { param: { id: cart.id, line_id: scanned.line_id } }
    const fewer = await told(pos.carts[":id"]["line-items"][":line_id"].$post({ ...of, json: { quantity: 1 } }))
    const { total } = fewer.cart

    const short = await pos.carts[":id"].pay.$post({ param, json: { tender: "cash", amount: 0 } })
    if (short.ok) throw new Error("Nothing is sold for nothing")
    const refusal = await short.json()
    expectTypeOf(refusal.code).toEqualTypeOf<string | undefined>()
    expect([short.status, refusal.code]).toEqual([400, "amount_too_small"])

    const { order, receipt } = await told(
      pos.carts[":id"].pay.$post({ param, json: { tender: "cash", amount: total + 5 } }),
    )
    expectTypeOf(receipt.lines[0]?.unit_price).toEqualTypeOf<number | undefined>()
    expect(receipt).toMatchObject({ till_id, total, change: 5, lines: [{ quantity: 1 }] })
    expect(order).toMatchObject({ id: expect.stringMatching(/^order_/), total })

    const out = await told(pos.sessions.current.$delete())
    expectTypeOf(out).toEqualTypeOf<{ object: "till_session"; deleted: true }>()
    expect((await pos.me.$get()).status).toBe(401)
  })

  it("asks once what is asked under one key, beside its own tokens", async () => {
    const { pos } = await openTill("Caja de una vez")
    const once = { headers: { "Idempotency-Key": "a cart of the typed client" } }
    const first = await pos.carts.$post({}, once)
    const again = await pos.carts.$post({}, once)
    if (!first.ok || !again.ok) throw new Error("A till begins carts")
    expect(again.headers.get("idempotency-replayed")).toBe("true")
    expect((await again.json()).cart.id).toBe((await first.json()).cart.id)
  })
})

describe("the typed client of the telephone desk", () => {
  const [, oriol] = demo().customers

  it("finds a customer, opens his cart, and puts into it what he asks for", async () => {
    const [user] = await shop.database.sql<{ id: string }[]>`
      select id from "user" where email = ${demo().staff.agent.email}`
    const token = tokenIn(await tokenOf({ actor_id: user?.id }))
    const desk = agent(shop.counter.url, { token, channelId: demo().channels.phone.channel_id }).agent
    expect((await told(desk.me.$get())).channel.id).toBe(demo().channels.phone.channel_id)
    const { customers } = await told(desk.customers.$get({ query: { phone: "600 100 202" } }))
    expectTypeOf(customers[0]?.first_name).toEqualTypeOf<string | null | undefined>()
    expect(customers.map(({ id }) => id)).toEqual([oriol?.id])

    const { cart } = await told(desk.customers[":id"].cart.$get({ param: { id: oriol?.id ?? "" }, query: {} }))
    const its = { param: { id: cart.id } }
    const { kit: variant_id } = demo().variants
    const added = await told(desk.carts[":id"]["line-items"].$post({ ...its, json: { variant_id, quantity: 1 } }))
    expect(added.cart.items).toMatchObject([{ variant_id, quantity: 1 }])
    const json = { promo_codes: [demo().promotions.code] }
    const cheaper = await told(desk.carts[":id"].promotions.$post({ ...its, json }))
    const dearer = await told(desk.carts[":id"].promotions.$delete({ ...its, json }))
    expect([cheaper.cart, dearer.cart]).toMatchObject([
      { promotions: json.promo_codes.map((code) => ({ code })) },
      { promotions: [] },
    ])

    const stream = await desk.carts[":id"].stream.$get({ ...its, query: {} })
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, expect.stringContaining("event-stream")])
    await stream.body?.cancel()
  })

  it("tells somebody who is no agent so, in Medusa's shape", async () => {
    const token = tokenIn(await tokenOf({ actor_id: "user_1" }))
    const answer = await agent(shop.counter.url, { token }).agent.me.$get()
    if (answer.ok) throw new Error("He is no agent")
    expect([answer.status, (await answer.json()).code]).toEqual([403, "role_not_allowed"])
  })
})

describe("the typed client of the back office", () => {
  it("makes a channel, finds, changes and deletes it", async () => {
    const { sales_channel_id } = demo().channels.web
    const { channel } = await told(boss.channels.$post({ json: { name: "Ferias", kind: "other", sales_channel_id } }))
    expectTypeOf(channel.kind).toEqualTypeOf<"web" | "app" | "pos" | "phone" | "other">()
    expect(channel).toMatchObject({ may: ["browse", "cart", "checkout"], is_active: true })
    const param = { id: channel.id }
    await told(boss.channels[":id"].$post({ param, json: { is_active: false } }))
    const closed = await told(boss.channels.$get({ query: { kind: ["other", "web"], is_active: "false" } }))
    expect(closed).toMatchObject({ count: 1, channels: [{ id: channel.id, name: "Ferias" }] })
    expect(await told(boss.channels[":id"].$delete({ param }))).toEqual({ ...param, object: "channel", deleted: true })
    expect((await boss.channels[":id"].$get({ param })).status).toBe(404)
  })

  it("is told by 202 of what is done later", async () => {
    const json = { url: "http://127.0.0.1:9/hooks", description: "ERP", event_types: ["order.*"] }
    const { webhook } = await told(boss.webhooks.$post({ json }))
    expectTypeOf(webhook.secret).toEqualTypeOf<string>()
    const param = { id: webhook.id }
    const asked = await boss.webhooks[":id"].replay.$post({ param, json: { since: "2026-01-01T00:00:00Z" } })
    if (asked.status !== 202) throw new Error(await asked.text())
    const { replay } = await asked.json()
    expectTypeOf(replay.events).toEqualTypeOf<number>()
    expect(replay.asked).toMatchObject({ since: "2026-01-01T00:00:00.000Z" })
    await told(boss.webhooks[":id"].$delete({ param }))
  })

  it("tells by what log-in or key it asks", async () => {
    const sent: string[] = []
    const note: typeof fetch = async (input, init) => {
      sent.push(new Headers(init?.headers).get("authorization") ?? "none")
      return await fetch(input, init)
    }
    const token = tokenIn(await tokenOf({ actor_id: ADMIN_ID }))
    for (const who of [{ token }, { secretKey: "sk_1" }, {}]) {
      await backOffice(shop.counter.url, { ...who, fetch: note }).admin.omnichannel.policies.$get()
    }
    // A secret key is the name of a user without a password.
    expect(sent).toEqual([`Bearer ${token}`, `Basic ${Buffer.from("sk_1:").toString("base64")}`, "none"])
  })
})

describe("the typed clients of the rooms", () => {
  it("do not compile with what is no affair of theirs", () => {
    const { pos } = till(shop.counter.url)
    const desk = agent(shop.counter.url, { token: "" })
    const param = { id: "cart_1" }
    const never = () => [
      // @ts-expect-error cash, and nothing else
      pos.carts[":id"].pay.$post({ param, json: { tender: "card", amount: 1 } }),
      // @ts-expect-error something is scanned
      pos.carts[":id"].scan.$post({ param, json: { quantity: 1 } }),
      // @ts-expect-error a cart is one of some id
      pos.carts[":id"].$get({ query: {} }),
      // @ts-expect-error tills find nobody by words of his name
      pos.carts.$get({ query: { q: "ferrán" } }),
      // @ts-expect-error a till sells for cash, not on invoice
      pos.carts[":id"].place,
      // @ts-expect-error agents take no cash
      desk.agent.carts[":id"].pay,
      // @ts-expect-error and are in no other room
      desk.pos,
      // @ts-expect-error who he is must be said
      agent(shop.counter.url),
      // @ts-expect-error kinds of channels are known by their names
      boss.channels.$post({ json: { name: "X", kind: "fair", sales_channel_id: "sc_1" } }),
      // @ts-expect-error pages are counted in texts, as addresses have them
      boss.tills.$get({ query: { limit: 10 } }),
      // @ts-expect-error tills are not put
      boss.tills[":id"].$put({ param }),
      // @ts-expect-error both of them say which it is
      boss["safety-stock"].$delete({ query: { variant_id: "variant_1" } }),
    ]
    expectTypeOf(never).toBeFunction()
    // What need not be said need not be there.
    expectTypeOf(boss.tills.$get).toBeCallableWith()
    expectTypeOf(pos.carts.$post).toBeCallableWith()
    expectTypeOf(boss.policies.$post).toBeCallableWith({})
  })
})
