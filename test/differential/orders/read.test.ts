import fc from "fast-check"
import type { Sql } from "postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { demo } from "../../support/counter.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type CartShop, keyOf, openCartShop, UNORDERED_IN_CARTS } from "../carts/shop.ts"
import { answeredByLane } from "../catalog/shop.ts"
import { expectSame, send } from "../compare.ts"
import { fillShelves } from "../shelves.ts"
import { LIST_FIELDS, ONE_FIELDS, RELATIONS, STOREFRONTS } from "./fields.ts"
import { manyOrders, newCustomer, order } from "./world.ts"

/** `ORDER_RUNS` for more. */
const RUNS = Number(process.env.ORDER_RUNS ?? 60)
/** Medusa reads these without an order. */
const LIKENESS = {
  exactly: true,
  unordered: [...UNORDERED_IN_CARTS, "payments", "payment_collections", "fulfillments"],
}

let shop: CartShop
let customer: Record<string, string>
let orders: Record<string, string>
let database: Database | undefined
let sql: Sql
let tidyUp: (() => Promise<void>) | undefined
beforeAll(async () => {
  shop = await openCartShop()
  database = openDatabase(theMedusa().databaseUrl, { connections: 1 })
  sql = database.sql
  tidyUp = await fillShelves(sql)
  customer = await newCustomer(shop)
  orders = await manyOrders(shop, customer)
}, 600_000)
afterAll(async () => {
  await tidyUp?.()
  await shop?.counter.close()
  await database?.close()
})

const at = (id: string | undefined, fields?: string) =>
  `/store/orders/${id}${fields === undefined ? "" : `?fields=${encodeURIComponent(fields)}`}`
const listed = (query: Record<string, string> = {}) => `/store/orders?${new URLSearchParams(query)}`
const ask = (path: string, headers: Record<string, string> = customer) =>
  expectSame(shop.sides, { path, headers: { ...keyOf("web"), ...headers } }, LIKENESS)

/** Asks both sides for the same, and expects that the lane has answered. */
async function askLane(path: string) {
  const before = await answeredByLane(shop.sides)
  const answer = await ask(path)
  expect([path, answer.status, (await answeredByLane(shop.sides)) - before]).toEqual([path, 200, 1])
  return answer.body
}
interface Page {
  orders: { id: string; fulfillment_status: string; payment_status: string }[]
  count: number
}
const askPage = async (query?: Record<string, string>) => (await askLane(listed(query))) as Page

describe("an order reads as Medusa reads it, from the lane", () => {
  it("whatever staff have done with it, and whichever storefront asks", { timeout: 300_000 }, async () => {
    const states: Record<string, string[]> = {}
    for (const [name, id] of Object.entries(orders)) {
      const { order } = (await askLane(at(id))) as { order: Record<string, string> }
      states[name] = [order.status ?? "", order.payment_status ?? "", order.fulfillment_status ?? ""]
      for (const fields of STOREFRONTS.one) await askLane(at(id, fields))
    }
    // That they are in these states, so that something was compared.
    expect(states).toMatchObject({
      placed: ["pending", "authorized", "not_fulfilled"],
      captured: ["pending", "captured", "not_fulfilled"],
      "captured in part": ["pending", "partially_captured", "not_fulfilled"],
      "refunded in part": ["pending", "partially_refunded", "not_fulfilled"],
      "fulfilled in part": ["pending", "authorized", "partially_fulfilled"],
      fulfilled: ["pending", "authorized", "fulfilled"],
      shipped: ["pending", "authorized", "shipped"],
      delivered: ["completed", "captured", "delivered"],
      "in two parcels": ["pending", "authorized", "partially_shipped"],
      unpacked: ["pending", "authorized", "canceled"],
      canceled: ["canceled", "canceled", "not_fulfilled"],
      archived: ["archived", "authorized", "not_fulfilled"],
    })
    const { order: edited } = (await askLane(at(orders.edited))) as { order: { version: number; items: unknown[] } }
    expect([edited.version > 1, edited.items.length]).toEqual([true, 4])
  })

  it("that the counter has placed", { timeout: 60_000 }, async () => {
    const id = await order(shop, customer, {}, "counter")
    await askLane(at(id))
    expect((await askPage({ order: "-id", limit: "1" })).orders.map((it) => it.id)).toEqual([id])
  })

  it("when its cart is completed once more", { timeout: 60_000 }, async () => {
    for (const name of ["shipped", "come back", "edited"]) {
      const [row] = await sql<{ cart_id: string }[]>`
        select cart_id from order_cart where order_id = ${orders[name] ?? ""}`
      const path = `/store/carts/${row?.cart_id}/complete`
      const before = await answeredByLane(shop.sides)
      const asked = { method: "POST", path, headers: keyOf("web") }
      const { status, body } = await expectSame(shop.sides, asked, LIKENESS)
      expect([status, body, (await answeredByLane(shop.sides)) - before]).toMatchObject([
        200,
        { order: { id: orders[name] } },
        1,
      ])
    }
  })

  it(`${RUNS} generated fields of any of them`, { timeout: 60_000 + RUNS * 1_000 }, async () => {
    const asked = fc.tuple(fc.constantFrom(...Object.keys(orders)), someFields(ONE_FIELDS, RELATIONS))
    await mostlyByLane((run) =>
      fc.asyncProperty(asked, async ([name, fields]) => await run(at(orders[name], fields.join(",")))),
    )
  })

  it("each field that Medusa allows by itself", { timeout: 300_000 }, async () => {
    for (const field of ONE_FIELDS) await ask(at(orders.shipped, field))
  })
})

describe("a customer's orders read as Medusa reads them, from the lane", () => {
  it("the oldest first, each once, and whichever storefront asks", { timeout: 120_000 }, async () => {
    const { orders: mine, count } = await askPage()
    expect(mine.map((it) => it.id)).toEqual(expect.arrayContaining(Object.values(orders)))
    expect([count, new Set(mine.map((it) => it.id)).size]).toEqual([mine.length, mine.length])
    for (const fields of STOREFRONTS.list) await askPage({ fields })
  })

  it.each<Record<string, string>>([
    { limit: "3" },
    { limit: "3", offset: "2" },
    { limit: "100", offset: "1000" },
    { order: "-created_at", limit: "5" },
    { order: "created_at", offset: "4" },
    { order: "-display_id", limit: "2" },
    { order: "display_id" },
    { order: "-id" },
    { order: "-updated_at" },
    { status: "completed" },
    { "status[]": "canceled,archived" },
    { "status[0]": "pending", "status[1]": "completed", limit: "4" },
    { id: "order_none" },
    { id: "" },
  ])("by %o", async (query) => {
    await askPage(query)
  })

  it("by their ids", async () => {
    const ids = [orders.placed, orders.shipped]
    expect((await askPage({ id: orders.edited ?? "" })).orders.map((it) => it.id)).toEqual([orders.edited])
    const { orders: two, count } = await askPage({ "id[]": ids.join(",") })
    expect([two.map((it) => it.id), count]).toEqual([ids, 2])
  })

  it(`${RUNS} generated fields of a page of them`, { timeout: 60_000 + RUNS * 1_000 }, async () => {
    const offset = fc.integer({ min: 0, max: 17 })
    const asked = fc.tuple(
      offset,
      someFields(
        LIST_FIELDS,
        RELATIONS.filter((it) => LIST_FIELDS.includes(it)),
      ),
    )
    await mostlyByLane((run) =>
      fc.asyncProperty(asked, async ([offset, fields]) => {
        await run(listed({ offset: String(offset), limit: "4", fields: fields.join(",") }))
      }),
    )
  })

  it("each field that Medusa allows by itself", { timeout: 300_000 }, async () => {
    for (const field of LIST_FIELDS) await ask(listed({ limit: "3", fields: field }))
  })
})

/** What Medusa is to answer: it says there what is wrong, or does what no lane can. */
it.each([
  ...[
    "limit=0",
    "limit=101",
    "limit=a",
    "offset=-1",
    "with_deleted=true",
    "order=total",
    "order=status",
    "order=nothing",
  ],
  ...["q=vega", "status=nothing", "status=", "customer_id=cus_1", "is_draft_order=true", "$and[0][status]=pending"],
  ...["$or[0][status]=completed&$or[1][status]=archived", "id[$in]=order_1", "fields[]=id", "order=metadata"],
])("what the lane leaves to Medusa is answered by it: %s", async (query) => {
  await ask(`/store/orders?${query}`)
})

describe("whose orders they are", () => {
  it("nobody sees those of others in his list", { timeout: 60_000 }, async () => {
    const other = await newCustomer(shop)
    const askAsOther = (query: string) => ask(`/store/orders?${query}`, other)
    expect((await askAsOther("")).body).toEqual({ orders: [], count: 0, offset: 0, limit: 50 })
    expect((await askAsOther(`id=${orders.placed}`)).body).toMatchObject({ orders: [], count: 0 })
    const own = await order(shop, other, {})
    expect((await askAsOther("fields=id")).body).toMatchObject({ orders: [{ id: own }], count: 1 })
    expect((await ask(listed({ id: own }))).body).toMatchObject({ orders: [], count: 0 })
  })

  it("who is nobody, or no customer, gets 401, also for what is wrong besides", async () => {
    const tokens = [{}, { authorization: "Bearer nonsense" }, { authorization: "Basic dmVnYQ==" }, shop.admin]
    for (const headers of tokens as Record<string, string>[]) {
      for (const query of ["", "fields=id", "limit=a", "nothing=1"]) {
        const { status, body } = await send(shop.sides.counter, {
          path: `/store/orders?${query}`,
          headers: { ...keyOf("web"), ...headers },
        })
        expect([query, status, body]).toEqual([query, 401, { message: "Unauthorized" }])
        await ask(`/store/orders?${query}`, headers)
      }
    }
    const cookie = { cookie: "connect.sid=s%3Anobody.nothing" }
    expect((await ask("/store/orders", cookie)).status).toBe(401)
  })

  it("without a publishable key, or with a wrong one, nobody is asked who he is", async () => {
    for (const path of ["/store/orders", at(orders.placed)]) {
      for (const key of [{}, { "x-publishable-api-key": "pk_none" }] as Record<string, string>[]) {
        const answer = await expectSame(shop.sides, { path, headers: { ...customer, ...key } })
        expect([path, answer.status]).toEqual([path, 400])
      }
    }
  })

  it("an order can be read by whoever knows its id, and by no other name", async () => {
    expect((await ask(at(orders.placed, "id,*customer,customer.email"), {})).status).toBe(200)
    expect((await ask(at("order_none"), {})).status).toBe(404)
    expect((await ask(at("order_none", "id"), {})).status).toBe(404)
  })
})

describe("what few shops have", () => {
  it("a draft is no order yet", async () => {
    const { body } = await send(shop.sides.medusa, {
      ...{ method: "POST", path: "/admin/draft-orders", headers: shop.admin },
      body: { email: "vega@example.com", region_id: demo().regions.es, customer_id: await customerId() },
    })
    const { draft_order } = body as { draft_order: { id: string } }
    expect((await ask(at(draft_order.id))).status).toBe(404)
    expect((await askPage({ id: draft_order.id })).orders).toEqual([])
  })

  it("an order that is deleted is not there", { timeout: 60_000 }, async () => {
    const id = await order(shop, customer, {})
    await sql`update "order" set deleted_at = now() where id = ${id}`
    expect((await ask(at(id))).status).toBe(404)
    expect((await askPage({ id })).count).toBe(0)
  })

  it("a line whose variant and product are gone", { timeout: 60_000 }, async () => {
    const id = await order(shop, customer, {})
    await sql`
      update order_line_item set variant_id = 'variant_gone', product_id = 'prod_gone'
      where id in (select min(item_id) from order_item where order_id = ${id})`
    for (const fields of [undefined, ...STOREFRONTS.one]) await askLane(at(id, fields))
    for (const fields of STOREFRONTS.list) await askPage({ id, fields })
  })

  it("prices, notes and amounts of a line that another version of the order has", { timeout: 60_000 }, async () => {
    const id = await order(shop, customer, { code: true })
    await sql`
      update order_item set unit_price = 7.123456789, raw_unit_price = '{"value":"7.1234567890","precision":20}',
        compare_at_unit_price = 9, raw_compare_at_unit_price = '{"value":"9.0","precision":20}', metadata = '{"of": "it"}'
      where order_id = ${id}`
    for (const fields of [undefined, "*items", "items.title", "items.unit_price,items.quantity", "*items.detail"]) {
      await ask(at(id, fields))
    }
    await askPage({ id })
    await askPage({ id, fields: "id" })
  })

  it("several payments, and one that is no more", { timeout: 60_000 }, async () => {
    const id = await order(shop, customer, {})
    await sql`
      with made as (
        insert into payment_collection (id, currency_code, amount, raw_amount, status, captured_amount, raw_captured_amount)
        select 'pay_col_' || ${id} || n, 'eur', 10, '{"value":"10","precision":20}', 'completed', 10, '{"value":"10","precision":20}'
        from generate_series(1, 2) n returning id
      ) insert into order_payment_collection (order_id, payment_collection_id, id) select ${id}, id, 'ordpay_' || id from made`
    await askLane(at(id))
    await askPage({ id, fields: "*payment_collections" })
    await sql`update payment_collection set deleted_at = now() where id = ${`pay_col_${id}1`}`
    await ask(at(id))
  })

  it("what a shopper writes into his order as if it were an amount", { timeout: 60_000 }, async () => {
    const id = await order(shop, customer, {})
    await sql`update "order" set metadata = '{"raw_gift": {"value": "5"}}' where id = ${id}`
    await ask(at(id, "+metadata"))
    await ask(listed({ id }))
  })

  it("units that are neither whole nor there any more", { timeout: 60_000 }, async () => {
    const id = await order(shop, customer, { code: true })
    const set = (units: number) => sql`
      update order_item set quantity = ${units}, raw_quantity = jsonb_build_object('value', ${String(units)}::text, 'precision', 20)
      where order_id = ${id} and id = (select min(id) from order_item where order_id = ${id})`
    await set(2.5)
    await askLane(at(id))
    await set(0)
    await ask(at(id))
    await ask(listed({ id }))
  })
})

const customerId = async () => {
  const { body } = await ask("/store/customers/me")
  return (body as { customer: { id: string } }).customer.id
}

/** A plain list, or changes of the defaults. */
function someFields(names: readonly string[], relations: readonly string[]) {
  const whole = fc.constantFrom(...relations).map((it) => `*${it}`)
  const name = fc.constantFrom(...names)
  const change = fc.tuple(fc.constantFrom("+", "-"), fc.constantFrom(...names, ...relations)).map((it) => it.join(""))
  const list = (of: fc.Arbitrary<string>) => fc.uniqueArray(of, { minLength: 1, maxLength: 6 })
  return fc.oneof(list(fc.oneof(name, name, whole)), list(fc.oneof(change, whole)))
}

/** Runs a property whose requests are compared, and expects that the lane has answered most of them. */
async function mostlyByLane(property: (run: (path: string) => Promise<void>) => fc.IAsyncProperty<unknown>) {
  const before = await answeredByLane(shop.sides)
  let good = 0
  const run = async (path: string) => {
    if ((await ask(path)).status === 200) good++
  }
  await fc.assert(property(run), { numRuns: RUNS })
  const byLane = (await answeredByLane(shop.sides)) - before
  process.stdout.write(`  ${RUNS} requests, ${good} of them good, ${byLane} answered by the lane\n`)
  expect(byLane).toBeGreaterThan(good / 2)
}
