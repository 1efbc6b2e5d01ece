import { randomUUID } from "node:crypto"
import { sign } from "hono/jwt"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Config, loadConfig } from "../../../../src/config.ts"
import type { OpenCounter } from "../../../../src/server.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { ask } from "../../../support/http.ts"

// No Medusa is there: what a lane does not do itself fails.
const SHARED: Partial<Config> = { cartMerge: "sum", cartAccess: "owner" }
const shop = counterForFile(SHARED)
/** Where customers have as many carts as they begin. */
let apart: OpenCounter
beforeAll(async () => {
  apart = await openTestCounter(shop.database.url, { cartMerge: "off", cartAccess: "owner" })
  await untilBuilt(shop.database, 60)
})
afterAll(async () => await apart?.close())

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
