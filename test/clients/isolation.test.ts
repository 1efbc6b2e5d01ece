import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Database, openDatabase } from "../../src/platform/db/index.ts"
import type { OpenCounter } from "../../src/server.ts"
import { type Operation, operationsOf, put } from "../channels/isolation/document.ts"
import { type Filled, fill } from "../channels/isolation/requests.ts"
import { rowsOf } from "../channels/isolation/rows.ts"
import { unbelievable } from "../channels/isolation/strangers.ts"
import { SAID, type Things, thingsOf } from "../channels/isolation/things.ts"
import { aboutNothing, each, shownOf } from "../channels/isolation/trying.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { admin, guest, type Headers, send } from "../support/desks.ts"
import { untilBuilt } from "../support/documents.ts"
import { ask, until } from "../support/http.ts"
import { theMedusa } from "../support/medusa.ts"
import { sdk } from "../support/shopper.ts"

const BREAKS = "POST /store/payment-collections/{id}/payment-sessions"

/** What only Medusa knows: sessions, secret keys, and of some things that there are none. */
let counter: OpenCounter
let database: Database
let operations: Operation[]
let things: Things
let asked: Filled[]
let marks: string[]
let ana: Awaited<ReturnType<typeof account>>
let stranger: typeof ana

async function account() {
  const [email, password] = [`${randomUUID()}@example.com`, "correct horse battery staple"]
  const shop = sdk(counter.url, demo().channels.web.publishable_key)
  const token = await shop.auth.register("customer", "emailpass", { email, password })
  const { customer } = await shop.store.customer.create({ email }, {}, { authorization: `Bearer ${token}` })
  const headers = {
    ...guest(),
    authorization: `Bearer ${await shop.auth.login("customer", "emailpass", { email, password })}`,
  }
  return { id: customer.id, email, headers, session: { ...guest(), ...(await sessionOf(headers)) } }
}

/** A browser's session, in the place of a token. */
async function sessionOf({ authorization = "" }: Headers): Promise<Headers> {
  const { status, headers } = await ask(counter.url, "/auth/session", { method: "POST", headers: { authorization } })
  expect(status).toBe(200)
  const [cookie = ""] = headers.getSetCookie()
  return { cookie: cookie.split(";")[0] ?? "" }
}

beforeAll(async () => {
  counter = await openCounterBeforeMedusa({ cartMerge: "sum", cartAccess: "owner" })
  database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
  await untilBuilt(database, 60)
  ana = await account()
  stranger = await account()
  const shop = { counter, database }
  const person = { ...ana, password: "", phone: "+34600100288", loyalty_code: null, group: null }
  const nobodys = { agent: {}, cashier: {}, boss: await admin() }
  things = await thingsOf(shop, { ana: ana.headers, oriol: person, ...nobodys }, "")
  operations = await operationsOf(counter.url)
  await things.order()
  asked = []
  for (const it of operations.filter(isCustomers)) asked.push(await fill(it, things, "stranger"))
  marks = [ana.id, ana.email, ...Object.values(SAID), ...things.marks()]
}, 600_000)
afterAll(async () => {
  await counter?.close()
  await database?.close()
})

const isCustomers = ({ path, security }: Operation) =>
  path.startsWith("/store/") && security.some((it) => "customerToken" in it)
const isAdmins = ({ path }: Operation) => path.startsWith("/admin/")

describe("a customer's things", () => {
  it("answer to no other's session, nor to one that is over or made up, nor to a log-in that is not finished", async () => {
    const over = { ...guest(), ...(await sessionOf(ana.headers)) }
    expect((await send(counter.url, "DELETE", "/auth/session", over)).status).toBe(200)
    const strangers: [string, Headers][] = [
      ["another's session", stranger.session],
      ["a session that is over", over],
      ["a session that is made up", { ...guest(), cookie: "connect.sid=s%3Amade-up.x" }],
      ...(await unbelievable({ actor_type: "customer", actor_id: ana.id })).map(([how, headers]): [string, Headers] => [
        how,
        { ...guest(), ...headers },
      ]),
    ]
    const before = await rowsOf(database.sql, marks)
    const wrong: unknown[] = []
    for (const [name, headers] of strangers) {
      await each(asked, async (it) => {
        const answer = await put(counter.url, { ...it, headers })
        const shown = shownOf(marks, { ...it, headers }, answer)
        const expected = it.owned.length > 0 ? [404] : [200, 400, 401]
        if (!expected.includes(answer.status) || shown.length > 0) {
          wrong.push([name, it.operation.name, answer.status, answer.text.slice(0, 300), shown])
        }
      })
      const after = await rowsOf(database.sql, marks)
      const changed = Object.keys({ ...before, ...after }).filter((it) => before[it] !== after[it])
      if (changed.length > 0) wrong.push([name, "has changed", changed])
    }
    expect(wrong).toEqual([])
  }, 600_000)

  it("are to another as things that there are not, in Medusa's own words", async () => {
    const wrong: unknown[] = []
    await each(
      asked.filter((it) => it.owned.length > 0),
      async (it) => {
        // Of a collection that there is not Medusa knows no more than that something broke.
        if (it.operation.name === BREAKS) return
        const { it: nobodys, as } = aboutNothing(it)
        const of = await put(counter.url, { ...it, headers: stranger.headers })
        const than = await put(counter.url, { ...nobodys, headers: stranger.headers })
        if (of.status !== than.status || as(of.text) !== than.text) {
          wrong.push([it.operation.name, it.path, of.status, of.text, than.status, than.text])
        }
      },
    )
    expect(wrong).toEqual([])
  }, 600_000)

  it("answer to his session on every route", async () => {
    const wrong: unknown[] = []
    for (const operation of operations.filter(isCustomers)) {
      const { status, text } = await put(counter.url, {
        ...(await fill(operation, things, "ana")),
        headers: ana.session,
      })
      if (status >= 300) wrong.push([operation.name, status, text.slice(0, 300)])
    }
    expect(wrong).toEqual([])
  }, 600_000)
})

describe("the shop's own things", () => {
  /** Of no thing: who is let in is told that there is none. */
  const knock = async ({ method, path }: Operation, headers: Headers) => {
    const body = method === "POST" ? { body: {} } : {}
    const asked = { method, path: path.replace(/\{\w+\}/g, "none_1"), query: {}, headers, ...body }
    let answer = await put(counter.url, asked)
    // Medusa, which is asked who it is, may be slow while all are at it: who is told so comes again.
    await until(
      "Medusa has time",
      async () => {
        if (answer.status === 503) answer = await put(counter.url, asked)
        return answer.status !== 503
      },
      60,
    )
    return answer
  }

  it("answer to an admin's session and to a secret key, and to no other session or key", async () => {
    const { email, password } = demo().admin
    const { body } = await send(counter.url, "POST", "/auth/user/emailpass", {}, { email, password })
    const boss = { authorization: `Bearer ${body.token}` }
    const session = await sessionOf(boss)
    const made = await send(counter.url, "POST", "/admin/api-keys", boss, { title: randomUUID(), type: "secret" })
    const { id, token } = made.body.api_key
    const basic = (it: string) => ({ authorization: `Basic ${Buffer.from(`${it}:`).toString("base64")}` })
    const rooms = operations.filter(isAdmins)
    expect(rooms.length).toBeGreaterThan(30)
    const statuses = async (headers: Headers) =>
      await each(rooms, async (it) => [it.name, (await knock(it, headers)).status] as const)
    const refused = rooms.map(({ name }) => [name, 401])
    for (const headers of [session, basic(token)]) {
      const told = await statuses(headers)
      expect(told.filter(([, status]) => ![200, 400, 404, 409].includes(status))).toEqual([])
      expect(told.filter(([, status]) => status === 200).length).toBeGreaterThan(8)
    }
    const { session: customers } = stranger
    for (const headers of [customers, basic(demo().channels.web.publishable_key), basic("sk_none")]) {
      expect(await statuses(headers)).toEqual(refused)
    }
    expect((await send(counter.url, "POST", `/admin/api-keys/${id}/revoke`, boss, {})).status).toBe(200)
    expect(await statuses(basic(token))).toEqual(refused)
    expect((await send(counter.url, "DELETE", `/admin/api-keys/${id}`, boss)).status).toBe(200)
    expect((await send(counter.url, "DELETE", "/auth/session", session)).status).toBe(200)
    expect(await statuses(session)).toEqual(refused)
  }, 600_000)
})
