import fc from "fast-check"
import type { Sql } from "postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { selectOrder } from "../../../src/channels/store/orders/fields.ts"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { demo } from "../../support/counter.ts"
import { until } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type CartShop, keyOf, openCartShop, SPANISH, UNORDERED_IN_CARTS } from "../carts/shop.ts"
import { answeredByLane } from "../catalog/shop.ts"
import { expectSame, normalise, send } from "../compare.ts"
import { ONE_FIELDS, RELATIONS, STOREFRONTS } from "../orders/fields.ts"
import { fillShelves } from "../shelves.ts"
import { alike, readOrderRows } from "./rows.ts"

/** `CHECKOUT_RUNS` for more. */
const RUNS = Number(process.env.CHECKOUT_RUNS ?? 8)
/** `CHECKOUT_FIELD_RUNS` for more. */
const FIELD_RUNS = Number(process.env.CHECKOUT_FIELD_RUNS ?? 12)
/** Medusa reads these without an order. */
const LIKENESS = { exactly: true, unordered: [...UNORDERED_IN_CARTS, "payments", "payment_collections"] }

let shop: CartShop
let database: Database | undefined
let sql: Sql
let tidyUp: (() => Promise<void>) | undefined
beforeAll(async () => {
  shop = await openCartShop()
  database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
  sql = database.sql
  // The carts are completed twice over, and nobody is to be told that there is no more.
  tidyUp = await fillShelves(sql)
}, 300_000)
afterAll(async () => {
  await tidyUp?.()
  await shop?.counter.close()
  await database?.close()
})

/** What a cart is made of. */
interface Made {
  region: "es" | "fr" | "gb"
  items: { variant: string; quantity: number; metadata?: object }[]
  code: boolean
  /** One more code. */
  promotion?: string
  customer: boolean
  shipping: boolean
  billing: boolean
  /** Taken off by a gift card, in the major unit. */
  credit: number
  pay: boolean
}
const PLAIN: Made = {
  ...{ region: "es", items: [{ variant: "kit", quantity: 1 }], code: false, customer: false },
  ...{ shipping: true, billing: true, credit: 0, pay: true },
}

/** Makes a cart through Medusa, as far as it goes. */
async function make({
  region,
  items,
  code,
  promotion,
  customer,
  shipping,
  billing,
  credit,
  pay,
}: Made): Promise<string> {
  const { regions, variants, promotions } = demo()
  const headers = customer ? shop.customer : {}
  const address = { ...SPANISH, country_code: region }
  const { body } = await shop.medusa(
    "POST",
    "/store/carts",
    {
      ...{
        region_id: regions[region],
        email: "vega@example.com",
        shipping_address: address,
        metadata: { from: "web" },
      },
      ...(billing ? { billing_address: { ...address, company: "Vega SL", metadata: { vat: "X1" } } } : {}),
      promo_codes: [...(code ? [promotions.code] : []), ...(promotion ? [promotion] : [])],
      items: items.map(({ variant, ...it }) => ({ ...it, variant_id: variants[variant as "kit"] ?? variant })),
    },
    headers,
  )
  const { id } = (body as { cart: { id: string } }).cart
  if (shipping) {
    const offered = await shop.medusa("GET", `/store/shipping-options?cart_id=${id}`)
    const [option] = (offered.body as { shipping_options: { id: string }[] }).shipping_options
    await shop.medusa("POST", `/store/carts/${id}/shipping-methods`, { option_id: option?.id, data: { door: 3 } })
  }
  if (credit > 0) {
    await sql`
      insert into credit_line (id, cart_id, reference, reference_id, amount, raw_amount)
      values (${`cacl_${id}`}, ${id}, 'gift-card', 'GC1', ${credit}, ${`{"value":"${credit}","precision":20}`}::text::jsonb)`
  }
  if (pay) {
    const made = await shop.medusa("POST", "/store/payment-collections", { cart_id: id })
    const { id: collection } = (made.body as { payment_collection: { id: string } }).payment_collection
    await shop.medusa(
      "POST",
      `/store/payment-collections/${collection}/payment-sessions`,
      { provider_id: "pp_system_default" },
      headers,
    )
  }
  return id
}

const completing = (cart: string, fields?: string) => ({
  method: "POST",
  path: `/store/carts/${cart}/complete${fields === undefined ? "" : `?fields=${encodeURIComponent(fields)}`}`,
  headers: keyOf("web"),
})
const complete = (side: "counter" | "medusa", cart: string, fields?: string) =>
  send(shop.sides[side], completing(cart, fields))

const orderIn = (body: unknown) => (body as { order: { id: string } }).order.id

/** Completes two carts that are alike, one on each side, and holds answers and rows against each other. */
async function expectSameOrder(made: Made): Promise<{ theirs: string; ours: string }> {
  const theirCart = await make(made)
  const ourCart = await make(made)
  const theirs = await complete("medusa", theirCart)
  const before = await answeredByLane(shop.sides)
  const ours = await complete("counter", ourCart)
  expect((await answeredByLane(shop.sides)) - before).toBe(1)
  expect({ status: ours.status, body: alike(ours.body) }).toEqual({ status: theirs.status, body: alike(theirs.body) })
  expect(ours.status).toBe(200)
  const orders = { theirs: orderIn(theirs.body), ours: orderIn(ours.body) }
  expect(await sql`select subject_id, name from mostrador.event where subject_id = ${orders.ours}`).toEqual([
    { subject_id: orders.ours, name: "order.placed" },
  ])
  expect(await readOrderRows(sql, orders.ours)).toEqual(await readOrderRows(sql, orders.theirs))
  for (const order of [orders.ours, orders.theirs]) await expectSameReading(order)
  return orders
}

describe("an order that the counter places is that of Medusa", () => {
  it.each<[string, Partial<Made>]>([
    ["of one line", {}],
    ["of several, with a code", { code: true, items: [...lines("kit", "shared_a", "unmanaged")] }],
    ["of a customer, without tax in its prices", { region: "gb", customer: true, items: lines("kit", "shared_b") }],
    ["without a billing address", { region: "fr", billing: false, items: lines("shared_a") }],
    ["of which a gift card pays a part", { credit: 2.5 }],
    ["that a gift card pays", { credit: 1000, pay: false }],
    ["that a gift card pays, though a session was begun", { credit: 1000 }],
  ])("%s", { timeout: 60_000 }, async (_, made) => {
    await expectSameOrder({ ...PLAIN, ...made })
  })

  it(`${RUNS} generated carts`, { timeout: RUNS * 20_000 }, async () => {
    const line = fc.record({
      variant: fc.constantFrom("kit", "shared_a", "shared_b", "unmanaged", "backorder"),
      quantity: fc.integer({ min: 1, max: 7 }),
      metadata: fc.constantFrom(undefined, { gift: true }, { nested: { a: [1, null] } }),
    })
    const made = fc.record<Made>({
      region: fc.constantFrom("es", "fr", "gb"),
      items: fc.uniqueArray(line, { minLength: 1, maxLength: 4, selector: (it) => it.variant }),
      ...{ code: fc.boolean(), customer: fc.boolean(), shipping: fc.constant(true), billing: fc.boolean() },
      ...{ credit: fc.constantFrom(0, 0, 0.1, 3.33), pay: fc.constant(true) },
    })
    await fc.assert(
      fc.asyncProperty(made, async (it) => void (await expectSameOrder(it))),
      {
        numRuns: RUNS,
        endOnFailure: true,
      },
    )
  })
})

describe("of the order is shown what is asked for, as Medusa shows it", () => {
  const everything: Partial<Made> = { code: true, customer: true, items: lines("kit", "shared_a"), credit: 1.5 }
  /** The same order from both sides: it is there already. */
  async function expectSameAgain(cart: string, fields: string, expected: { byLane: boolean }) {
    const before = await answeredByLane(shop.sides)
    const { status } = await expectSame(shop.sides, completing(cart, fields), LIKENESS)
    expect([fields, status, (await answeredByLane(shop.sides)) - before]).toEqual([
      fields,
      200,
      expected.byLane ? 1 : 0,
    ])
  }

  it.each([...STOREFRONTS.one, "*promotions,*payment_collections.payment_sessions,+cart.id,-total"])(
    "when it is placed: %s",
    { timeout: 60_000 },
    async (fields) => {
      const [theirCart, ourCart] = [await make({ ...PLAIN, ...everything }), await make({ ...PLAIN, ...everything })]
      const theirs = await complete("medusa", theirCart, fields)
      const before = await answeredByLane(shop.sides)
      const ours = await complete("counter", ourCart, fields)
      expect((await answeredByLane(shop.sides)) - before).toBe(1)
      expect({ status: ours.status, body: alike(ours.body) }).toEqual({ status: 200, body: alike(theirs.body) })
    },
  )

  it("when it is asked for again: each field, each relation, and generated ones", { timeout: 600_000 }, async () => {
    const cart = await make({ ...PLAIN, ...everything })
    expect((await complete("counter", cart)).status).toBe(200)
    const single = [...ONE_FIELDS, ...RELATIONS.map((it) => `*${it}`)]
    // All of them are asked of orders' own route (`orders/read.test.ts`), which shows them by the same code.
    const [every, asked] = [Math.max(1, Math.floor(200 / FIELD_RUNS)), new Set(single)]
    for (const fields of [...asked].filter((_, i) => i % every === 0)) {
      await expectSameAgain(cart, fields, { byLane: selectOrder(fields, "placed") !== undefined })
    }
    const signed = ONE_FIELDS.flatMap((it) => [`+${it}`, `-${it}`])
    const some = fc.subarray([...new Set(single), ...signed, "", "none", "*customer"])
    await fc.assert(
      fc.asyncProperty(some, async (names) => {
        const fields = names.slice(0, 12).join(",")
        await expectSameAgain(cart, fields, { byLane: selectOrder(fields, "placed") !== undefined })
      }),
      { numRuns: FIELD_RUNS, endOnFailure: true },
    )
  })

  it("and of a cart that cannot be completed nothing else is said", { timeout: 60_000 }, async () => {
    for (const made of [{ shipping: false }, { pay: false }]) {
      const carts = [await make({ ...PLAIN, ...made }), await make({ ...PLAIN, ...made })] as const
      const theirs = await complete("medusa", carts[0], "id,total")
      const ours = await complete("counter", carts[1], "id,total")
      expect(theirs.status).toBe(400)
      expect({ status: ours.status, body: alike(ours.body) }).toEqual({ status: 400, body: alike(theirs.body) })
    }
    await expectSame(shop.sides, completing("cart_none", "id"), { exactly: true })
  })
})

describe("the last of something", () => {
  /** `CHECKOUT_BUYERS` for more. */
  const BUYERS = Number(process.env.CHECKOUT_BUYERS ?? 24)
  const LEFT = Math.ceil(BUYERS / 4)

  it(`goes to ${LEFT} of ${BUYERS} buyers on four channels, each asking twice at once`, {
    timeout: 60_000 + BUYERS * 2_000,
  }, async () => {
    const variant = demo().variants.shared_a
    const levels = sql`
      select level.id from inventory_level level
      join product_variant_inventory_item link on link.inventory_item_id = level.inventory_item_id
      where link.variant_id = ${variant} and link.deleted_at is null and level.deleted_at is null`
    const carts: string[] = []
    for (let i = 0; i < BUYERS; i++) carts.push(await make({ ...PLAIN, items: lines("shared_a") }))
    const before =
      await sql`select id, stocked_quantity, raw_stocked_quantity from inventory_level where id in (${levels})`
    const taken = async () => {
      const [row] = await sql<{ reserved: number; rows: number; left: number }[]>`
        select sum(level.reserved_quantity)::float8 as reserved, min(level.stocked_quantity - level.reserved_quantity)::float8 as left,
          (select sum(quantity)::float8 from reservation_item it where it.deleted_at is null and it.inventory_item_id = any(array_agg(level.inventory_item_id))) as rows
        from inventory_level level where level.id in (${levels})`
      return row
    }
    const at = await taken()
    // All of it is at one place: `LEFT` units more than what is reserved there, and nothing elsewhere.
    await sql`
      update inventory_level set
        stocked_quantity = reserved_quantity + case when id = (select min(id) from (${levels}) all_of) then ${LEFT}::int else 0 end,
        raw_stocked_quantity = jsonb_build_object('precision', 20, 'value', (reserved_quantity + case when id = (select min(id) from (${levels}) all_of) then ${LEFT}::int else 0 end)::text)
      where id in (${levels})`
    try {
      const channels = ["web", "app", "pos", "phone"] as const
      const buy = (cart: string, i: number) =>
        send(shop.sides.counter, {
          ...{ method: "POST", path: `/store/carts/${cart}/complete` },
          headers: { ...keyOf(channels[i % 4] ?? "web"), ...(i % 3 === 0 ? { "idempotency-key": `buy-${cart}` } : {}) },
        })
      const answers = await Promise.all(carts.map((cart, i) => Promise.all([buy(cart, i), buy(cart, i)])))
      const placed = answers.filter((both) => both.some((it) => it.status === 200))
      expect(placed.length).toBe(LEFT)
      for (const both of placed) {
        const orders = both.filter((it) => it.status === 200).map((it) => orderIn(it.body))
        expect(new Set(orders).size).toBe(1)
      }
      const refusals = answers.flat().filter((it) => it.status !== 200)
      // Under one key, the second may be told that the first is still running.
      expect(new Set(refusals.map((it) => (it.body as { code: string }).code))).toEqual(
        new Set(
          ["insufficient_inventory", "idempotency_key_in_use"].filter((code) =>
            refusals.some((it) => (it.body as { code: string }).code === code),
          ),
        ),
      )
      const orders = await sql`select from order_cart where cart_id = any(${carts})`
      expect(orders.length).toBe(LEFT)
      const paid = await sql`
        select cart_id, status from payment_session session
        join cart_payment_collection link using (payment_collection_id)
        where cart_id = any(${carts}) and status <> 'pending'`
      expect(paid.length).toBe(LEFT)
      const now = await taken()
      expect([(now?.reserved ?? 0) - (at?.reserved ?? 0), (now?.rows ?? 0) - (at?.rows ?? 0), now?.left]).toEqual([
        LEFT,
        LEFT,
        0,
      ])
    } finally {
      for (const it of before) {
        await sql`
          update inventory_level set stocked_quantity = ${it.stocked_quantity}, raw_stocked_quantity = ${JSON.stringify(it.raw_stocked_quantity)}::text::jsonb
          where id = ${it.id}`
      }
    }
  })
})

/** The order reads the same at both ports, whoever has placed it. */
const expectSameReading = (order: string) =>
  expectSame(
    shop.sides,
    { path: `/store/orders/${order}`, headers: keyOf("web") },
    { exactly: true, unordered: UNORDERED_IN_CARTS },
  )

function lines(...variants: string[]): Made["items"] {
  return variants.map((variant, i) => ({ variant, quantity: i + 1, ...(i === 0 ? { metadata: { gift: true } } : {}) }))
}

describe("what an order uses up of promotions is counted as Medusa counts it", () => {
  const stamp = Date.now().toString(36)
  const admin = async (path: string, body: object) => {
    const answer = await send(shop.sides.medusa, { method: "POST", path: `/admin/${path}`, headers: shop.admin, body })
    expect([answer.status, answer.status < 300 ? "" : answer.text]).toEqual([200, ""])
    return answer.body as Record<"campaign" | "promotion", { id: string }>
  }
  const promotion = async (name: string, { budget, ...more }: { budget?: object; limit?: number }) => {
    const code = `${name}-${stamp}`
    const campaign = budget && (await admin("campaigns", { name: code, campaign_identifier: code, budget })).campaign
    await admin("promotions", {
      ...{ code, type: "standard", status: "active", is_automatic: false, ...more },
      application_method: { type: "percentage", value: 12.5, target_type: "items", allocation: "across" },
      ...(campaign ? { campaign_id: campaign.id } : {}),
    })
    return code
  }
  const used = async (code: string) => {
    const [row] = await sql`
      select promotion.used, budget.used::float8 as budget, budget.raw_used->>'value' as exact,
        (select json_agg(json_build_array(attribute_value, used::float8, raw_used)) from promotion_campaign_budget_usage
          where budget_id = budget.id and deleted_at is null) as usages
      from promotion left join promotion_campaign_budget budget on budget.campaign_id = promotion.campaign_id
      where code = ${code}`
    return row
  }
  const reset = (code: string) => sql`
    with back as (update promotion set used = 0 where code = ${code} returning campaign_id),
    budget as (
      update promotion_campaign_budget set used = 0, raw_used = '{"value":"0","precision":20}'
      where campaign_id in (select campaign_id from back) returning id)
    delete from promotion_campaign_budget_usage where budget_id in (select id from budget)`

  it("a limit that was set a moment ago holds", { timeout: 60_000 }, async () => {
    const code = await promotion("sudden", {})
    const cart = await make({ ...PLAIN, items: lines("shared_a"), promotion: code })
    await sql`update promotion set "limit" = 1, used = 1 where code = ${code}`
    expect((await complete("counter", cart)).status).toBe(400)
  })

  it.each<[string, { budget?: object; limit?: number }]>([
    ["limit", { limit: 1 }],
    ["spend", { budget: { type: "spend", currency_code: "eur", limit: 1.5 } }],
    ["usage", { budget: { type: "usage", limit: 1 } }],
    ["by-customer", { budget: { type: "use_by_attribute", attribute: "customer_email", limit: 1 } }],
  ])("%s", { timeout: 60_000 }, async (name, counted) => {
    const code = await promotion(name, counted)
    const items = lines("shared_a", "unmanaged")
    await until("the counter knows it", async () => {
      const cart = await make({ ...PLAIN, items, pay: false })
      const path = `/store/carts/${cart}/promotions`
      const { body } = await send(shop.sides.counter, {
        ...{ method: "POST", path, headers: keyOf("web"), body: { promo_codes: [code] } },
      })
      return (body as { cart?: { discount_total: number } }).cart?.discount_total !== 0
    })
    const carts: string[] = []
    for (let i = 0; i < 4; i++) carts.push(await make({ ...PLAIN, items, promotion: code }))
    const [first = "", second = "", third = "", fourth = ""] = carts
    expect((await complete("medusa", first)).status).toBe(200)
    const theirs = await used(code)
    const refused = await complete("medusa", second)
    await reset(code)
    const before = await answeredByLane(shop.sides)
    expect((await complete("counter", third)).status).toBe(200)
    expect(await used(code)).toEqual(theirs)
    const standing = await everything()
    const ours = await complete("counter", fourth)
    expect(await everything()).toEqual(standing)
    expect([ours.status, ours.body]).toEqual([refused.status, refused.body])
    expect(ours.status).toBe(400)
    expect(await used(code)).toEqual(theirs)
    expect((await answeredByLane(shop.sides)) - before).toBe(1)
  })
})

describe("what is no order is refused as Medusa refuses it", () => {
  const refused = async (cart: string) => {
    const theirs = await complete("medusa", cart)
    const ours = await complete("counter", cart)
    expect([ours.status, ours.body]).toEqual([theirs.status, theirs.body])
    const [row] = await sql`select completed_at from cart where id = ${cart}`
    expect(row?.completed_at ?? null).toBe(null)
    return ours
  }

  it("a cart that is not there", async () => {
    expect((await refused("cart_none")).status).toBe(404)
  })

  it.each<[string, { headers?: Record<string, string>; body?: unknown; query?: string; status: number }]>([
    ["without a publishable key", { headers: {}, status: 400 }],
    ["with a key that is none", { headers: { "x-publishable-api-key": "pk_none" }, status: 400 }],
    ["with half of a body", { body: '{"broken', status: 400 }],
    ["with a huge body", { body: { a: "a".repeat(300_000) }, status: 413 }],
    ["with an unknown parameter", { query: "?colour=blue", status: 400 }],
  ])("who asks %s", { timeout: 60_000 }, async (_, { headers = keyOf("web"), body, query = "", status }) => {
    const cart = await make(PLAIN)
    const standing = await everything()
    const path = `/store/carts/${cart}/complete${query}`
    const answer = await expectSame(shop.sides, { method: "POST", path, headers, body }, { exactly: true })
    expect(answer.status).toBe(status)
    expect(await everything()).toEqual(standing)
  })

  it("an order of which the version is another, or that others may not read without a key", {
    timeout: 60_000,
  }, async () => {
    const cart = await make(PLAIN)
    const standing = await everything()
    const answer = await send(shop.sides.counter, {
      ...{ method: "POST", path: `/store/carts/${cart}/complete`, headers: { ...keyOf("web"), "if-match": '"99"' } },
    })
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([412, "version_conflict"])
    expect(await everything()).toEqual(standing)
    const order = orderIn((await complete("counter", cart)).body)
    expect((await expectSame(shop.sides, { path: `/store/orders/${order}` })).status).toBe(400)
  })

  it.each<[string, Partial<Made>]>([
    ["without lines", { items: [], shipping: false, pay: false }],
    ["without a payment", { pay: false }],
    ["without shipping", { shipping: false }],
  ])("a cart %s", async (_, made) => {
    expect((await refused(await make({ ...PLAIN, ...made }))).status).toBe(400)
  })

  it("a cart whose payment provider is not one of its region", async () => {
    const cart = await make(PLAIN)
    const { regions } = demo()
    await sql`update region_payment_provider set deleted_at = now() where region_id = ${regions.es}`
    try {
      expect((await refused(cart)).status).toBe(400)
    } finally {
      await sql`update region_payment_provider set deleted_at = null where region_id = ${regions.es}`
    }
  })
})

describe("an order", () => {
  it("that is not there, or asked for by its fields, reads the same", async () => {
    await expectSameReading("order_none")
    await expectSameReading(`order_none?fields=id`)
  })

  it("reads the same after what staff do with it, whichever side has placed it", { timeout: 120_000 }, async () => {
    const { theirs, ours } = await expectSameOrder({ ...PLAIN, items: lines("shared_a", "unmanaged") })
    const admin = async (path: string, body: object = {}) => {
      const answer = await send(shop.sides.medusa, {
        method: "POST",
        path: `/admin/${path}`,
        headers: shop.admin,
        body,
      })
      expect([path, answer.status, answer.status < 300 ? "" : answer.text]).toEqual([path, 200, ""])
    }
    for (const step of ["capture", "refund", "fulfil"] as const) {
      for (const id of [theirs, ours]) {
        const { body } = await send(shop.sides.medusa, {
          path: `/admin/orders/${id}?fields=*payment_collections.payments,*items`,
          headers: shop.admin,
        })
        const { order } = body as {
          order: {
            items: { id: string; product_title: string }[]
            payment_collections: { payments: { id: string; amount: number }[] }[]
          }
        }
        const payment = order.payment_collections[0]?.payments[0]
        const [item] = order.items.sort((a, b) => (a.product_title < b.product_title ? -1 : 1))
        if (step === "capture") await admin(`payments/${payment?.id}/capture`)
        if (step === "refund") await admin(`payments/${payment?.id}/refund`, { amount: 1 })
        if (step === "fulfil") await admin(`orders/${id}/fulfillments`, { items: [{ id: item?.id, quantity: 1 }] })
        await expectSameReading(id)
      }
    }
  })
})

/** What a refusal must not touch. */
async function everything() {
  const [row] = await sql`
    select (select json_agg(json_build_array(id, reserved_quantity) order by id) from inventory_level) as levels,
      (select count(*)::int from reservation_item where deleted_at is null) as reservations,
      (select json_agg(json_build_array(id, used) order by id) from promotion_campaign_budget_usage) as usages,
      (select count(*)::int from "order") as orders, (select count(*)::int from mostrador.stock_hold) as holds`
  return row
}

describe("completing", () => {
  it("what a shopper writes as metadata stays as it is", { timeout: 60_000 }, async () => {
    const metadata = {
      created_at: "soon",
      nested: { updated_at: { a: 1 }, canceled_at: "2024-01-02" },
      completed_at: true,
    }
    await expectSameOrder({ ...PLAIN, items: [{ variant: "shared_a", quantity: 1, metadata }] })
  })

  it("at both ports at once makes one order", { timeout: 120_000 }, async () => {
    for (const delay of [0, 20, 60]) {
      const cart = await make({ ...PLAIN, credit: 1000, pay: false })
      const theirs = complete("medusa", cart)
      await new Promise((resolve) => setTimeout(resolve, delay))
      const answers = await Promise.all([theirs, complete("counter", cart)])
      expect(answers.map((it) => it.status)).toEqual([200, 200])
      expect(new Set(answers.map((it) => orderIn(it.body))).size).toBe(1)
      expect((await sql`select from order_cart where cart_id = ${cart}`).length).toBe(1)
    }
    expect(await sql`select from mostrador.medusa_lock where owner = 'counter'`).toEqual([])
  })

  it("a cart again answers with its order, on both sides", { timeout: 60_000 }, async () => {
    for (const first of ["counter", "medusa"] as const) {
      const cart = await make(PLAIN)
      const order = orderIn((await complete(first, cart)).body)
      const [theirs, ours] = [await complete("medusa", cart), await complete("counter", cart)]
      expect(orderIn(theirs.body)).toBe(order)
      expect(normalise(ours.body, { exactly: true, unordered: UNORDERED_IN_CARTS })).toEqual(
        normalise(theirs.body, { exactly: true, unordered: UNORDERED_IN_CARTS }),
      )
    }
    expect(await sql`select from order_cart group by cart_id having count(*) > 1`).toEqual([])
  })

  it("20 times at once makes one order", { timeout: 60_000 }, async () => {
    const cart = await make(PLAIN)
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete("counter", cart)))
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((it) => orderIn(it.body))).size).toBe(1)
    const rows = await sql`select order_id from order_cart where cart_id = ${cart}`
    expect(rows.length).toBe(1)
    const [kept] = await sql<{ count: number }[]>`
      select count(*)::int as count from payment
      where payment_collection_id in (select payment_collection_id from cart_payment_collection where cart_id = ${cart})`
    expect(kept?.count).toBe(1)
  })
})
