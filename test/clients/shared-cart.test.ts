import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Database, openDatabase } from "../../src/platform/db/index.ts"
import type { OpenCounter } from "../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { type Answer, ask } from "../support/http.ts"
import { theMedusa } from "../support/medusa.ts"
import { type Sdk, sdk } from "../support/shopper.ts"

/** A shopper with an account, and his devices, by Medusa's published client; what no lane answers goes to Medusa. */
let counter: OpenCounter
let database: Database
beforeAll(async () => {
  counter = await openCounterBeforeMedusa({ cartMerge: "sum", cartAccess: "owner" })
  database = openDatabase(theMedusa().databaseUrl, { connections: 1 })
})
afterAll(async () => {
  await counter?.close()
  await database?.close()
})

const device = (headers?: Record<string, string>) => sdk(counter.url, demo().channels.web.publishable_key, headers)

/** With a new account, since the demo's customers are others' as well. */
async function account() {
  const [email, password] = [`${randomUUID()}@example.com`, "correct horse battery staple"]
  const shop = device()
  const token = await shop.auth.register("customer", "emailpass", { email, password })
  await shop.store.customer.create({ email }, {}, { authorization: `Bearer ${token}` })
  const logIn = async (it: Sdk) => {
    const token = await it.auth.login("customer", "emailpass", { email, password })
    return { authorization: `Bearer ${token}` }
  }
  return { email, password, logIn }
}

const items = (quantity: number) => [{ variant_id: demo().variants.unmanaged, quantity }]
const filled = async (shop: Sdk, quantity: number) =>
  (await shop.store.cart.create({ region_id: demo().regions.es, items: items(quantity) })).cart
const send = (method: string, path: string, headers: object, body?: object): Promise<Answer> =>
  ask(counter.url, path, {
    method,
    headers: {
      "x-publishable-api-key": demo().channels.web.publishable_key,
      ...(body ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

describe("a shopper who logs in on one device after the other", () => {
  it("goes on with one cart, and the first device, which knows nothing of it, with the same", async () => {
    const { logIn } = await account()
    const [laptop, phone] = [device(), device()]
    const first = await filled(laptop, 1)
    await logIn(laptop)
    await laptop.store.cart.transferCart(first.id)
    const second = await filled(phone, 2)
    const headers = await logIn(phone)
    const { cart } = await phone.store.cart.transferCart(second.id)
    expect([cart.id, cart.items?.map((it) => it.quantity)]).toEqual([second.id, [3]])
    const seen = await laptop.store.cart.retrieve(first.id)
    expect([seen.cart.id, seen.cart.items?.map((it) => it.quantity)]).toEqual([second.id, [3]])

    // What no lane shows or does, Medusa shows and does with the cart that has survived.
    const odd = "fields=id,payment_collection.payment_providers.id"
    const shown = await send("GET", `/store/carts/${first.id}?${odd}`, headers)
    expect([shown.status, (shown.body as { cart: { id: string } }).cart.id]).toEqual([200, second.id])
    const changed = await send(
      "POST",
      `/store/carts/${first.id}/line-items`,
      { ...headers, "x-medusa-locale": "es-ES" },
      { variant_id: demo().variants.unmanaged, quantity: 1 },
    )
    expect([changed.status, (changed.body as { cart: { id: string } }).cart.id]).toEqual([200, second.id])
    const collection = await send("POST", "/store/payment-collections?fields=id", headers, { cart_id: first.id })
    expect(collection.status).toBe(200)
    const [linked] = await database.sql<{ cart_id: string }[]>`
      select cart_id from cart_payment_collection
      where payment_collection_id = ${(collection.body as { payment_collection: { id: string } }).payment_collection.id}`
    expect(linked?.cart_id).toBe(second.id)
    const options = await send("GET", `/store/shipping-options?cart_id=${first.id}&order=id`, headers)
    expect(options.status).toBe(200)
  })

  it("finds the cart that only Medusa could make or transfer as his open one", async () => {
    const { logIn } = await account()
    const shop = device()
    const headers = await logIn(shop)
    const made = await send(
      "POST",
      "/store/carts",
      { ...headers, "x-medusa-locale": "es-ES" },
      {
        region_id: demo().regions.es,
      },
    )
    expect(made.status).toBe(200)
    const mine = await send("GET", "/store/customers/me/cart", headers)
    expect((mine.body as { cart: { id: string } }).cart.id).toBe((made.body as { cart: { id: string } }).cart.id)
    expect((await send("GET", `/store/carts/${(made.body as { cart: { id: string } }).cart.id}`, {})).status).toBe(404)
  })

  it("by the log-in itself, where that brings the cart of the device; and by one that brings an unknown one", async () => {
    const { email, password, logIn } = await account()
    const laptop = device()
    const old = await filled(laptop, 1)
    await logIn(laptop)
    await laptop.store.cart.transferCart(old.id)
    const { id } = await filled(device(), 2)
    const phone = device({ "x-cart-id": id })
    const token = await phone.auth.login("customer", "emailpass", { email, password })
    const { cart } = await laptop.store.cart.retrieve(old.id)
    expect([typeof token, cart.id, cart.items?.map((it) => it.quantity)]).toEqual(["string", id, [3]])

    // What the client leaves out is in the answer.
    const next = await filled(device(), 4)
    const login = (cart: string, body: object) =>
      send("POST", "/auth/customer/emailpass", { "x-cart-id": cart }, { email, password, ...body })
    const merge = { policy: "sum", from: id, dropped: [] }
    const met = await login(next.id, {})
    expect([met.status, met.body]).toEqual([200, { token: expect.any(String), cart_id: next.id, merge }])
    const unknown = await login("cart_none", {})
    expect([unknown.status, unknown.body]).toMatchObject([
      200,
      { token: expect.any(String), cart_id: null, merge: { error: { type: "not_found" } } },
    ])
    const refused = await login((await filled(device(), 1)).id, { password: "wrong" })
    expect([refused.status, refused.body]).toEqual([401, { type: "unauthorized", message: expect.any(String) }])
    const { authorization } = await logIn(device())
    const session = await send("POST", "/auth/session", { authorization, "x-cart-id": old.id })
    expect(session.headers.get("set-cookie")).toContain("connect.sid")
    expect(session.body).toMatchObject({ user: { actor_type: "customer" }, cart_id: next.id })
  })

  it("by a session's cookie, too", async () => {
    const { logIn } = await account()
    const token = await logIn(device())
    const session = await send("POST", "/auth/session", token)
    const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? ""
    expect(cookie).toContain("connect.sid")
    const mine = await send("GET", "/store/customers/me/cart", { cookie })
    const { id } = (mine.body as { cart: { id: string } }).cart
    expect((await send("GET", "/store/customers/me/cart", token)).body).toMatchObject({ cart: { id } })
    const added = await send("POST", `/store/carts/${id}/line-items`, { cookie }, items(1)[0])
    expect(added.status).toBe(200)
    expect((await send("POST", "/store/carts", { cookie }, { items: items(1) })).body).toMatchObject({ cart: { id } })
    expect((await send("GET", `/store/carts/${id}`, { cookie: "connect.sid=s%3Aforged.x" })).status).toBe(404)
  })

  it("has place for the next cart when Medusa has made an order of this one", async () => {
    const { logIn } = await account()
    const headers = await logIn(device())
    const { cart } = (await send("GET", "/store/customers/me/cart", headers)).body as { cart: { id: string } }
    // As Medusa's own workflows do it, of which the counter hears nothing.
    await database.sql`update cart set completed_at = now() where id = ${cart.id}`
    const next = (await send("GET", "/store/customers/me/cart", headers)).body as { cart: { id: string } }
    expect(next.cart.id).not.toBe(cart.id)
  })
})
