import { describe, expect, it } from "vitest"
import { counterForFile, demo } from "../../support/counter.ts"
import { admin, audit, guest, type Headers, send, signIn, tillIn, tokenOf } from "../../support/desks.ts"
import { follow } from "../../support/events.ts"
import { until } from "../../support/http.ts"

const shop = counterForFile({ cartMerge: "sum" })
const [lucia, oriol] = demo().customers
const madrid = tillIn("madrid")

const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  send(shop.counter.url, method, path, headers, body)
const asCustomer = async (id = lucia?.id) => ({
  ...guest(),
  ...(await tokenOf({ actor_type: "customer", actor_id: id })),
})
const cartOf = async (id = lucia?.id) =>
  (await call("GET", `/store/customers/me/cart?region_id=${demo().regions.es}`, await asCustomer(id))).body.cart
const newCart = async (headers: Headers) => (await call("POST", "/pos/carts", headers, {})).body.cart

/** Something that lies in Madrid, at least so many. */
async function inMadrid(least = 20) {
  const [found] = await shop.database.sql<{ id: string; ean: string; sku: string }[]>`
    select variant.id, variant.ean, variant.sku from product_variant variant
    join product_variant_inventory_item part on part.variant_id = variant.id and part.required_quantity = 1
    join inventory_level level on level.inventory_item_id = part.inventory_item_id
    where variant.ean is not null and level.location_id = ${madridId()} and not variant.allow_backorder
      and level.stocked_quantity - level.reserved_quantity >= ${least}
    order by variant.sku limit 1`
  if (!found) throw new Error("there is nothing in Madrid")
  return found
}
const madridId = () => demo().stock_locations.madrid
const levels = async (variantId: string) => {
  const rows = await shop.database.sql<{ location_id: string; left: number }[]>`
    select location_id, (stocked_quantity - reserved_quantity)::float8 as left from inventory_level
    where inventory_item_id in (select inventory_item_id from product_variant_inventory_item where variant_id = ${variantId})`
  return Object.fromEntries(rows.map((it) => [it.location_id, it.left]))
}

describe("a cart at the till", () => {
  it("is begun in the till's channel and its country's region, scanned into, and sold for cash", async () => {
    const headers = await signIn(shop, "madrid")
    const begun = await call("POST", "/pos/carts", headers, {})
    expect(begun.status).toBe(200)
    const { cart } = begun.body
    expect(cart).toMatchObject({
      sales_channel_id: demo().channels.pos.sales_channel_id,
      region_id: demo().regions.es,
    })
    const { id: variant, ean, sku } = await inMadrid()
    const before = await levels(variant)
    const scanned = await call("POST", `/pos/carts/${cart.id}/scan`, headers, { barcode: ean, quantity: 2 })
    expect([scanned.status, scanned.body.cart.items]).toEqual([
      200,
      [expect.objectContaining({ id: scanned.body.line_id, variant_id: variant, quantity: 2 })],
    ])
    const again = await call("POST", `/pos/carts/${cart.id}/scan`, headers, { barcode: sku })
    expect(again.body.cart.items[0].quantity).toBe(3)
    const fewer = await call("POST", `/pos/carts/${cart.id}/line-items/${scanned.body.line_id}`, headers, {
      quantity: 2,
    })
    const { total } = fewer.body.cart

    const short = await call("POST", `/pos/carts/${cart.id}/pay`, headers, { tender: "cash", amount: total - 0.01 })
    expect([short.status, short.body]).toMatchObject([400, { code: "amount_too_small", details: { due: total } }])
    expect(await levels(variant)).toEqual(before)

    const paid = await call("POST", `/pos/carts/${cart.id}/pay`, headers, { tender: "cash", amount: total + 5 })
    expect([paid.status, paid.body]).toMatchObject([
      200,
      {
        order: { total, status: "pending" },
        receipt: {
          ...{ till_id: madrid.id, total, amount_given: total + 5, change: 5, currency_code: "eur" },
          ...{ number: "MAD-000001", lines: [{ sku, quantity: 2, total }] },
        },
      },
    ])
    expect(await levels(variant)).toEqual({ ...before, [madridId()]: (before[madridId()] ?? 0) - 2 })

    const twice = await call("POST", `/pos/carts/${cart.id}/pay`, headers, { tender: "cash", amount: total + 50 })
    expect([twice.status, twice.body.order.id, twice.body.receipt]).toEqual([
      200,
      paid.body.order.id,
      paid.body.receipt,
    ])
    const captured = await shop.database.sql`
      select payment_collection.status, capture.amount::float8 as amount from order_payment_collection
      join payment_collection on payment_collection.id = payment_collection_id
      join payment on payment.payment_collection_id = payment_collection.id
      join capture on capture.payment_id = payment.id where order_id = ${paid.body.order.id}`
    expect(captured).toEqual([{ status: "completed", amount: total }])
    const [known] = await shop.database.sql`
      select channel_id, till_id, actor->>'type' as actor from mostrador.order_channel where order_id = ${paid.body.order.id}`
    expect(known).toEqual({ channel_id: demo().channels.pos.channel_id, till_id: madrid.id, actor: "cashier" })
  })

  it("gives receipts numbers without gaps, also while some sales fail and all come at once", async () => {
    const headers = await signIn(shop, "madrid")
    const { id: variant } = await inMadrid()
    const carts = await Promise.all(Array.from({ length: 8 }, () => newCart(headers)))
    for (const { id } of carts) {
      await call("POST", `/pos/carts/${id}/line-items`, headers, { variant_id: variant, quantity: 1 })
    }
    const paid = await Promise.all(
      carts.flatMap(({ id }, i) =>
        [1, 2].map(() =>
          call("POST", `/pos/carts/${id}/pay`, headers, { tender: "cash", amount: i % 4 === 3 ? 0 : 500 }),
        ),
      ),
    )
    expect(paid.map((it) => it.status).sort()).toEqual([...Array(12).fill(200), ...Array(4).fill(400)])
    const rows = await shop.database.sql<{ number: string }[]>`
      select number::text as number from mostrador.till_payment where till_id = ${madrid.id} order by till_payment.number`
    expect(rows.map((it) => Number(it.number))).toEqual(rows.map((_, i) => i + 1))
    const numbers = new Set(paid.filter((it) => it.status === 200).map((it) => it.body.receipt.number))
    expect(numbers.size).toBe(6)
  })

  it("sells what the shop keeps back for its own counter, and nothing that lies elsewhere", async () => {
    const headers = await signIn(shop, "madrid")
    const { id: variant } = await inMadrid(5)
    const before = await levels(variant)
    const here = before[madridId()] ?? 0
    const kept = await send(shop.counter.url, "POST", "/admin/omnichannel/safety-stock", await admin(), {
      ...{ variant_id: variant, location_id: madridId(), quantity: here },
    })
    expect(kept.status).toBe(200)
    const { id } = await newCart(headers)
    await call("POST", `/pos/carts/${id}/line-items`, headers, { variant_id: variant, quantity: here })
    const more = await newCart(headers)
    await call("POST", `/pos/carts/${more.id}/line-items`, headers, { variant_id: variant, quantity: 1 })
    expect((await call("POST", `/pos/carts/${id}/pay`, headers, { tender: "cash", amount: 90_000 })).status).toBe(200)
    expect(await levels(variant)).toEqual({ ...before, [madridId()]: 0 })
    const none = await call("POST", `/pos/carts/${more.id}/pay`, headers, { tender: "cash", amount: 90_000 })
    expect([none.status, none.body]).toMatchObject([
      400,
      { code: "insufficient_inventory", details: { lines: [{ variant_id: variant, quantity: 1, left: 0 }] } },
    ])
  })

  it("says what is wrong with a code: nothing has it, or it is not sold here", async () => {
    const headers = await signIn(shop, "madrid")
    const { id } = await newCart(headers)
    const unknown = await call("POST", `/pos/carts/${id}/scan`, headers, { barcode: "0000000000000" })
    expect([unknown.status, unknown.body.message]).toEqual([404, expect.stringContaining("0000000000000")])
    const { id: variant, ean } = await inMadrid()
    const { sql } = shop.database
    const [{ product_id } = { product_id: "" }] = await sql<{ product_id: string }[]>`
      update product set status = 'draft' where id = (select product_id from product_variant where id = ${variant})
      returning id as product_id`
    const scan = () => call("POST", `/pos/carts/${id}/scan`, headers, { barcode: ean })
    await until("it is seen", async () => (await scan()).status === 400)
    expect((await scan()).body).toMatchObject({ code: "not_sold_here", message: expect.stringContaining("draft") })
    await sql`update product set status = 'published' where id = ${product_id}`
    const { status } = await call("POST", `/pos/carts/${id}/pay`, headers, { tender: "cash", amount: 1 })
    expect(status).toBe(400)
  })
})

describe("a customer's cart", () => {
  it.each([
    "phone=600100201",
    "phone=600%20100%20201",
    "phone=%2B34600100201",
    "phone=0034%20600-100-201",
    "loyalty_code=club-0001",
    "email=LUCIA.ferran@cliente.example",
  ])("is found by %s, and answers to who has found it and to nobody else", async (asked) => {
    const { id } = await cartOf()
    const headers = await signIn(shop, "barcelona")
    const elsewhere = await signIn(shop, "valencia", "supervisor")
    await shop.database.sql`delete from mostrador.cart_reach`
    expect((await call("GET", `/pos/carts/${id}`, headers)).status).toBe(404)
    const found = await call("GET", `/pos/carts?${asked}`, headers)
    expect([found.status, found.body]).toMatchObject([
      200,
      { carts: [{ id, customer: { id: lucia?.id, phone: "+34600100201" }, currency_code: "eur" }] },
    ])
    expect((await call("GET", `/pos/carts/${id}`, headers)).body.cart.id).toBe(id)
    expect((await call("GET", `/pos/carts/${id}`, elsewhere)).status).toBe(404)
    expect(await audit(shop, "cart.reached")).toContainEqual(
      expect.objectContaining({ subject_id: id, till_id: tillIn("barcelona").id }),
    )
    expect(await audit(shop, "cart.refused")).toContainEqual(expect.objectContaining({ subject_id: id }))
  })

  it("is found by what `demo.json` says of each customer of the demo shop", async () => {
    const headers = await signIn(shop, "madrid")
    const { customers } = demo()
    expect(customers.some((it) => it.loyalty_code !== null)).toBe(true)
    for (const { id, phone, loyalty_code } of customers) {
      const ways = [new URLSearchParams({ phone }), ...(loyalty_code ? [new URLSearchParams({ loyalty_code })] : [])]
      for (const asked of ways) {
        const { body } = await call("GET", `/pos/carts?${asked}`, headers)
        expect([`${asked}`, body.customers]).toEqual([`${asked}`, [expect.objectContaining({ id })]])
      }
    }
    // The next cashier has found nobody yet.
    await shop.database.sql`delete from mostrador.cart_reach`
  })

  it("is found by a number that is written in some other way, at the cost of one look into an index", async () => {
    const { sql } = shop.database
    await sql`update customer set phone = '(0034) 600.100.202' where id = ${oriol?.id ?? ""}`
    const headers = await signIn(shop, "madrid")
    const found = await call("GET", "/pos/carts?phone=600100202", headers)
    expect(found.body.customers).toEqual([expect.objectContaining({ id: oriol?.id })])
    expect((await call("GET", "/pos/carts?phone=abc", headers)).status).toBe(400)
    expect((await call("GET", "/pos/carts", headers)).status).toBe(400)
    expect((await call("GET", "/pos/carts?phone=600100299", headers)).body).toEqual({ carts: [], customers: [] })
    const plan = await sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`
      return await tx.unsafe(
        "explain select id from customer where right(regexp_replace(phone, '\\D', '', 'g'), 6) = '100202' and deleted_at is null",
      )
    })
    expect(JSON.stringify(plan)).toContain("mostrador_customer_phone_end")
  })

  it("is one: a till that begins one for a customer whom it has found gets the open one", async () => {
    const { id } = await cartOf()
    const headers = await signIn(shop, "madrid")
    const unfound = await call("POST", "/pos/carts", headers, { customer_id: demo().customers[3]?.id })
    expect(unfound.status).toBe(404)
    await call("GET", "/pos/carts?phone=600100201", headers)
    const begun = await call("POST", "/pos/carts", headers, { customer_id: lucia?.id })
    expect([begun.status, begun.body.cart.id]).toEqual([200, id])
  })

  it("comes to a till by a code, once, is followed live, and its history says who it was", async () => {
    const { id: variant } = await inMadrid()
    const web = guest()
    const made = await call("POST", "/store/carts", web, { region_id: demo().regions.es })
    const { id } = made.body.cart
    const handed = await call("POST", `/store/carts/${id}/handoff`, web, { to: "pos" })
    const { code } = handed.body.handoff
    const headers = await signIn(shop, "madrid")
    expect((await call("GET", `/pos/carts/${id}`, headers)).status).toBe(404)
    const claimed = await call("POST", `/pos/handoffs/${code}/claim`, headers)
    expect([claimed.status, claimed.body.cart.id]).toEqual([200, id])
    expect((await call("POST", `/pos/handoffs/${code}/claim`, headers)).body.code).toBe("handoff_used")
    const { ticket } = (await call("POST", `/pos/carts/${id}/stream-ticket`, headers)).body
    const device = await follow(`${shop.counter.url}/pos/carts/${id}/stream?ticket=${ticket}`, {})
    expect(device.status).toBe(200)
    expect((await follow(`${shop.counter.url}/pos/carts/${id}/stream?ticket=${ticket}`, {})).status).toBe(401)
    await call("POST", `/pos/carts/${id}/line-items`, headers, { variant_id: variant, quantity: 1 })
    await until("it is told", () => device.events.some((it) => it.name === "cart.line_added"))
    expect(device.events.find((it) => it.name === "cart.line_added")?.data).toMatchObject({
      actor: { type: "cashier" },
      device: madrid.id,
    })
    device.leave()
    const history = await call("GET", `/admin/omnichannel/carts/${id}/history`, await admin())
    expect(history.body.history.map((it: { name: string }) => it.name)).toEqual([
      ...["cart.created", "cart.handed_over", "cart.line_added"],
    ])
  })
})

it("a till goes on with the line that it knows when the cart was merged into the customer's meanwhile", async () => {
  const { id: variant } = await inMadrid()
  const headers = await signIn(shop, "madrid")
  const { id } = await newCart(headers)
  const add = await call("POST", `/pos/carts/${id}/line-items`, headers, { variant_id: variant, quantity: 1 })
  const line = add.body.cart.items[0].id
  // The cart at the till becomes the customer's, and is then merged into what he has on his phone.
  const customer = await asCustomer(oriol?.id)
  const quantities = (cart: { items: { variant_id: string; quantity: number }[] }) =>
    cart.items.filter((it) => it.variant_id === variant).map((it) => it.quantity)
  expect((await call("POST", `/store/carts/${id}/customer`, customer)).status).toBe(200)
  const made = await call("POST", "/store/carts", guest(), { items: [{ variant_id: variant, quantity: 2 }] })
  const met = await call("POST", `/store/carts/${made.body.cart.id}/customer`, customer)
  expect([met.body.merge.from, quantities(met.body.cart)]).toEqual([id, [3]])
  const changed = await call("POST", `/pos/carts/${id}/line-items/${line}`, headers, { quantity: 4 })
  expect([changed.status, changed.body.cart.id, quantities(changed.body.cart)]).toEqual([200, made.body.cart.id, [4]])
  const removed = await call("DELETE", `/pos/carts/${id}/line-items/${line}`, headers)
  expect([removed.status, quantities(removed.body.cart)]).toEqual([200, []])
})

it("each route refuses every wrong identity", async () => {
  const { id } = await cartOf()
  const signedIn = await signIn(shop, "madrid")
  const [agent] = await shop.database.sql<{ id: string }[]>`
    select id from "user" where email = ${demo().staff.agent.email}`
  const routes: [string, string, unknown?][] = [
    ["GET", "/pos/carts?phone=600100201"],
    ["POST", "/pos/carts", {}],
    ["POST", "/pos/handoffs/ABCDEF/claim", {}],
    ["GET", `/pos/carts/${id}`],
    ["POST", `/pos/carts/${id}/scan`, { barcode: "1" }],
    ["POST", `/pos/carts/${id}/line-items`, { variant_id: "x", quantity: 1 }],
    ["POST", `/pos/carts/${id}/line-items/cali_1`, { quantity: 1 }],
    ["DELETE", `/pos/carts/${id}/line-items/cali_1`],
    ["POST", `/pos/carts/${id}/pay`, { tender: "cash", amount: 1 }],
    ["GET", `/pos/carts/${id}/stream`],
    ["POST", `/pos/carts/${id}/stream-ticket`, {}],
  ]
  const wrong: Headers[] = [
    {},
    guest(),
    await asCustomer(),
    await admin(),
    await tokenOf({ actor_id: agent?.id }),
    madrid.headers,
    { "x-till-session": signedIn["x-till-session"] ?? "" },
  ]
  for (const [method, path, body] of routes) {
    for (const headers of wrong) {
      const { status, text } = await call(method, path, headers, body)
      expect([method, path, status]).toEqual([method, path, 401])
      expect(text).not.toContain(id)
    }
  }
  await shop.database.sql`delete from mostrador.cart_reach`
  for (const [method, path, body] of routes.filter(([, it]) => it.includes(id))) {
    const { status, body: said } = await call(method, path, signedIn, body)
    expect([method, path, status, said.message]).toEqual([method, path, 404, `Cart with id '${id}' not found`])
  }
})
