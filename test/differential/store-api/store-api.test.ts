import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { medusaRoutes } from "../../../src/medusa/routes.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { openCounterBeforeMedusa } from "../../support/counter.ts"
import { theMedusa } from "../../support/medusa.ts"
import { expectSame, type Sides, UNORDERED } from "../compare.ts"
import { CARTS } from "./carts.ts"
import { READS } from "./catalog.ts"
import { CUSTOMERS } from "./customers.ts"
import { expectSameFlow } from "./flow.ts"
import { LOGINS } from "./logins.ts"
import { expectSameMessage, PASSED_ON } from "./messages.ts"
import { ORDERS } from "./orders.ts"
import { fresh, openShop } from "./shop.ts"
import { type Known, request } from "./step.ts"

const FLOWS = [...LOGINS, ...CUSTOMERS, ...CARTS, ...ORDERS]
const STEPS = [...READS, ...FLOWS.flatMap((flow) => flow.steps)]

let counter: OpenCounter
let sides: Sides
let shop: Known

beforeAll(async () => {
  counter = await openCounterBeforeMedusa()
  sides = { counter: counter.url, medusa: theMedusa().url }
  shop = await openShop(sides.medusa)
})
afterAll(() => counter.close())

describe("the table of cases", () => {
  const routes = medusaRoutes().flatMap(({ pattern, methods }) => methods.map((method) => `${method} ${pattern}`))
  const ofShoppers = routes.filter((route) => /^\w+ \/(store|auth)\//.test(route))
  const succeeds = (route: string) => STEPS.some((step) => step.route === route && (step.status ?? 200) < 300)
  const impossible = [...new Set(STEPS.filter((step) => step.impossible).map((step) => step.route as string))]

  it("has a case that succeeds, or a reason why none can, for every route of Medusa's Store and Auth API", () => {
    expect(ofShoppers.filter((route) => !succeeds(route) && !impossible.includes(route))).toEqual([])
  })

  it("names no route that Medusa does not have", () => {
    expect(STEPS.map((step) => step.route as string).filter((route) => !routes.includes(route))).toEqual([])
  })

  it("calls nothing impossible that succeeds elsewhere", () => {
    expect(impossible.filter(succeeds)).toEqual([])
  })
})

describe("what a shopper reads", () => {
  for (const step of READS) {
    it([step.route, step.query ?? Object.values(step.params ?? {})].join(" "), async () => {
      const answer = await expectSame(sides, request(step, shop), { exactly: true, unordered: UNORDERED })
      expect(answer.status, answer.text).toBe(step.status ?? 200)
    })
  }
})

describe("what a shopper does", () => {
  for (const flow of FLOWS) it(flow.name, () => expectSameFlow(sides, flow, shop, fresh))
})

describe("how an answer comes", () => {
  for (const message of PASSED_ON) {
    it(`is the same in status, headers and body: ${message.name}`, async () => {
      await expectSameMessage(sides, message, shop.key ?? "")
    })
  }

  it("is the same in what it says to a client that has the answer already", async () => {
    const list = { name: "a list", method: "GET", path: "/store/return-reasons", status: 200 }
    const { headers } = await expectSameMessage(sides, list, shop.key ?? "")
    // `fetch` says `no-cache` beside `if-none-match` unless told otherwise.
    const again = {
      ...list,
      headers: { "if-none-match": String(headers.get("etag")), "cache-control": "max-age=0" },
      status: 304,
    }
    await expectSameMessage(sides, again, shop.key ?? "")
  })

  it("sets the same cookie", async () => {
    const headers = { authorization: `Bearer ${shop.admin}` }
    const session = { name: "a session", method: "POST", path: "/auth/session", headers, status: 200 }
    const { headers: answered } = await expectSameMessage(sides, session, shop.key ?? "")
    expect(answered.getSetCookie().join()).toMatch(/^connect\.sid=/)
  })
})
