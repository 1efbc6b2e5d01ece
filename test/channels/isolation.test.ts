import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openReceiver, type Receiver } from "../commerce/webhooks/receiver.ts"
import { counterForFile, openTestCounter } from "../support/counter.ts"
import { guest, type Headers, send } from "../support/desks.ts"
import { untilBuilt } from "../support/documents.ts"
import type { Answer } from "../support/http.ts"
import { type Cast, gather, well } from "./isolation/cast.ts"
import { type Operation, operationsOf, put } from "./isolation/document.ts"
import { type Filled, fill, IN_PATH, SAID_OF, SCHEMES } from "./isolation/requests.ts"
import { rowsOf } from "./isolation/rows.ts"
import { IN, roomOf, type Stranger, strangersOf } from "./isolation/strangers.ts"
import { SAID, STRIPE_SECRET, type Things, thingsOf, WEBHOOK_SECRET } from "./isolation/things.ts"
import { aboutNothing, each, instead, shownOf } from "./isolation/trying.ts"

const policies = { cartMerge: "sum", cartAccess: "owner" } as const
const stripe = {
  apiKey: "sk_test_1",
  webhookSecret: STRIPE_SECRET,
  capture: "manual",
  apiUrl: "http://127.0.0.1:9",
} as const
const shop = counterForFile({ ...policies, stripe })

/** What has to be asked elsewhere; `test/clients/isolation.test.ts` has a Medusa for it. */
const ELSEWHERE: Record<string, number> = { "POST /store/orders/{id}/cancel": 503, "POST /store/search/token": 501 }
/** They end the session by which the till is asked: after all others. */
const LAST = ["DELETE /pos/sessions/current", "POST /pos/sessions"]

let receiver: Receiver
let cast: Cast
let things: Things
let operations: Operation[]
/** All that can be asked about what is Ana's, and about the shop. */
let asked: Filled[]
let cartIds: { cart: string; alias: string }
/** What stands in what is hers, and nowhere else. */
let marks: string[]
beforeAll(async () => {
  receiver = await openReceiver()
  receiver.secret = WEBHOOK_SECRET
  await untilBuilt(shop.database, 60)
  cast = await gather(shop)
  things = await thingsOf(shop, cast, receiver.url)
  const all = await operationsOf(shop.counter.url)
  operations = all.sort((a, b) => LAST.indexOf(a.name) - LAST.indexOf(b.name))
  await things.order()
  const alias = await things.alias()
  asked = []
  for (const it of operations) asked.push(await fill(it, things, "stranger"))
  const cart = await things.cart()
  cartIds = { cart, alias }
  // Her cart has two ids: the other opens no more than the one.
  asked.unshift(...asked.filter((it) => it.owned.includes(cart)).map((it) => instead(it, [[cart, alias]])))
  const people = [cast.lucia, cast.oriol].flatMap(({ id, email, phone }) => [id, email, phone.slice(-9)])
  marks = [...people, ...Object.values(SAID), ...things.marks(), alias]
}, 180_000)
afterAll(() => receiver?.goAway())

/** Guesses are counted; here nobody guesses. */
const forgive = () => shop.database.sql`truncate mostrador.pin_failure, mostrador.attempt`

const asksAs = (it: Filled, { headers, isKeyed }: Stranger): Filled => {
  const keyed: Headers = isKeyed ? { "idempotency-key": randomUUID() } : {}
  const meant: Headers = isKeyed && it.owned.length > 0 ? { "if-match": '"999"' } : {}
  return { ...it, headers: { ...it.headers, ...headers, ...keyed, ...meant } }
}

/** It says the same whoever asks, once he is let in. */
const isForAll = ({ owned, operation: { security } }: Filled) =>
  owned.length === 0 && security.every((it) => Object.keys(it).every((scheme) => scheme === "publishableKey"))

/** What is wrong with what a stranger was told, if anything. */
function wrongWith(it: Filled, expected: NonNullable<Stranger["answered"]["store"]>, answer: Answer): unknown[] {
  const { name } = it.operation
  // A log-in that is not finished, say: what Medusa makes of it stands in the other file. Here there is nobody.
  const isMedusas = it.owned.length === 0 && answer.text.includes('"medusa_unavailable"')
  const statuses = expected !== IN ? [expected] : it.owned.length > 0 ? [404] : [200, 401]
  const shown = shownOf(marks, it, answer)
  const isTold = isMedusas || ELSEWHERE[name] === answer.status || statuses.includes(answer.status)
  return isTold && shown.length === 0 ? [] : [name, it.path, answer.status, answer.text.slice(0, 300), shown]
}

describe("a ticket", () => {
  it("opens the stream of the cart and the room that it was given for, once", async () => {
    const { stranger, otherCashier, otherAgent, agent, ana } = cast
    const get = (path: string, ticket: string, headers: Headers = guest()) =>
      put(shop.counter.url, { method: "GET", path: `${path}/stream`, query: { ticket }, headers })
    const own = (await well(shop, "GET", "/store/customers/me/cart", stranger)).cart.id
    const theirs = (await well(shop, "POST", "/pos/carts", otherCashier, {})).cart.id
    const hers = `/store/carts/${await things.cart()}`
    const [tills, agents] = [`/pos/carts/${await things.tillCart()}`, `/agent/carts/${await things.agentCart()}`]
    const oriols = agents.replace("/agent", "/store")
    const refused: unknown[] = []
    for (const path of [hers, tills, agents]) {
      refused.push((await get(path, await things.ticket("/store", own, stranger))).status)
      refused.push((await get(path, await things.ticket("/pos", theirs, otherCashier))).status)
    }
    const used = await things.ticket("/store", await things.cart(), ana)
    expect((await get(hers, used)).status).toBe(200)
    refused.push((await get(hers, used)).status)
    expect(refused).toEqual(refused.map(() => 401))
    // An agent's is for the desk: by it nobody passes for the customer.
    const ticket = () => things.ticket("/agent", agents.split("/")[3] ?? "", agent)
    expect((await get(oriols, await ticket())).status).toBe(404)
    expect((await get(tills, await ticket())).status).toBe(401)
    expect((await get(agents, await ticket(), {})).status).toBe(200)
    expect((await send(shop.counter.url, "POST", `${agents}/stream-ticket`, otherAgent)).status).toBe(404)
  })
})

describe("a request by somebody to whom a thing does not answer", () => {
  it("gets nothing of it and changes nothing of it, on any route, whoever he is", async () => {
    const strangers = await strangersOf(shop.database, cast)
    const before = await rowsOf(shop.database.sql, marks)
    expect(Object.keys(before).length).toBeGreaterThan(20)
    const wrong: unknown[] = []
    const told = new Set<Filled>()
    for (const stranger of strangers) {
      await forgive()
      const answers = await each(asked, async (it) => {
        const expected = stranger.answered[roomOf(it.operation)]
        // His own session he may end.
        const isHis = expected === IN && it.operation.name === "DELETE /pos/sessions/current"
        if (expected === undefined || isHis || (expected === IN && told.has(it))) return []
        if (expected === IN && isForAll(it)) told.add(it)
        const request = asksAs(it, stranger)
        return wrongWith(request, expected, await put(shop.counter.url, request))
      })
      wrong.push(...answers.filter((it) => it.length > 0).map((it) => [stranger.name, ...it]))
      const after = await rowsOf(shop.database.sql, marks)
      const changed = Object.keys({ ...before, ...after }).filter((it) => before[it] !== after[it])
      if (changed.length > 0) wrong.push([stranger.name, "has changed", changed])
    }
    expect(wrong).toEqual([])
  }, 600_000)

  it("is told the same as of a thing that there is not", async () => {
    const { stranger, otherCashier, otherAgent } = cast
    const wrong: unknown[] = []
    const doors = { store: stranger, cashier: otherCashier, agent: otherAgent } as Record<string, typeof stranger>
    await forgive()
    await each(
      asked.filter((it) => it.owned.length > 0),
      async (it) => {
        const headers = doors[roomOf(it.operation)]
        if (!headers) return
        const { it: nobodys, as } = aboutNothing(it)
        const of = await put(shop.counter.url, { ...it, headers })
        const than = await put(shop.counter.url, { ...nobodys, headers })
        // Of what there is not only Medusa says so; see the other file.
        if (than.text.includes('"medusa_unavailable"')) return
        if (of.status !== than.status || as(of.text) !== than.text) {
          wrong.push([it.operation.name, it.path, of.status, of.text, than.status, than.text])
        }
      },
    )
    expect(wrong).toEqual([])
  }, 300_000)
})

describe("with CART_ACCESS=id", () => {
  it("a customer's cart opens to whoever knows its id, or its alias, his order by its own, and nothing else of his", async () => {
    const open = await openTestCounter(shop.database.url, { ...policies, cartAccess: "id" })
    const told = await each(
      asked.filter((it) => it.path.startsWith("/store/") && it.owned.length > 0 && it.method === "GET"),
      async (it) => {
        const { status } = await put(open.url, { ...it, headers: guest() })
        const isCarts = it.owned.some((id) => [cartIds.cart, cartIds.alias].includes(id))
        return [it.operation.name, status, isCarts || it.operation.name === "GET /store/orders/{id}" ? 200 : 404]
      },
    )
    await open.close()
    expect(told.length).toBeGreaterThan(5)
    expect(told.filter(([, status, expected]) => status !== expected)).toEqual([])
  })
})

describe("who may", () => {
  /** What is answered to somebody else who has got hold of the `Idempotency-Key`. */
  async function keptFrom(it: Filled): Promise<unknown[]> {
    const { stranger, otherCashier, otherAgent } = cast
    const others: Partial<Record<string, Headers>> = { store: stranger, cashier: otherCashier, agent: otherAgent }
    const headers = { ...others[roomOf(it.operation)], "idempotency-key": it.headers["idempotency-key"] ?? "" }
    const answer = await put(shop.counter.url, { ...it, headers })
    const shown = shownOf([...marks, ...things.marks()], it, answer)
    const isKept = answer.status >= 400 && !answer.headers.has("idempotency-replayed") && shown.length === 0
    return isKept ? [] : [[it.operation.name, "under her key", answer.status, answer.text.slice(0, 200), shown]]
  }

  it("is let through, in each way that the document names, and his key gives his answer to nobody else", async () => {
    const wrong: unknown[] = []
    await forgive()
    for (const operation of operations) {
      for (const requirement of operation.security) {
        const schemes = Object.keys(requirement)
        // Only Medusa knows them; see the other file.
        if (schemes.some((it) => ["adminSession", "adminSecretKey"].includes(it))) continue
        const it = await fill(operation, things, schemes.join() === "publishableKey" ? "guest" : "ana")
        for (const scheme of schemes) {
          const show = SCHEMES[scheme]
          if (!show) throw new Error(`${operation.name}: how is ${scheme} shown? Say it in SCHEMES`)
          const { headers, query } = await show(things, cast, it)
          Object.assign(it.headers, headers)
          Object.assign(it.query, query)
        }
        const isOnce = operation.parameters.some((parameter) => parameter.name === "Idempotency-Key")
        if (isOnce) it.headers["idempotency-key"] = randomUUID()
        const { status, text } = await put(shop.counter.url, it)
        const expected = ELSEWHERE[operation.name]
        if (expected === undefined ? status >= 300 : status !== expected) {
          wrong.push([operation.name, schemes.join("+"), status, text.slice(0, 300)])
        }
        if (isOnce) wrong.push(...(await keptFrom(it)))
      }
    }
    expect(wrong).toEqual([])
  }, 600_000)
})

it("what is taught of routes is of routes that there are", () => {
  const names = operations.map((it) => it.name)
  expect(SAID_OF().filter((it) => !names.includes(it))).toEqual([])
  const paths = operations.map((it) => it.path)
  expect(Object.keys(IN_PATH).filter((key) => !paths.some((it) => it.startsWith(key)))).toEqual([])
  expect([...Object.keys(ELSEWHERE), ...LAST].filter((it) => !names.includes(it))).toEqual([])
})
