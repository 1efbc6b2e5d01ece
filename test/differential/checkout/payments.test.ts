import type { Sql } from "postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { demo } from "../../support/counter.ts"
import { type Answer, ask } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type CartShop, keyOf, openCartShop, SPANISH } from "../carts/shop.ts"
import { answeredByLane } from "../catalog/shop.ts"
import { expectSame, normalise, send } from "../compare.ts"

type Side = "counter" | "medusa"
const SIDES: Side[] = ["medusa", "counter"]
const OFFLINE = "pp_system_default"

let shop: CartShop
let database: Database | undefined
let sql: Sql
beforeAll(async () => {
  shop = await openCartShop()
  database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
  sql = database.sql
}, 300_000)
afterAll(async () => {
  await shop?.counter.close()
  await database?.close()
})

/** Makes a cart through Medusa. */
async function open(body: object = {}, headers = {}): Promise<string> {
  const { regions, variants } = demo()
  const items = [{ variant_id: variants.unmanaged, quantity: 3 }]
  const cart = { region_id: regions.es, email: "vega@example.com", shipping_address: SPANISH, items, ...body }
  const answer = await shop.medusa("POST", "/store/carts", cart, headers)
  return (answer.body as { cart: { id: string } }).cart.id
}

const post = (side: Side, path: string, body: unknown, headers = {}): Promise<Answer> =>
  send(shop.sides[side], { method: "POST", path, body, headers: { ...keyOf("web"), ...headers } })
const collect = (side: Side, cart_id: string) => post(side, "/store/payment-collections", { cart_id })
const begin = (side: Side, collection: string, body: object = { provider_id: OFFLINE }, headers = {}) =>
  post(side, `/store/payment-collections/${collection}/payment-sessions`, body, headers)
const idIn = ({ body }: Answer) => (body as { payment_collection: { id: string } }).payment_collection.id

const COLLECTIONS = "select payment_collection_id from cart_payment_collection where cart_id = $1"
const HOLDERS = `select account_holder_id from customer_account_holder
  where customer_id = (select customer_id from cart where id = $1)`
const TABLES: Record<string, string> = {
  cart: "id = $1",
  cart_payment_collection: "cart_id = $1",
  payment_collection: `id in (${COLLECTIONS})`,
  payment_session: `payment_collection_id in (${COLLECTIONS})`,
  payment: `payment_collection_id in (${COLLECTIONS})`,
  account_holder: `id in (${HOLDERS})`,
  customer_account_holder: `account_holder_id in (${HOLDERS})`,
}

/** All rows by which a cart is paid. */
async function rowsOf(cart: string): Promise<unknown> {
  const found: Record<string, unknown> = {}
  for (const [table, where] of Object.entries(TABLES)) {
    const rows = await sql.unsafe(`select to_jsonb(it) as row from "${table}" it where ${where}`, [cart])
    found[table] = rows.map(({ row }) =>
      Object.fromEntries(
        // When a row was written, it was not before; otherwise it may have been changed.
        Object.entries(row).map(([name, value]) => [name, /_at$/.test(name) && value !== null ? "<time>" : value]),
      ),
    )
  }
  return normalise(found)
}

interface Pair {
  carts: Record<Side, string>
  /** The same done to both, each on its own side, by a lane on ours. */
  expectSame(work: (side: Side, cart: string) => Promise<Answer>): Promise<Record<Side, Answer>>
}

/** Two carts that are alike. */
async function pair(make: () => Promise<string> = open): Promise<Pair> {
  const carts = { medusa: await make(), counter: await make() }
  return {
    carts,
    async expectSame(work) {
      const medusa = await work("medusa", carts.medusa)
      const before = await answeredByLane(shop.sides)
      const counter = await work("counter", carts.counter)
      expect((await answeredByLane(shop.sides)) - before).toBe(1)
      const shown = ({ status, body }: Answer) => ({ status, body: normalise(body) })
      expect(shown(counter)).toEqual(shown(medusa))
      expect(await rowsOf(carts.counter)).toEqual(await rowsOf(carts.medusa))
      return { medusa, counter }
    },
  }
}

describe("a payment collection is Medusa's", () => {
  it.each<[string, object]>([
    ["of a cart with tax in its prices", {}],
    ["of an empty cart", { items: [] }],
    ["in another currency", { region_id: "gb", shipping_address: { ...SPANISH, country_code: "gb" } }],
    ["of an amount that is no round one", { items: [{ variant_id: "shared_a", quantity: 1 }], promo_codes: ["code"] }],
  ])("%s", { timeout: 60_000 }, async (_, body) => {
    const { regions, variants, promotions } = demo()
    const text = JSON.stringify(body)
      .replace('"gb"', `"${regions.gb}"`)
      .replace('"shared_a"', `"${variants.shared_a}"`)
      .replace('"code"', `"${promotions.code}"`)
    const { expectSame } = await pair(() => open(JSON.parse(text)))
    const made = await expectSame(collect)
    const again = await expectSame(collect)
    for (const side of SIDES) expect(idIn(again[side])).toBe(idIn(made[side]))
  })

  it("of a cart that changes afterwards: it stays, and then follows", { timeout: 60_000 }, async () => {
    const { carts, expectSame } = await pair()
    await expectSame(collect)
    for (const side of SIDES) {
      await post(side, `/store/carts/${carts[side]}/line-items`, {
        ...{ variant_id: demo().variants.unmanaged, quantity: 1 },
      })
    }
    await expectSame(collect)
  })

  it("and none is made twice by requests at once", async () => {
    const cart = await open()
    const answers = await Promise.all(Array.from({ length: 20 }, () => collect("counter", cart)))
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]))
    expect(new Set(answers.map(idIn)).size).toBe(1)
    expect(await sql`select from cart_payment_collection where cart_id = ${cart}`).toHaveLength(1)
  })

  it("of a cart that is an order, a deleted one, or none", { timeout: 60_000 }, async () => {
    const ordered = await open()
    const deleted = await open()
    await sql`update cart set completed_at = now() where id = ${ordered}`
    await sql`update cart set deleted_at = now() where id = ${deleted}`
    for (const cart_id of [ordered, deleted, "cart_none"]) {
      const path = "/store/payment-collections"
      const asked = { method: "POST", path, body: { cart_id }, headers: keyOf("web") }
      expect((await expectSame(shop.sides, asked)).status).toBeGreaterThanOrEqual(400)
      expect(await sql`select from cart_payment_collection where cart_id = ${cart_id}`).toHaveLength(0)
    }
  })
})

describe("a payment session is Medusa's", () => {
  /** Begins to pay on both sides. */
  const beginOf =
    (collections: Record<Side, string>, body?: object, headers = {}) =>
    (side: Side) =>
      begin(side, collections[side], body, headers)

  async function paying(make?: () => Promise<string>) {
    const made = await pair(make)
    const answers = await made.expectSame(collect)
    return { ...made, collections: { medusa: idIn(answers.medusa), counter: idIn(answers.counter) } }
  }

  it("of a guest, and again, with what the provider is to be told", { timeout: 60_000 }, async () => {
    const { collections, expectSame } = await paying()
    await expectSame(beginOf(collections))
    await expectSame(beginOf(collections, { provider_id: OFFLINE, data: { till: 3, note: ["a", null] } }))
  })

  it("of a customer: who pays for the first time is known to the provider from then on", {
    timeout: 60_000,
  }, async () => {
    const { body } = await ask(shop.sides.medusa, "/store/customers/me", {
      headers: { ...keyOf("web"), ...shop.customer },
    })
    const { id } = (body as { customer: { id: string } }).customer
    const forget = async () => {
      await sql`
        delete from account_holder
        where id in (select account_holder_id from customer_account_holder where customer_id = ${id})`
      await sql`delete from customer_account_holder where customer_id = ${id}`
    }
    const { carts, collections, expectSame } = await paying(() => open({}, shop.customer))
    await forget()
    const first = await begin("medusa", collections.medusa, undefined, shop.customer)
    const theirs = await rowsOf(carts.medusa)
    await forget()
    const ours = await begin("counter", collections.counter, undefined, shop.customer)
    expect({ status: ours.status, body: normalise(ours.body) }).toEqual({
      ...{ status: 200, body: normalise(first.body) },
    })
    expect(await rowsOf(carts.counter)).toEqual(theirs)
    await expectSame(beginOf(collections, undefined, shop.customer))
  })

  it("that a change of the cart ends", { timeout: 60_000 }, async () => {
    const { carts, collections, expectSame } = await paying()
    await expectSame(beginOf(collections))
    for (const side of SIDES) {
      await post(side, `/store/carts/${carts[side]}/line-items`, {
        ...{ variant_id: demo().variants.unmanaged, quantity: 1 },
      })
    }
    expect(await rowsOf(carts.counter)).toEqual(await rowsOf(carts.medusa))
    await expectSame(beginOf(collections))
  })

  it("and 20 at once leave one", async () => {
    const cart = await open()
    const collection = idIn(await collect("counter", cart))
    const answers = await Promise.all(Array.from({ length: 20 }, () => begin("counter", collection)))
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]))
    expect(await sql`select from payment_session where payment_collection_id = ${collection}`).toHaveLength(1)
  })

  it("once under an Idempotency-Key", async () => {
    const collection = idIn(await collect("counter", await open()))
    const twice = () => begin("counter", collection, undefined, { "idempotency-key": `pay-${collection}` })
    const [first, second] = [await twice(), await twice()]
    expect([first.status, second.text]).toEqual([200, first.text])
  })

  it("but does not change the cart's version; who has read the cart before writes it all the same", async () => {
    const cart = await open()
    const version = async () =>
      (await ask(shop.sides.counter, `/store/carts/${cart}`, { headers: keyOf("web") })).headers.get("etag")
    const before = await version()
    const collection = idIn(await collect("counter", cart))
    const { headers } = await begin("counter", collection)
    expect([headers.get("etag"), await version()]).toEqual([before, before])
    expect(
      await sql`select name, subject_id, version::int as version from mostrador.event
      where subject_id = ${cart} order by position`,
    ).toEqual([
      { name: "cart.payment_collection_created", subject_id: cart, version: 0 },
      { name: "cart.payment_session_created", subject_id: cart, version: 0 },
    ])
    const changed = await post("counter", `/store/carts/${cart}`, { metadata: { a: 1 } }, { "if-match": before ?? "" })
    expect(changed.status).toBe(200)
  })

  it.each<[string, object | string]>([
    ["a provider that the region has not", { provider_id: "pp_unknown" }],
    ["no provider", {}],
    ["data that is none", { provider_id: OFFLINE, data: "text" }],
    ["half of a body", '{"provider_id":'],
    ["more than is asked", { provider_id: OFFLINE, amount: 1 }],
  ])("refused for %s, and nothing is left", { timeout: 60_000 }, async (_, body) => {
    const cart = await open()
    const collection = idIn(await collect("counter", cart))
    await begin("counter", collection)
    const standing = await rowsOf(cart)
    const path = `/store/payment-collections/${collection}/payment-sessions`
    const answer = await expectSame(shop.sides, { method: "POST", path, body, headers: keyOf("web") })
    expect(answer.status).toBe(400)
    expect(await rowsOf(cart)).toEqual(standing)
  })

  it("refused without a key, and for a collection that there is not", { timeout: 60_000 }, async () => {
    const collection = idIn(await collect("counter", await open()))
    const path = `/store/payment-collections/${collection}/payment-sessions`
    const body = { provider_id: OFFLINE }
    expect((await expectSame(shop.sides, { method: "POST", path, body })).status).toBe(400)
    const asked = { method: "POST", path: "/store/payment-collections", body: { cart_id: "cart_none" } }
    expect((await expectSame(shop.sides, asked)).status).toBe(400)
    const unknown = "/store/payment-collections/pay_col_none/payment-sessions"
    expect((await expectSame(shop.sides, { method: "POST", path: unknown, body, headers: keyOf("web") })).status).toBe(
      500,
    )
  })
})
