import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Database, openDatabase } from "../../src/platform/db/index.ts"
import type { OpenCounter } from "../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { guest, type Headers, send } from "../support/desks.ts"
import { untilBuilt } from "../support/documents.ts"
import { theMedusa } from "../support/medusa.ts"
import { placeOrder } from "../support/orders.ts"
import { sdk } from "../support/shopper.ts"

/** Orders of accounts on the routes of Medusa's that no lane answers. */
let counter: OpenCounter
let database: Database
let boss: Headers
beforeAll(async () => {
  counter = await openCounterBeforeMedusa({ cartMerge: "sum", cartAccess: "owner" })
  database = openDatabase(theMedusa().databaseUrl, { connections: 1 })
  await untilBuilt(database, 60)
  const { body } = await send(counter.url, "POST", "/auth/user/emailpass", {}, demo().admin)
  boss = { authorization: `Bearer ${body.token}` }
}, 300_000)
afterAll(async () => {
  await counter?.close()
  await database?.close()
})

async function account() {
  const [email, password] = [`${randomUUID()}@example.com`, "correct horse battery staple"]
  const shop = sdk(counter.url, demo().channels.web.publishable_key)
  const token = await shop.auth.register("customer", "emailpass", { email, password })
  const { customer } = await shop.store.customer.create({ email }, {}, { authorization: `Bearer ${token}` })
  const logIn = await shop.auth.login("customer", "emailpass", { email, password })
  return { id: customer.id, email, headers: { ...guest(), authorization: `Bearer ${logIn}` }, shop }
}

const ofAccount = async () => {
  const ana = await account()
  const { id } = await placeOrder(counter.url, {
    email: ana.email,
    headers: { authorization: ana.headers.authorization },
  })
  return { ana, id }
}
const ask = (method: string, path: string, headers: Headers, body?: object) =>
  send(counter.url, method, path, headers, body)
const transfer = (id: string, step: string, headers: Headers, body?: object) =>
  ask("POST", `/store/orders/${id}/transfer/${step}`, headers, body)
const statusOf = async (id: string, headers: Headers) => (await ask("GET", `/store/orders/${id}`, headers)).status

/** Medusa sends it to whose order it is by e-mail. */
async function tokenOfTransfer(id: string): Promise<string> {
  const { status, body } = await ask("GET", `/admin/orders/${id}/changes?status=requested`, boss)
  expect(status).toBe(200)
  return body.order_changes[0].actions[0].details.token
}

describe("an order of an account, where Medusa is asked about it", () => {
  it("is to anybody else as one that there is not, whatever he asks, and answers to its customer", async () => {
    const { ana, id } = await ofAccount()
    const berta = await account()
    const none = `${id.slice(0, -3)}ZZZ`
    const session = await ask("POST", "/auth/session", berta.headers)
    expect(session.status).toBe(200)
    const cookie = session.headers.getSetCookie()[0]?.split(";")[0] ?? ""
    const locale = { "x-medusa-locale": "es-ES" }
    const asked: [string, string, Headers?, object?][] = [
      ["GET", "", locale],
      ["GET", "?fields=*payment_collections.payment_providers"],
      ["GET", "?what=1"],
      ["GET", "/", locale],
      ["HEAD", "", locale],
      ["GET", "/nothing"],
      ["POST", "/transfer/request", {}, { description: "It is mine." }],
      ["POST", "/transfer/request", {}, { what: 1 }],
      ["POST", "/transfer/cancel", {}, {}],
      ["POST", "/transfer/accept", {}, { token: "guessed" }],
      ["POST", "/transfer/accept", {}, {}],
      ["POST", "/transfer/decline", {}, { token: "guessed" }],
    ]
    const statuses = new Set<number>()
    for (const stranger of [guest(), berta.headers, { ...guest(), cookie }]) {
      for (const [method, rest, more, body] of asked) {
        const [of, than] = [id, none].map((it) =>
          ask(method, `/store/orders/${it}${rest}`, { ...stranger, ...more }, body),
        ) as [ReturnType<typeof ask>, ReturnType<typeof ask>]
        const [hers, nobodys] = [await of, await than]
        const what = [method, rest, stranger]
        expect([...what, hers.status, hers.text.replaceAll(id, none)]).toEqual([...what, nobodys.status, nobodys.text])
        expect([...hers.headers.keys()].sort()).toEqual([...nobodys.headers.keys()].sort())
        statuses.add(hers.status)
      }
    }
    expect([...statuses].sort()).toEqual([400, 401, 404])
    for (const [, rest, more] of asked.slice(0, 2)) {
      const { status, body } = await ask("GET", `/store/orders/${id}${rest}`, { ...ana.headers, ...more })
      expect([status, body.order?.id, body.order?.email]).toEqual([200, id, ana.email])
    }
    const { order } = await ana.shop.store.order.retrieve(id)
    expect(order.id).toBe(id)
    const changes = await database.sql`select from order_change where order_id = ${id}`
    expect(changes).toHaveLength(0)
  })

  it("is asked for by who holds a token for it, and becomes his when its customer agrees", async () => {
    const { ana, id } = await ofAccount()
    const berta = await account()
    const { body } = await ask("POST", `/store/orders/${id}/access`, guest(), { email: ana.email })
    const withToken = { ...berta.headers, "x-order-token": body.token }
    const requested = await transfer(id, "request", withToken, {})
    expect([requested.status, requested.body.order?.id]).toEqual([200, id])
    const mine = await transfer(id, "request", ana.headers, {})
    expect([mine.status, mine.body.message]).toEqual([400, expect.stringContaining("already belongs")])
    expect(await statusOf(id, berta.headers)).toBe(404)

    const token = await tokenOfTransfer(id)
    const accepted = await transfer(id, "accept", guest(), { token })
    expect([accepted.status, accepted.body.order?.id]).toEqual([200, id])
    const told = []
    for (const headers of [guest(), ana.headers, withToken, berta.headers]) told.push(await statusOf(id, headers))
    // A token for an order is void when that has another customer; he has a log-in.
    expect(told).toEqual([404, 404, 200, 200])
    const old = await statusOf(id, { ...guest(), "x-order-token": body.token })
    expect(old).toBe(404)
  })

  it("that staff mean to give to another is not shown to him before: he gives it up, or its customer declines", async () => {
    const { ana, id } = await ofAccount()
    const [berta, other] = [await account(), await account()]
    const offer = async () => {
      const { status } = await ask("POST", `/admin/orders/${id}/transfer`, boss, { customer_id: berta.id })
      expect(status).toBe(200)
    }
    await offer()
    expect((await transfer(id, "cancel", other.headers, {})).status).toBe(404)
    const cancelled = await transfer(id, "cancel", berta.headers, {})
    expect([cancelled.status, cancelled.body]).toEqual([200, { order: { id } }])
    expect((await transfer(id, "cancel", berta.headers, {})).status).toBe(404)

    await offer()
    expect((await transfer(id, "decline", berta.headers, { token: "guessed" })).status).toBe(404)
    const declined = await transfer(id, "decline", guest(), { token: await tokenOfTransfer(id) })
    expect([declined.status, declined.body.order?.id]).toEqual([200, id])
    expect([await statusOf(id, berta.headers), await statusOf(id, ana.headers)]).toEqual([404, 200])
  })
})

describe("a guest's order", () => {
  it("is asked for by whoever knows its id, as in Medusa, and is the account's from then on", async () => {
    const { id } = await placeOrder(counter.url, { email: `${randomUUID()}@example.com` })
    const berta = await account()
    expect(await statusOf(id, guest())).toBe(200)
    const { order } = await berta.shop.store.order.requestTransfer(id, {})
    expect(order.id).toBe(id)
    const cancelled = await berta.shop.store.order.cancelTransfer(id)
    expect(cancelled.order.email).toBe(order.email)
    await berta.shop.store.order.requestTransfer(id, {})
    const guessed = await transfer(id, "accept", guest(), { token: "guessed" })
    expect([guessed.status, guessed.body.message]).toEqual([400, "Invalid token."])
    const token = await tokenOfTransfer(id)
    const accepted = await sdk(counter.url, demo().channels.web.publishable_key).store.order.acceptTransfer(id, {
      token,
    })
    expect(accepted.order.id).toBe(id)
    expect([await statusOf(id, guest()), await statusOf(id, berta.headers)]).toEqual([404, 200])
    const shown = await ask("GET", `/store/orders/${id}`, { ...guest(), "x-medusa-locale": "es-ES" })
    expect(shown.status).toBe(404)
  })
})
