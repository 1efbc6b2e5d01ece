import { createHash, randomUUID } from "node:crypto"
import { beforeAll, describe, expect, it } from "vitest"
import { openTestCounter } from "../../../support/counter.ts"
import { admin, tokenOf } from "../../../support/desks.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { ask } from "../../../support/http.ts"
import { bodyOf, fillCart, type Ordered, placeOrder, post, webKey } from "../../../support/orders.ts"
import { standInForFile } from "../../../support/stand-in.ts"

type Headers = Record<string, string>

const shop = standInForFile({ cartMerge: "sum", cartAccess: "owner" })
beforeAll(async () => await untilBuilt(shop.database, 60))

/** Somebody with an account, and no cart yet. */
async function account() {
  const id = `cus_${randomUUID()}`
  const email = `${id}@example.com`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${email}, true)`
  return { id, email, headers: await tokenOf({ actor_type: "customer", actor_id: id }) }
}

const get = (id: string, headers: Headers = {}, url = shop.counter.url) =>
  ask(url, `/store/orders/${id}`, { headers: { ...webKey(), ...headers } })
const statusOf = async (id: string, headers?: Headers) => (await get(id, headers)).status
const missing = (id: string) => [404, { type: "not_found", message: `Order id not found: ${id}` }]

/** An order, and a token of who had redeemed a code for its cart. */
async function placedWithClaim({ email, headers }: { email: string; headers: Headers }) {
  const { url } = shop.counter
  const { cart, collection } = await fillCart(url, { email, headers })
  const { handoff } = bodyOf(await post(url, `/store/carts/${cart}/handoff`, { to: "device" }, headers))
  const { claim } = bodyOf(await post(url, `/store/handoffs/${(handoff as { code: string }).code}/claim`))
  const claimed = { "x-cart-token": (claim as { token: string }).token }
  const sessions = `/store/payment-collections/${collection}/payment-sessions`
  bodyOf(await post(url, sessions, { provider_id: "pp_system_default" }, headers))
  const { order } = bodyOf(await post(url, `/store/carts/${cart}/complete`, undefined, claimed))
  return { id: (order as Ordered).id, claimed }
}

const orderToken = async (id: string, body: object, headers: Headers = {}) => {
  const { token } = bodyOf(await post(shop.counter.url, `/store/orders/${id}/access`, body, headers))
  return { "x-order-token": token as string }
}

describe("an order of an account's cart", () => {
  it("answers to its customer, to who holds a token for it, and to who has claimed its cart", async () => {
    const ana = await account()
    const { id, claimed } = await placedWithClaim(ana)
    const link = await post(shop.counter.url, `/admin/omnichannel/orders/${id}/access-link`, undefined, await admin())
    const { access_link } = bodyOf(link) as { access_link: { token: string } }
    const opened: Headers[] = [
      ...[ana.headers, claimed, await orderToken(id, {}, ana.headers)],
      ...[await orderToken(id, { email: ana.email }), { "x-order-token": access_link.token }],
    ]
    for (const headers of opened) {
      const { status, body } = await get(id, headers)
      expect([status, body, headers]).toMatchObject([200, { order: { id, email: ana.email } }, headers])
    }
  })

  it("is to anybody else as an order that there is not", async () => {
    const [ana, berta] = [await account(), await account()]
    const { id } = await placeOrder(shop.counter.url, { headers: ana.headers })
    const hers = await placedWithClaim(berta)
    const { etag = "" } = Object.fromEntries((await get(id, ana.headers)).headers)
    expect(etag).not.toBe("")
    const strangers: Headers[] = [
      ...[{}, berta.headers, hers.claimed, await orderToken(hers.id, {}, berta.headers), await admin()],
      ...[{ "x-cart-token": "cct_1" }, { "x-order-token": "a.b.c" }, { "if-none-match": etag }],
      await tokenOf({ actor_type: "user", actor_id: ana.id }),
      await tokenOf({ actor_type: "customer", actor_id: ana.id, mfa_enabled: true }),
      // What opens an order opens it under its own name alone.
      { "x-order-token": ana.headers.authorization?.slice("Bearer ".length) ?? "" },
      { "x-cart-token": (await orderToken(id, {}, ana.headers))["x-order-token"] ?? "" },
    ]
    for (const headers of strangers) {
      const { status, body, headers: told } = await get(id, headers)
      expect([status, body, headers]).toEqual([...missing(id), headers])
      const nobodys = await get("order_none", headers)
      expect([nobodys.status, nobodys.body]).toEqual(missing("order_none"))
      expect([...told.keys()].sort()).toEqual([...nobodys.headers.keys()].sort())
    }
    expect(shop.arrived).toEqual([])
  })

  it("answers to a claim only while that is good", async () => {
    const ana = await account()
    const { id, claimed } = await placedWithClaim(ana)
    expect(await statusOf(id, claimed)).toBe(200)
    const hash = createHash("sha256").update(claimed["x-cart-token"]).digest("hex")
    const ended = await shop.database
      .sql`update mostrador.cart_claim set expires_at = now() - interval '1 second' where token_hash = ${hash}`
    expect(ended.count).toBe(1)
    expect(await statusOf(id, claimed)).toBe(404)
  })

  it("answers to whoever knows its id with CART_ACCESS=id, as in Medusa", async () => {
    const { id } = await placeOrder(shop.counter.url, { headers: (await account()).headers })
    const open = await openTestCounter(shop.database.url, { cartMerge: "sum", cartAccess: "id" })
    try {
      expect((await get(id, {}, open.url)).status).toBe(200)
      expect(await statusOf(id)).toBe(404)
    } finally {
      await open.close()
    }
  })
})

describe("a guest's order", () => {
  it("answers to whoever knows its id, and is a guest's also where he has typed the e-mail of somebody's account", async () => {
    const ana = await account()
    const typed = await placeOrder(shop.counter.url, { email: ana.email })
    const rows = await shop.database.sql`
      select c.has_account, c.email from "order" o join customer c on c.id = o.customer_id where o.id = ${typed.id}
    `
    expect(rows).toEqual([{ has_account: false, email: ana.email }])
    expect(await statusOf(typed.id)).toBe(200)
    const { id } = await placeOrder(shop.counter.url, { email: "vega@example.com" })
    expect(await statusOf(id)).toBe(200)
  })

  it("is an account's once it was transferred to one; an account's is a guest's once it was transferred to him", async () => {
    const { sql } = shop.database
    const [ana, berta] = [await account(), await account()]
    // As Medusa's workflows do it at the end; `test/clients/orders.test.ts` has them.
    const transfer = (id: string, to: string) => sql`update "order" set customer_id = ${to} where id = ${id}`
    const order = await placeOrder(shop.counter.url, { email: "vega@example.com" })
    await transfer(order.id, berta.id)
    expect([await statusOf(order.id), await statusOf(order.id, berta.headers)]).toEqual([404, 200])

    const { id, claimed } = await placedWithClaim(ana)
    await transfer(id, berta.id)
    const told = [await statusOf(id, ana.headers), await statusOf(id, claimed), await statusOf(id, berta.headers)]
    expect(told).toEqual([404, 404, 200])
    await sql`insert into customer (id, email) values ('cus_guest', 'guest@example.com')`
    await transfer(id, "cus_guest")
    expect(await statusOf(id)).toBe(200)
  })
})

it("an order that staff have made for an account, or that is of before the counter ran, is the account's", async () => {
  const ana = await account()
  const { sql } = shop.database
  const places = () => placeOrder(shop.counter.url, { headers: ana.headers })
  const [staffs, { id: old }] = [await places(), await places()]
  await sql`delete from order_cart where order_id = ${staffs.id}`
  // Medusa has noted the customer alone.
  const noted = await sql`
    delete from mostrador.cart_owner where cart_id = (select cart_id from order_cart where order_id = ${old})`
  expect(noted.count).toBe(1)
  for (const id of [staffs.id, old]) {
    expect([await statusOf(id), await statusOf(id, ana.headers)]).toEqual([404, 200])
  }
})

describe("what Medusa is asked about an order", () => {
  /** What stands for Medusa shows the id that it is asked for, in a text. */
  const answering = () => {
    shop.arrived.length = 0
    shop.answers = ({ path }, response) => {
      response.writeHead(path.includes("fail") ? 500 : 200, { "content-type": "application/json", etag: '"1"' })
      response.end(JSON.stringify({ of: /order_\w+/i.exec(decodeURIComponent(path))?.[0] }))
    }
  }

  it("is asked about one that there is not, for who may not see it, however its address is written", async () => {
    const [ana, berta] = [await account(), await account()]
    const { id } = await placeOrder(shop.counter.url, { headers: ana.headers })
    const escaped = `%6f${id.slice(1)}`
    const paths: [string, string, object?][] = [
      ["GET", `/store/orders/${id}?fields=*payment_collections.payment_providers`],
      ["GET", `/store/orders/${id}?locale=es-ES`],
      ...[`/STORE/Orders/${id}`, `/store/orders/${id}/`, `/store/orders/${escaped}`].map((path): [string, string] => [
        "GET",
        path,
      ]),
      ["GET", `/store/orders/${id}/what-a-plugin-has?fail`],
      ["POST", `/store/orders/${id}/transfer/request`, { description: id }],
      ["POST", `/store/orders/${id}/transfer/cancel`],
      ["POST", `/store/orders/${id}/transfer/accept`, { token: "guessed" }],
      ["POST", `/store/orders/${id}/Transfer/DECLINE/`, { token: ["guessed"] }],
    ]
    for (const [method, path, body] of paths) {
      const send = (headers: Headers) =>
        ask(shop.counter.url, path, {
          method,
          headers: { ...webKey(), ...(body ? { "content-type": "application/json" } : {}), ...headers },
          ...(body ? { body: JSON.stringify(body) } : {}),
        })
      for (const headers of [berta.headers, { ...berta.headers, "idempotency-key": randomUUID() }]) {
        answering()
        const { status, body: told, headers: named } = await send(headers)
        const [arrived] = shop.arrived
        const isFailing = path.includes("fail")
        expect([path, status, told]).toEqual([path, isFailing ? 500 : 200, { of: id }])
        expect([shop.arrived.length, arrived?.method]).toEqual([1, method])
        expect(arrived?.path).toContain("order_00000000000000000000000000")
        expect(decodeURIComponent(arrived?.path ?? "")).not.toContain(id)
        expect(arrived?.body.toString()).toBe(body ? JSON.stringify(body) : "")
        expect(Number(named.get("content-length"))).toBe(Buffer.byteLength(JSON.stringify(told)))
      }
      answering()
      await send(ana.headers)
      expect(decodeURIComponent(shop.arrived[0]?.path ?? "")).toContain(id)
    }
  })

  it("is asked as it is about a guest's order, and with CART_ACCESS=id about any", async () => {
    const ana = await account()
    const mine = await placeOrder(shop.counter.url, { headers: ana.headers })
    const guests = await placeOrder(shop.counter.url, { email: "vega@example.com" })
    const open = await openTestCounter(shop.database.url, { medusaUrl: shop.medusaUrl, cartAccess: "id" })
    try {
      answering()
      const headers = { ...webKey(), "x-medusa-locale": "es-ES" }
      await ask(shop.counter.url, `/store/orders/${guests.id}`, { headers })
      await ask(open.url, `/store/orders/${mine.id}`, { headers })
      expect(shop.arrived.map((it) => it.path)).toEqual([`/store/orders/${guests.id}`, `/store/orders/${mine.id}`])
    } finally {
      await open.close()
    }
  })
})
