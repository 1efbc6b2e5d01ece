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

  it("has a receipt in whole cents that adds up, whatever a discount leaves of them; the books keep what Medusa computes", async () => {
    const headers = await signIn(shop, "madrid")
    const { sql } = shop.database
    const third = (value: number) => sql`
      update promotion_application_method set value = ${value}, raw_value = ${`{"value":"${value}","precision":20}`}::text::jsonb
      where promotion_id = (select id from promotion where code = 'HOLA10')`
    const variants = await sql<{ id: string }[]>`
      select min(variant.id) as id from product_variant variant
      join product_variant_inventory_item part on part.variant_id = variant.id and part.required_quantity = 1
      join inventory_level level on level.inventory_item_id = part.inventory_item_id
      where level.location_id = ${madridId()} and level.stocked_quantity - level.reserved_quantity >= 5
      group by variant.product_id order by 1 limit 5`
    const { id } = await newCart(headers)
    for (const [i, { id: variant_id }] of variants.entries()) {
      const line = { variant_id, quantity: (i % 3) + 1 }
      expect((await call("POST", `/pos/carts/${id}/line-items`, headers, line)).status).toBe(200)
    }
    const discount = async () => {
      const { body } = await call("POST", `/store/carts/${id}/promotions`, guest(), { promo_codes: ["HOLA10"] })
      return body.cart.discount_total as number
    }
    const tenth = await discount()
    expect(tenth).toBeGreaterThan(0)
    await third(33.33)
    await until("the discount is another", async () => (await discount()) > 2 * tenth)
    const paid = await call("POST", `/pos/carts/${id}/pay`, headers, { tender: "cash", amount: 9_000 })
    await third(10)
    const { order, receipt } = paid.body
    const cents = (it: number) => Math.round(it * 100)
    type Line = { quantity: number; unit_price: number; discount: number; tax_added: number; total: number }
    const lines: Line[] = receipt.lines
    for (const it of [receipt, ...lines].flatMap((it) => Object.values(it)).filter((it) => typeof it === "number")) {
      expect(it).toBe(cents(it) / 100)
    }
    for (const { quantity, unit_price, discount, tax_added, total } of lines) {
      expect(cents(unit_price) * quantity - cents(discount) + cents(tax_added)).toBe(cents(total))
      expect([discount > 0, tax_added]).toEqual([true, 0])
    }
    expect([lines.length, lines.reduce((sum, it) => sum + cents(it.total), 0)]).toEqual([5, cents(receipt.total)])
    expect(cents(order.total)).toBe(cents(receipt.total))
    const [books] = await sql`
      select paid.amount::text as drawer, (capture.raw_amount->>'value')::text as captured
      from mostrador.till_payment paid
      join order_payment_collection link on link.order_id = paid.order_id
      join payment on payment.payment_collection_id = link.payment_collection_id
      join capture on capture.payment_id = payment.id where paid.order_id = ${order.id}`
    expect(Number(books?.drawer)).toBe(receipt.total)
    expect(Number(books?.captured)).toBe(order.total)
    expect(order.total).not.toBe(receipt.total)
  })

  it("was handed over when it was sold: the customer cannot cancel it from his phone, and is told so", async () => {
    const headers = await signIn(shop, "madrid")
    const customer = await asCustomer()
    const { id } = await cartOf()
    await call("GET", "/pos/carts?phone=600100201", headers)
    await call("POST", `/pos/carts/${id}/line-items`, headers, { variant_id: (await inMadrid()).id, quantity: 1 })
    const paid = await call("POST", `/pos/carts/${id}/pay`, headers, { tender: "cash", amount: 500 })
    expect(paid.status).toBe(200)
    const order = `/store/orders/${paid.body.order.id}`
    expect((await call("GET", `${order}/timeline`, customer)).body.cancellation).toMatchObject({
      ...{ is_possible: false, reason: "fulfillment_started" },
    })
    const canceled = await call("POST", `${order}/cancel`, customer)
    expect([canceled.status, canceled.body.code]).toEqual([409, "fulfillment_started"])
    const begun = await shop.database
      .sql`select from mostrador.order_cancellation where order_id = ${paid.body.order.id}`
    expect(begun).toHaveLength(0)
  })

  it("is scanned into, and paid, once under a key, which stands for what was asked and for nothing else", async () => {
    const headers = await signIn(shop, "madrid")
    const { id } = await newCart(headers)
    const { ean } = await inMadrid()
    const asked = (key: string, path: string, body: object) =>
      call("POST", `/pos/carts/${id}/${path}`, { ...headers, "idempotency-key": key }, body)
    const said = ({ status, body, headers }: Awaited<ReturnType<typeof asked>>) =>
      [status, body.code, headers.get("idempotency-replayed")] as const
    expect(said(await asked("scan", "scan", { barcode: ean }))).toEqual([200, undefined, null])
    const other = await asked("scan", "scan", { barcode: ean, quantity: 2 })
    expect(said(other)).toEqual([422, "idempotency_key_reused", null])
    const again = await asked("scan", "scan", { barcode: ean })
    expect(said(again)).toEqual([200, undefined, "true"])
    expect(again.body.cart.items).toMatchObject([{ quantity: 1 }])

    const paid = await asked("pay", "pay", { tender: "cash", amount: 500 })
    expect(said(paid)).toEqual([200, undefined, null])
    expect(said(await asked("pay", "pay", { tender: "cash", amount: 600 }))[1]).toBe("idempotency_key_reused")
    expect((await asked("pay", "pay", { tender: "cash", amount: 500 })).body.receipt).toEqual(paid.body.receipt)
  })

  it("is not sold for a bar code that was scanned as the cash", async () => {
    const headers = await signIn(shop, "madrid")
    const { id } = await newCart(headers)
    const wanted = { variant_id: demo().variants.unmanaged, quantity: 2 }
    const { total } = (await call("POST", `/pos/carts/${id}/line-items`, headers, wanted)).body.cart
    const path = `/pos/carts/${id}/pay`
    for (const amount of [84_629_651, 10_000_000]) {
      const { status, body } = await call("POST", path, headers, { tender: "cash", amount })
      expect([status, body]).toMatchObject([400, { code: "amount_too_large", details: { due: total } }])
    }
    expect((await call("POST", path, headers, { tender: "cash", amount: total })).status).toBe(200)
  })

  it("is sold for as much as there are prices of: millions, in the money of some countries", async () => {
    const headers = await signIn(shop, "madrid")
    const { id } = await newCart(headers)
    const wanted = { variant_id: demo().variants.unmanaged, quantity: 900_000 }
    const { cart } = (await call("POST", `/pos/carts/${id}/line-items`, headers, wanted)).body
    expect(cart.total).toBeGreaterThan(10_000_000)
    const { status, body } = await call("POST", `/pos/carts/${id}/pay`, headers, { tender: "cash", amount: cart.total })
    expect([status, body.receipt?.total, body.receipt?.change]).toEqual([200, cart.total, 0])
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
    const unsaid = await call("GET", "/pos/carts", headers)
    expect([unsaid.status, unsaid.body.message]).toEqual([
      400,
      "Invalid request: one of phone, email, loyalty_code is needed",
    ])
    expect((await call("GET", "/pos/carts?phone=600100299", headers)).body).toEqual({ carts: [], customers: [] })
    const planOf = async (condition: string) =>
      await sql.begin(async (tx) => {
        await tx`set local enable_seqscan = off`
        return JSON.stringify(
          await tx.unsafe(`explain select id from customer where ${condition} and deleted_at is null`),
        )
      })
    expect(await planOf("right(regexp_replace(phone, '\\D', '', 'g'), 6) = '100202'")).toContain(
      "mostrador_customer_phone_end",
    )
    expect(await planOf("translate(phone, ' ().-/', '') = any('{600100202,+34600100202}')")).toContain(
      "mostrador_customer_phone_plain",
    )
  })

  it("is found by its number, however many others end with the same digits", async () => {
    const { sql } = shop.database
    const headers = await signIn(shop, "madrid")
    const phonesOf = async (asked: string) =>
      (await call("GET", `/pos/carts?phone=${encodeURIComponent(asked)}`, headers)).body.customers.map(
        (it: { phone: string }) => it.phone,
      )
    // Of France, of accounts that are older than his.
    await sql`
      insert into customer (id, phone, email, has_account)
      select 'cus_00' || it, '+336' || it || '100202', 'alike' || it || '@cliente.example', true
      from generate_series(10, 69) it`
    for (const written of [
      "+34600100202",
      "600 100 202",
      "(600) 100-202",
      "0034.600.100.202",
      "600\u00a0100\u00a0202",
    ]) {
      await sql`update customer set phone = ${written} where id = ${oriol?.id ?? ""}`
      for (const asked of ["600100202", "+34 600 100 202"]) expect(await phonesOf(asked)).toEqual([written])
    }
    await sql`delete from customer where email like 'alike%'`
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

describe("a cart of another country", () => {
  const { es, fr, gb } = demo().regions
  type Tax = { code: string; rate: number }
  type Line = { variant_id: string; quantity: number; unit_price: number; tax_lines: Tax[] }
  const taxes = ({ items }: { items: Line[] }) => [
    ...new Set(items.flatMap((it) => it.tax_lines.map((tax) => tax.code))),
  ]
  const spanishPrice = async (variant_id: string) => {
    const made = await call("POST", "/store/carts", guest(), { region_id: es, items: [{ variant_id, quantity: 1 }] })
    return made.body.cart.items[0].unit_price
  }
  /** A guest's cart, handed over at Madrid's till by a code. */
  async function claimed(body: object, headers: Headers) {
    const { cart } = (await call("POST", "/store/carts", guest(), body)).body
    const handed = await call("POST", `/store/carts/${cart.id}/handoff`, guest(), { to: "pos" })
    const { status, body: said } = await call("POST", `/pos/handoffs/${handed.body.handoff.code}/claim`, headers)
    expect([status, said]).toEqual([200, expect.objectContaining({ cart: expect.anything() })])
    return { web: cart, till: said.cart, moved: said.moved }
  }
  const pay = (id: string, headers: Headers) =>
    call("POST", `/pos/carts/${id}/pay`, headers, { tender: "cash", amount: 900 })
  const addressOf = async (orderId: string) => {
    const [row] = await shop.database.sql`
      select address.address_1, address.country_code, address.city from "order"
      join order_address address on address.id = shipping_address_id where "order".id = ${orderId}`
    return row
  }
  const SHOP = { address_1: "Calle de la Brújula 12", city: "Madrid", country_code: "es" }

  it("that is handed over at a till is priced, taxed and sold as the till's shop does, with the codes that hold there", async () => {
    const headers = await signIn(shop, "madrid")
    const { id: variant } = await inMadrid()
    const { sql } = shop.database
    await sql.begin(async (tx) => {
      await tx`insert into promotion_rule (id, attribute, operator) values ('prorul_gb', 'region.id', 'eq')`
      await tx`insert into promotion_rule_value (id, promotion_rule_id, value) values ('prorulval_gb', 'prorul_gb', ${gb})`
      await tx`
        insert into promotion_promotion_rule (promotion_id, promotion_rule_id)
        select id, 'prorul_gb' from promotion where code = 'PRIMERAS50'`
    })
    const items = [{ variant_id: variant, quantity: 2 }]
    await until("the code is for the United Kingdom alone", async () => {
      const asked = { region_id: es, items, promo_codes: ["PRIMERAS50"] }
      return (await call("POST", "/store/carts", guest(), asked)).body.cart.discount_total === 0
    })
    const british = { region_id: gb, items, promo_codes: ["PRIMERAS50", "HOLA10"] }
    const { web, till, moved } = await claimed(british, headers)
    expect([web.currency_code, web.promotions.length]).toEqual(["gbp", 2])
    expect(moved).toEqual({
      ...{ from: gb, to: es },
      dropped: [{ type: "promotion", code: "PRIMERAS50", reason: "not_applicable" }],
    })
    const unit_price = await spanishPrice(variant)
    expect(till).toMatchObject({
      id: web.id,
      currency_code: "eur",
      region_id: es,
      items: [{ unit_price, quantity: 2 }],
    })
    expect(taxes(till)).toEqual(["IVA21"])
    expect(till.total).toBeCloseTo(unit_price * 2 * 0.9, 6)
    const history = await call("GET", `/admin/omnichannel/carts/${web.id}/history`, await admin())
    expect(history.body.history.at(-1)).toMatchObject({ name: "cart.updated", actor: { type: "cashier" } })
    const [told] = await sql<{ after: string }[]>`
      select (data->'after')::text as after from mostrador.event
      where subject_id = ${web.id} and name = 'cart.updated' order by position desc limit 1`
    expect(JSON.parse(told?.after ?? "{}")).toMatchObject({ region_id: es, currency_code: "eur", moved })
    const paid = await pay(till.id, headers)
    expect([paid.status, paid.body.receipt.currency_code]).toEqual([200, "eur"])
    expect(await addressOf(paid.body.order.id)).toEqual(SHOP)
  })

  it("is not sold when the web has moved it since, until the till has brought it back", async () => {
    const headers = await signIn(shop, "madrid")
    const { id: variant } = await inMadrid()
    const paris = { address_1: "Rue du Phare 3", city: "Paris", country_code: "fr" }
    const { web, till } = await claimed(
      { region_id: fr, shipping_address: paris, items: [{ variant_id: variant, quantity: 1 }] },
      headers,
    )
    expect([taxes(web), taxes(till)]).toEqual([["TVA20"], ["IVA21"]])
    const sales = async () =>
      (
        await shop.database.sql`
          select (select count(*)::int from "order") as orders, (select count(*)::int from mostrador.till_payment) as paid,
            (select last_receipt_number::int from mostrador.till where id = ${madrid.id}) as number,
            (select currency_code from cart where id = ${web.id}) as currency`
      )[0]
    await call("POST", `/store/carts/${web.id}`, guest(), { region_id: gb })
    const [before, stock] = [await sales(), await levels(variant)]
    const refused = await pay(web.id, headers)
    expect([refused.status, refused.body]).toMatchObject([
      ...[400, { code: "other_region", details: { region_id: gb, currency_code: "gbp" } }],
    ])
    expect([await sales(), await levels(variant)]).toEqual([before, stock])

    const back = await call("POST", `/pos/carts/${web.id}/region`, headers, {})
    expect([back.status, back.body]).toMatchObject([
      ...[200, { cart: { currency_code: "eur" }, moved: { from: gb, to: es } }],
    ])
    const again = await call("POST", `/pos/carts/${web.id}/region`, headers, {})
    expect([again.body.moved, again.headers.get("etag")]).toEqual([undefined, back.headers.get("etag")])
    const paid = await pay(web.id, headers)
    expect([paid.status, paid.body.order.total]).toEqual([200, till.total])
    expect(await addressOf(paid.body.order.id)).toEqual(SHOP)
    const taxed = await shop.database.sql`
      select distinct code from order_line_item_tax_line where item_id in (
        select item_id from order_item where order_id = ${paid.body.order.id})`
    expect(taxed).toEqual([{ code: "IVA21" }])
  })

  it("is brought to the till with its customer, and by the first thing that is scanned", async () => {
    const headers = await signIn(shop, "madrid")
    const { id: variant, ean } = await inMadrid()
    const lastOf = demo().customers.at(-1)
    const customer = await asCustomer(lastOf?.id)
    const asked = new URLSearchParams({ phone: lastOf?.phone ?? "" })
    const mine = (await call("GET", `/store/customers/me/cart?region_id=${gb}`, customer)).body.cart
    await call("POST", `/store/carts/${mine.id}/line-items`, customer, { variant_id: variant, quantity: 1 })
    await call("GET", `/pos/carts?${asked}`, headers)
    const begun = await call("POST", "/pos/carts", headers, { customer_id: lastOf?.id })
    expect([begun.status, begun.body]).toMatchObject([
      ...[
        200,
        { cart: { id: mine.id, currency_code: "eur", region_id: es }, moved: { from: gb, to: es, dropped: [] } },
      ],
    ])
    await call("POST", `/store/carts/${mine.id}`, customer, { region_id: gb })
    const scanned = await call("POST", `/pos/carts/${mine.id}/scan`, headers, { barcode: ean })
    const unit_price = await spanishPrice(variant)
    expect([scanned.status, scanned.body]).toMatchObject([
      ...[200, { cart: { currency_code: "eur", items: [{ quantity: 2 }] }, moved: { from: gb, to: es } }],
    ])
    expect(scanned.body.cart.items[0].unit_price).toBeLessThanOrEqual(unit_price)
    expect(taxes(scanned.body.cart)).toEqual(["IVA21"])
  })

  it("or of a province with taxes of its own, is taxed where the till stands", async () => {
    const headers = await signIn(shop, "madrid")
    const { id: variant } = await inMadrid()
    const { sql } = shop.database
    await sql.begin(async (tx) => {
      await tx`
        insert into tax_region (id, country_code, province_code, parent_id)
        select 'txreg_canarias', 'es', 'es-cn', id from tax_region
        where country_code = 'es' and province_code is null and deleted_at is null`
      await tx`
        insert into tax_rate (id, rate, code, name, is_default, tax_region_id)
        values ('txr_igic', 7, 'IGIC7', 'IGIC', true, 'txreg_canarias')`
    })
    const body = {
      region_id: es,
      shipping_address: { address_1: "Calle Mayor 1", city: "Arucas", country_code: "es", province: "es-cn" },
      items: [{ variant_id: variant, quantity: 1 }],
    }
    await until("the Canaries have their own tax", async () => {
      return taxes((await call("POST", "/store/carts", guest(), body)).body.cart).includes("IGIC7")
    })
    const { web, till } = await claimed(body, headers)
    expect([taxes(web), taxes(till)]).toEqual([["IGIC7"], ["IVA21"]])
    await call("POST", `/store/carts/${web.id}`, guest(), { shipping_address: body.shipping_address })
    const paid = await pay(web.id, headers)
    expect([paid.status, await addressOf(paid.body.order.id)]).toEqual([200, SHOP])
    const taxed = await sql`
      select distinct code from order_line_item_tax_line where item_id in (
        select item_id from order_item where order_id = ${paid.body.order.id})`
    expect(taxed).toEqual([{ code: "IVA21" }])
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
    ["POST", `/pos/carts/${id}/region`, {}],
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
