import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { CARDS, readyCart } from "../../../differential/checkout/cards.ts"
import { cardShopForFile } from "../../../support/card-shop.ts"
import { demo } from "../../../support/counter.ts"
import { guest, type Headers, send, tokenOf } from "../../../support/desks.ts"

// No Medusa is there: what a lane does not do itself fails.
const shop = cardShopForFile({ cartMerge: "sum", cartAccess: "owner" })
const { formOf, confirm, statusOf, sessionsOf } = shop
const OPEN = [{ provider_id: CARDS, status: "pending" }]

/** Somebody with an account, and no cart yet. */
async function account(): Promise<Headers> {
  const id = `cus_${randomUUID()}`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${`${id}@example.com`}, true)`
  return { ...guest(), ...(await tokenOf({ actor_type: "customer", actor_id: id })) }
}
const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  send(shop.counter.url, method, path, headers, body)

/** A cart whose shopper has opened Stripe's form on his computer, and not sent it. */
async function withForm(headers: Headers): Promise<{ id: string; intent: string }> {
  const ready = await readyCart(
    async (method, path, body) => {
      const answer = await call(method, path, headers, body)
      expect([path, answer.status, answer.status < 300 ? "" : answer.text]).toEqual([path, 200, ""])
      return answer.body
    },
    { variant: demo().variants.unmanaged },
  )
  const id = ready?.id ?? ""
  return { id, ...(await formOf(id)) }
}
const begin = (headers: Headers) =>
  call("POST", "/store/carts", headers, {
    region_id: demo().regions.es,
    items: [{ variant_id: demo().variants.unmanaged, quantity: 2 }],
  })
const logIn = (id: string, headers: Headers) => call("POST", `/store/carts/${id}/customer`, headers)
const sent = (id: string, headers: Headers, quantity: number) =>
  call("POST", `/store/carts/${id}/operations`, headers, {
    operations: [
      {
        ...{ id: randomUUID(), type: "add_line", base_version: 1 },
        ...{ variant_id: demo().variants.unmanaged, quantity },
      },
      { id: randomUUID(), type: "update_cart", base_version: 1, metadata: { note: "Ring twice" } },
    ],
  })
const mine = async (headers: Headers) => (await call("GET", "/store/customers/me/cart", headers)).body.cart

describe("a customer whose computer shows the form for his card", () => {
  it("goes on in the same cart with his phone, and the form can be paid by no more", async () => {
    const ana = await account()
    const { id, intent } = await withForm(ana)
    const { status, body } = await begin({ ...ana, "idempotency-key": id })
    expect([status, body.cart.id, body.cart.items[0].quantity]).toEqual([200, id, 3])
    expect([await statusOf(intent), await sessionsOf(id)]).toEqual(["canceled", []])
    // What is asked again closes nothing, and does nothing.
    const form = await formOf(id)
    expect((await begin({ ...ana, "idempotency-key": id })).body).toEqual(body)
    expect([await statusOf(form.intent), await sessionsOf(id)]).toEqual(["requires_payment_method", OPEN])
  })

  it("has one cart, too, when two others go on with it at once", async () => {
    for (let time = 0; time < 5; time++) {
      const ana = await account()
      const { id, intent } = await withForm(ana)
      const both = await Promise.all([begin(ana), begin(ana)])
      expect(both.map(({ status, body }) => [status, body.cart?.id])).toEqual([
        [200, id],
        [200, id],
      ])
      expect([(await mine(ana)).items[0].quantity, await statusOf(intent)]).toEqual([5, "canceled"])
    }
  })

  it("has it still when what his phone asks is refused, or comes to the same", async () => {
    const ana = await account()
    const { id, intent } = await withForm(ana)
    const { regions, variants } = demo()
    const refused = await call("POST", "/store/carts", ana, {
      ...{ region_id: regions.es, items: [{ variant_id: variants.unmanaged, quantity: 2 }] },
      shipping_address: { country_code: "us" },
    })
    expect([refused.status, refused.body.type]).toEqual([400, "invalid_data"])
    const [added, removed] = [randomUUID(), randomUUID()]
    const { status, body } = await call("POST", `/store/carts/${id}/operations`, ana, {
      operations: [
        {
          id: added,
          type: "add_line",
          base_version: 1,
          variant_id: variants.unmanaged,
          quantity: 1,
          metadata: { a: 1 },
        },
        { id: removed, type: "remove_line", base_version: 1, line: { operation_id: added } },
      ],
    })
    expect([status, body.results.map((it: { outcome: string }) => it.outcome)]).toEqual([200, ["applied", "applied"]])
    expect([await statusOf(intent), await sessionsOf(id)]).toEqual(["requires_payment_method", OPEN])
  })

  it("has it still when his phone only asks for his cart", async () => {
    const ana = await account()
    const { id, intent } = await withForm(ana)
    expect((await mine(ana)).id).toBe(id)
    expect((await call("POST", "/store/carts", ana, { region_id: demo().regions.es })).body.cart.id).toBe(id)
    expect([await statusOf(intent), await sessionsOf(id)]).toEqual(["requires_payment_method", OPEN])
  })

  it("is told to try again while Stripe does not say that it is closed, and nothing is changed", async () => {
    const ana = await account()
    const { id, intent } = await withForm(ana)
    const end = shop.bank.fail({ match: new RegExp(`${intent}/cancel`), status: 500, times: 50 })
    const { status, body } = await begin(ana)
    expect([status, body.code]).toEqual([503, "payment_uncertain"])
    expect((await mine(ana)).items[0].quantity).toBe(1)
    end()
    expect((await begin(ana)).body.cart).toMatchObject({ id, items: [{ quantity: 3 }] })
    expect(await statusOf(intent)).toBe("canceled")
  })

  it("has what he did with his phone offline applied, and the form can be paid by no more", async () => {
    const ana = await account()
    const { id, intent } = await withForm(ana)
    const { status, body } = await sent(id, ana, 4)
    const outcomes = body.results.map((it: { outcome: string }) => it.outcome)
    expect([status, outcomes, body.cart.items[0].quantity]).toEqual([200, ["applied", "applied"], 5])
    expect([await statusOf(intent), await sessionsOf(id)]).toEqual(["canceled", []])
  })

  it("is told which of that could not be done since he has paid, and the rest is done", async () => {
    const ana = await account()
    const { id, intent } = await withForm(ana)
    await confirm(intent)
    const { status, body } = await sent(id, ana, 4)
    expect([status, body.results]).toMatchObject([
      200,
      [{ outcome: "rejected", reason: "left_to_medusa" }, { outcome: "applied" }],
    ])
    expect(body.cart).toMatchObject({ items: [{ quantity: 1 }], metadata: { note: "Ring twice" } })
    expect([await statusOf(intent), await sessionsOf(id)]).toEqual(["requires_capture", OPEN])
  })

  it("keeps what he has paid: the cart becomes his order", async () => {
    const ana = await account()
    const { id, intent } = await withForm(ana)
    await confirm(intent)
    // Medusa would make another cart, since this one is an order in a moment.
    expect((await begin(ana)).status).toBeGreaterThanOrEqual(500)
    const { status, body } = await call("POST", `/store/carts/${id}/complete`, ana)
    expect([status, body.type, body.order?.items[0].quantity]).toEqual([200, "order", 1])
    expect(await statusOf(intent)).toBe("requires_capture")
  })
})

describe("a guest who logs in when he has opened the form for his card", () => {
  it("has one cart with what was in his other one, and opens the form anew", async () => {
    const ana = await account()
    const other = (await begin(ana)).body.cart.id
    const { id, intent } = await withForm(guest())
    const { status, body } = await logIn(id, ana)
    expect([status, body.cart.id, body.cart.items[0].quantity, body.merge.from]).toEqual([200, id, 3, other])
    expect([await statusOf(intent), await sessionsOf(id)]).toEqual(["canceled", []])
    expect((await mine(ana)).id).toBe(id)
  })

  it("goes on to pay by it where there is nothing else to pay", async () => {
    const { id, intent } = await withForm(guest())
    const ana = await account()
    expect((await logIn(id, ana)).status).toBe(200)
    expect([await statusOf(intent), await sessionsOf(id)]).toEqual(["requires_payment_method", OPEN])
    await confirm(intent)
    expect((await call("POST", `/store/carts/${id}/complete`, ana)).body.type).toBe("order")
  })
})
