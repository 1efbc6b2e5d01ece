import { randomUUID } from "node:crypto"
import { sign } from "hono/jwt"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type Config, loadConfig } from "../../../../src/config.ts"
import type { OpenCounter } from "../../../../src/server.ts"
import { demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { ask, until } from "../../../support/http.ts"
import { json, standInForFile } from "../../../support/stand-in.ts"

/** How often a change meets a merge: 5 times, or `MOVED_RACES` times. */
const TIMES = Number(process.env.MOVED_RACES ?? 5)

const SHARED: Partial<Config> = { cartMerge: "sum", cartAccess: "owner" }
const shop = standInForFile(SHARED)
/** The merge and the change come to two processes, which arrange nothing among themselves. */
let other: OpenCounter
beforeAll(async () => {
  other = await openTestCounter(shop.database.url, { ...SHARED, medusaUrl: shop.medusaUrl })
  await untilBuilt(shop.database, 60)
})
afterAll(async () => await other?.close())

beforeEach(() => {
  // As Medusa: it knows the carts that are there, and nothing of those that were merged into others.
  shop.answers = async ({ path, body }, response) => {
    const { cart_id } = JSON.parse(body.toString() || "{}") as { cart_id?: string }
    const id = cart_id ?? /^\/store\/carts\/([^/?]+)/.exec(path)?.[1] ?? ""
    const found = await shop.database.sql`select from cart where id = ${id} and deleted_at is null`
    if (found.length === 0) return json(response, 404, { type: "not_found", message: `Cart with id '${id}' not found` })
    json(response, 200, { cart: { id } })
  }
  shop.arrived.length = 0
})

const send = (url: string, path: string, body: object, headers: Record<string, string>) =>
  ask(url, path, {
    method: "POST",
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: JSON.stringify(body),
  })

/** A customer whose open cart is about to be merged into the guest's that he goes on with on another device. */
async function twoCarts() {
  const id = `cus_${randomUUID()}`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${`${id}@example.com`}, true)`
  const exp = Math.floor(Date.now() / 1000) + 3600
  const token = await sign({ exp, actor_type: "customer", actor_id: id }, loadConfig({}).jwtSecret, "HS256")
  const headers = { authorization: `Bearer ${token}` }
  const made = async (headers: Record<string, string>) => {
    const items = [{ variant_id: demo().variants.unmanaged, quantity: 1 }]
    const { body } = await send(other.url, "/store/carts", { region_id: demo().regions.es, items }, headers)
    return (body as { cart: { id: string } }).cart.id
  }
  const [old, fresh] = [await made(headers), await made({})]
  return { headers, old, fresh, merge: () => send(other.url, `/store/carts/${fresh}/customer`, {}, headers) }
}
/** What no lane does. */
const passedOn = { "x-medusa-locale": "es-ES" }
const arrivedAt = () => shop.arrived.map(({ path, body }) => `${path} ${body}`)

/** While `work` runs the merge stands still, with the locks of both carts. */
async function whileMerging(
  { old, merge }: Awaited<ReturnType<typeof twoCarts>>,
  work: () => ReturnType<typeof send>,
): Promise<[Awaited<ReturnType<typeof send>>, Awaited<ReturnType<typeof send>>]> {
  const { sql } = shop.database
  const waiting = async (what: string) =>
    (
      await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          and ${what === "advisory"} = (wait_event = 'advisory')`
    ).length > 0
  return await sql
    .begin(async (tx) => {
      await tx`select from cart where id = ${old} for update`
      const merging = merge()
      await until("the merge waits for the row", () => waiting("row"))
      const asked = work()
      await until("the change waits for the cart", () => waiting("advisory"))
      return { merging, asked }
    })
    .then(({ merging, asked }) => Promise.all([merging, asked]))
}

describe("what waits for a cart that is merged into another meanwhile", () => {
  it("is done to the one that has survived, once, also under a key", async () => {
    const carts = await twoCarts()
    const { old, fresh, headers } = carts
    const key = { "idempotency-key": randomUUID() }
    const change = () =>
      send(shop.counter.url, `/store/carts/${old}`, { locale: "es" }, { ...headers, ...passedOn, ...key })
    const [merged, changed] = await whileMerging(carts, change)
    expect([merged.status, changed.status, changed.body]).toEqual([200, 200, { cart: { id: fresh } }])
    expect(arrivedAt()).toEqual([`/store/carts/${fresh} {"locale":"es"}`])
    const again = await change()
    expect([again.text, again.headers.get("idempotency-replayed")]).toEqual([changed.text, "true"])
    expect(arrivedAt()).toHaveLength(1)
    // A change that never was counts for nothing.
    const [state] = await shop.database.sql`select handed_over from mostrador.cart_state where cart_id = ${old}`
    expect(state).toEqual({ handed_over: null })
  })

  it("is paid for as the one that has survived", async () => {
    const carts = await twoCarts()
    const { old, fresh, headers } = carts
    const key = { "idempotency-key": randomUUID() }
    const pay = () =>
      send(shop.counter.url, "/store/payment-collections?fields=id", { cart_id: old }, { ...headers, ...key })
    const [, paid] = await whileMerging(carts, pay)
    expect([paid.status, paid.body]).toEqual([200, { cart: { id: fresh } }])
    expect((await pay()).headers.get("idempotency-replayed")).toBe("true")
    expect(arrivedAt()).toEqual([`/store/payment-collections?fields=id {"cart_id":"${fresh}"}`])
  })

  it("has its lines called as they are there", async () => {
    const { old, fresh, headers, merge } = await twoCarts()
    const { sql } = shop.database
    const lineOf = async (cart: string) =>
      (await sql<{ id: string }[]>`select id from cart_line_item where cart_id = ${cart}`).at(0)?.id ?? ""
    const line = await lineOf(old)
    expect((await merge()).status).toBe(200)
    for (const cart of [old, fresh]) {
      const path = `/store/carts/${cart}/line-items/${line}?fields=id`
      const changed = await send(shop.counter.url, path, { quantity: 2 }, { ...headers, ...passedOn })
      expect(changed.status).toBe(200)
      const arrived = `/store/carts/${fresh}/line-items/${await lineOf(fresh)}?fields=id {"quantity":2}`
      expect(arrivedAt().at(-1)).toBe(arrived)
    }
  })

  it.each(Array.from({ length: TIMES }, (_, i) => i + 1))("is never told that there is none (%i)", async () => {
    const { old, fresh, headers, merge } = await twoCarts()
    const change = () => send(shop.counter.url, `/store/carts/${old}`, {}, { ...headers, ...passedOn })
    const answers = await Promise.all([change(), change(), merge(), change(), change()])
    expect(answers.map((it) => it.status)).toEqual([200, 200, 200, 200, 200])
    const [place] = await shop.database.sql`select cart_id from mostrador.cart_alias where id = ${old}`
    expect(place).toEqual({ cart_id: fresh })
  })
})

describe("a device whose cart is merged into another just while Medusa is asked for it", () => {
  it("is shown that one, and not that there is none", async () => {
    const { headers, old, fresh, merge } = await twoCarts()
    const asMedusa = shop.answers
    shop.answers = async (request, response) => {
      shop.answers = asMedusa
      expect((await merge()).status).toBe(200)
      asMedusa(request, response)
    }
    const key = { "x-publishable-api-key": demo().channels.web.publishable_key }
    const shown = await ask(shop.counter.url, `/store/carts/${old}`, { headers: { ...key, ...headers, ...passedOn } })
    expect([shown.status, shown.body]).toEqual([200, { cart: { id: fresh } }])
    expect(shop.arrived.map((it) => it.path)).toEqual([`/store/carts/${old}`, `/store/carts/${fresh}`])
    const none = await ask(shop.counter.url, "/store/carts/cart_none", { headers: { ...key, ...passedOn } })
    expect([none.status, (none.body as { type: string }).type]).toEqual([404, "not_found"])
  })
})

describe("a cart that Medusa makes for a customer just while another device begins his first one", () => {
  it("is his beside that one, and the device is told of it", async () => {
    const { sql } = shop.database
    const { headers, fresh: first, old } = await twoCarts()
    const [{ customer_id = "" } = {}] = await sql<{ customer_id: string }[]>`
      delete from mostrador.cart_owner where cart_id = ${old} returning customer_id`
    shop.answers = (_, response) => json(response, 200, { cart: { id: old } })
    const begun = await sql
      .begin(async (tx) => {
        await tx`insert into mostrador.cart_owner (cart_id, customer_id) values (${first}, ${customer_id})`
        const beginning = send(shop.counter.url, "/store/carts", {}, { ...headers, ...passedOn })
        await until("it waits for the place", async () => {
          const waiting = await sql`
            select from pg_stat_activity where datname = current_database() and wait_event = 'transactionid'`
          return waiting.length > 0
        })
        return { beginning }
      })
      .then(({ beginning }) => beginning)
    expect([begun.status, begun.body]).toEqual([200, { cart: { id: old } }])
    const owned = await sql`
      select cart_id, is_open from mostrador.cart_owner where customer_id = ${customer_id} order by is_open`
    expect(owned).toEqual([
      { cart_id: old, is_open: false },
      { cart_id: first, is_open: true },
    ])
  })
})
