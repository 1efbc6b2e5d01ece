import { beforeAll, describe, expect, it } from "vitest"
import { CARDS, readyCart } from "../../differential/checkout/cards.ts"
import { cardShopForFile } from "../../support/card-shop.ts"
import { demo } from "../../support/counter.ts"
import { guest, type Headers, send, signIn } from "../../support/desks.ts"

/** How often what happens at once is tried. */
const TIMES = 8

const shop = cardShopForFile()
const { formOf, confirm, statusOf } = shop
let till: Headers
beforeAll(async () => {
  till = await signIn(shop, "madrid")
})

const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  send(shop.counter.url, method, path, headers, body)
async function ask(method: "GET" | "POST", path: string, body?: object) {
  const answer = await call(method, path, guest(), body)
  expect([path, answer.status, answer.status < 300 ? "" : answer.text]).toEqual([path, 200, ""])
  return answer.body
}

/** A cart whose shopper has opened Stripe's form and come to the till with it. */
async function atTheTill(): Promise<{ id: string; intent: string }> {
  const ready = await readyCart(ask, { variant: demo().variants.unmanaged })
  const id = ready?.id ?? ""
  const form = await formOf(id)
  const { handoff } = await ask("POST", `/store/carts/${id}/handoff`, { to: "pos" })
  expect((await call("POST", `/pos/handoffs/${handoff.code}/claim`, till)).status).toBe(200)
  return { id, ...form }
}

const complete = (id: string) => call("POST", `/store/carts/${id}/complete`, guest())
const payCash = (id: string) => call("POST", `/pos/carts/${id}/pay`, till, { tender: "cash", amount: 900 })
const addOne = (id: string) =>
  call("POST", `/pos/carts/${id}/line-items`, till, { variant_id: demo().variants.unmanaged, quantity: 1 })
/** The sessions of a cart, its orders, and by whom they are paid. */
async function books(id: string) {
  const { sql } = shop.database
  const sessions = await shop.sessionsOf(id)
  const payments = await sql<{ provider_id: string }[]>`
    select provider_id from payment join cart_payment_collection link using (payment_collection_id)
    where link.cart_id = ${id}`
  const orders = await sql`select order_id from order_cart where cart_id = ${id}`
  const receipts = await sql`select number from mostrador.till_payment where cart_id = ${id}`
  const by = payments.map((it) => it.provider_id)
  return { sessions, by, orders: orders.length, receipts: receipts.length }
}

describe("a cart for which a form for cards is open on the customer's phone", () => {
  it("is changed and sold at the till: the form is closed at Stripe first, once, and can be paid by no more", async () => {
    const { id, intent } = await atTheTill()
    const added = await addOne(id)
    expect([added.status, added.body.cart.items[0].quantity]).toEqual([200, 2])
    expect([await statusOf(intent), (await books(id)).sessions]).toEqual(["canceled", []])
    const [told] = await shop.database.sql<{ before: string }[]>`
      select (data->'before')::text as before from mostrador.event where subject_id = ${id} and name = 'cart.changed'`
    expect(told?.before).toContain(CARDS)
    const paid = await payCash(id)
    expect([paid.status, paid.body.order.total]).toEqual([200, added.body.cart.total])
    await expect(confirm(intent)).rejects.toMatchObject({ code: "payment_intent_unexpected_state" })
    expect(await books(id)).toMatchObject({ by: ["pp_system_default"], orders: 1, receipts: 1 })
    const cancels = shop.bank.requests.filter((it) => it.path.endsWith(`${intent}/cancel`))
    expect(cancels).toHaveLength(1)
  })

  it("is left alone by what is refused: the customer goes on to pay", async () => {
    const { id, intent } = await atTheTill()
    const asked = shop.bank.requests.length
    const cart = `/pos/carts/${id}`
    const refused: [method: string, path: string, body: unknown, status: number][] = [
      ["POST", `${cart}/pay`, { tender: "cash" }, 400],
      ["POST", `${cart}/pay`, { tender: "card", amount: 900 }, 400],
      ["POST", `${cart}/scan`, { barcode: "0000000000000" }, 404],
      ["POST", `${cart}/line-items`, { variant_id: demo().variants.unmanaged, quantity: -1 }, 400],
      ["POST", `${cart}/region`, { region_id: demo().regions.es }, 400],
    ]
    for (const [method, path, body, status] of refused) {
      expect([path, body, (await call(method, path, till, body)).status]).toEqual([path, body, status])
    }
    const old = { ...till, "if-match": '"0"' }
    expect((await call("POST", `${cart}/pay`, old, { tender: "cash", amount: 900 })).status).toBe(412)
    expect([shop.bank.requests.length, (await books(id)).sessions]).toEqual([
      asked,
      [{ provider_id: CARDS, status: "pending" }],
    ])
    await confirm(intent)
    expect((await complete(id)).body.type).toBe("order")
  })

  it("is left alone by what the till asks a second time under the same key, and by another request under it", async () => {
    const { id } = await atTheTill()
    await addOne(id)
    const line = { variant_id: demo().variants.unmanaged, quantity: 1 }
    const keyed = { ...till, "idempotency-key": `line-${id}` }
    const lines = `/pos/carts/${id}/line-items`
    const added = await call("POST", lines, keyed, line)
    const { intent } = await formOf(id)
    const again = await call("POST", lines, keyed, line)
    expect([added.status, again.status, again.body]).toEqual([200, 200, added.body])
    expect((await call("POST", lines, keyed, { ...line, quantity: 2 })).status).toBe(422)
    expect([(await books(id)).sessions, await statusOf(intent)]).toEqual([
      [{ provider_id: CARDS, status: "pending" }],
      "requires_payment_method",
    ])
    // A new one is a change.
    expect((await addOne(id)).status).toBe(200)
    expect(await statusOf(intent)).toBe("canceled")
  })

  it("is the customer's when he has paid: the till is told so, and his order is placed", async () => {
    const { id, intent } = await atTheTill()
    await confirm(intent)
    for (const refused of [await addOne(id), await payCash(id)]) {
      expect([refused.status, refused.body.code]).toEqual([400, "payment_begun"])
    }
    expect(await books(id)).toEqual({
      sessions: [{ provider_id: CARDS, status: "pending" }],
      by: [],
      orders: 0,
      receipts: 0,
    })
    const { status, body } = await complete(id)
    expect([status, body.type, await statusOf(intent)]).toEqual([200, "order", "requires_capture"])
    expect(await books(id)).toMatchObject({ by: [CARDS], orders: 1, receipts: 0 })
  })

  it("is the till's when he pays while Stripe is asked to close the form: nothing is taken of him", async () => {
    const { id, intent } = await atTheTill()
    const stall = shop.bank.stall(new RegExp(`POST .*${intent}/cancel`))
    const paying = payCash(id)
    await stall.reached
    await confirm(intent)
    const ordered = await complete(id)
    expect([ordered.status, (await books(id)).orders]).toEqual([400, 0])
    stall.release()
    expect((await paying).status).toBe(200)
    expect([await statusOf(intent), await books(id)]).toMatchObject([
      ...["canceled", { by: ["pp_system_default"], orders: 1, receipts: 1 }],
    ])
  })

  it("is left as it is by a till that hears late that he has paid, when it was ordered meanwhile", async () => {
    const { id, intent } = await atTheTill()
    const stall = shop.bank.stall(new RegExp(`GET .*${intent}`))
    const paying = payCash(id)
    await stall.reached
    await confirm(intent)
    // As `settlePayment` leaves it, when the till has not been heard of for two minutes.
    await shop.database.sql`update payment_session set status = 'authorized' where data->>'id' = ${intent}`
    stall.release()
    expect((await paying).body.code).toBe("payment_begun")
    expect((await books(id)).sessions).toEqual([{ provider_id: CARDS, status: "authorized" }])
  })

  it("is sold once when he pays in the same moment", async () => {
    for (let time = 0; time < TIMES; time++) {
      const { id, intent } = await atTheTill()
      const phone = async () => {
        const isConfirmed = await confirm(intent).then(
          () => true,
          () => false,
        )
        return isConfirmed ? await complete(id) : undefined
      }
      const [, cash] = await Promise.all([phone(), payCash(id)])
      const { by, orders, receipts } = await books(id)
      const isTills = cash.status === 200
      if (!isTills) {
        expect(["payment_begun", "cart_completed"]).toContain(cash.body.code)
        // He may have been refused while the till had closed it, and asks again.
        await complete(id)
      }
      const now = isTills ? { by, orders, receipts } : await books(id)
      expect({ by: now.by, orders: now.orders, receipts: now.receipts }).toEqual(
        isTills ? { by: ["pp_system_default"], orders: 1, receipts: 1 } : { by: [CARDS], orders: 1, receipts: 0 },
      )
      expect(await statusOf(intent)).toBe(isTills ? "canceled" : "requires_capture")
    }
  })

  it("waits while Stripe cannot be asked, and is sold when it can", async () => {
    const { id, intent } = await atTheTill()
    const end = shop.bank.fail({ match: new RegExp(`${intent}/cancel`), status: 500, times: 50 })
    const refused = await addOne(id)
    expect([refused.status, refused.body.code]).toEqual([503, "payment_uncertain"])
    expect((await books(id)).sessions).toHaveLength(1)
    end()
    expect([(await payCash(id)).status, await statusOf(intent)]).toEqual([200, "canceled"])
  })
})
