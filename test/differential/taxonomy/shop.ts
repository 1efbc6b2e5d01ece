import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import { expect } from "vitest"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import type { Answer } from "../../support/http.ts"
import { until } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { expectSame, type Sides, send } from "../compare.ts"

/** A counter before Medusa, and someone who may change what they show. */
export interface Shop {
  counter: OpenCounter
  sides: Sides
  /** What the counter answers. */
  ask(path: string): Promise<Answer>
  /** What Medusa itself answers. */
  medusa(path: string): Promise<Answer>
  /** Asks both sides, and expects one answer. */
  same(path: string): Promise<Answer>
  /** The same, and expects that the lane itself has answered. */
  sameFromLane(path: string): Promise<Answer>
  /** Asks until both sides say the same: for changes that the counter has to hear of first. */
  untilSame(path: string): Promise<void>
  /** A request of an admin, through the counter or past it. */
  admin(side: keyof Sides, method: string, path: string, body?: object): Promise<Record<string, { id: string }>>
}

export async function openShop(): Promise<Shop> {
  const counter = await openCounterBeforeMedusa()
  const sides = { counter: counter.url, medusa: theMedusa().url }
  const headers = { "x-publishable-api-key": demo().channels.web.publishable_key }
  const { email, password } = demo().admin
  const login = await send(sides.medusa, { method: "POST", path: "/auth/user/emailpass", body: { email, password } })
  const { token } = login.body as { token: string }
  const same = (path: string) => expectSame(sides, { path, headers }, { exactly: true })

  async function answeredByLane(): Promise<number> {
    const { text } = await send(sides.counter, { path: "/metrics" })
    const counts = text.matchAll(/mostrador_http_requests_total\{way="lane",class="\dxx"\} (\d+)/g)
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
  }

  return {
    counter,
    sides,
    ask: (path) => send(sides.counter, { path, headers }),
    medusa: (path) => send(sides.medusa, { path, headers }),
    same,
    async sameFromLane(path) {
      // While its memory is behind what another test has just changed, a lane leaves the answer to Medusa.
      for (let tries = 1; ; tries++) {
        const before = await answeredByLane()
        const answer = await same(path)
        const byLane = (await answeredByLane()) - before
        if (byLane === 1 || tries === 5) {
          expect([path, byLane]).toEqual([path, 1])
          return answer
        }
      }
    },
    untilSame(path) {
      return until(`the same answer to ${path}`, async () => {
        const [ours, theirs] = [
          await send(sides.counter, { path, headers }),
          await send(sides.medusa, { path, headers }),
        ]
        return isDeepStrictEqual([ours.status, ours.body], [theirs.status, theirs.body])
      })
    },
    async admin(side, method, path, body) {
      const answer = await send(sides[side], { method, path, headers: { authorization: `Bearer ${token}` }, body })
      expect([path, answer.status, answer.text]).toEqual([path, 200, answer.text])
      return answer.body as Record<string, { id: string }>
    },
  }
}

/** A parameter with one of some values. */
export const parameter = (name: string, ...values: (string | number)[]) =>
  fc.constantFrom(...values).map((value) => [name, String(value)] as [string, string])

/** `limit` and `offset`, also what they cannot be. */
export const pages = [
  parameter("limit", 0, 1, 2, 3, 5, 100, "abc", "", "2x", "-1"),
  parameter("offset", 0, 1, 2, 4, 300, "abc", "1.5"),
]

/** What Medusa refuses, or what means something to it that no lane knows. */
export const nonsense = [
  parameter("unknown", "1"),
  parameter("with_deleted", "true", "no"),
  parameter("locale", "es-ES"),
  parameter("created_at[foo]", "x"),
  parameter("$or[0]", "x"),
  parameter("$or[0][unknown]", "x"),
  parameter("fields[]", "id"),
  parameter("order", "", "nothing", "-nothing", "metadata", "products", "id.x"),
]

/** A list of times, around and at those of the rows themselves. */
export const times = (column: string, ...exact: string[]) => {
  const values = ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00.000Z", "null", "2026-01-01", "yesterday", ...exact]
  return [
    parameter(`${column}[$gte]`, ...values),
    parameter(`${column}[$lt]`, ...values),
    parameter(`${column}[$ne]`, ...values),
    parameter(`${column}[$in][]`, ...values),
    parameter(`${column}[$nin][]`, ...values),
    parameter(`${column}[$like]`, "2026%"),
    parameter(`${column}[$contains]`, "2026"),
    parameter(column, ...values),
    parameter(`${column}[]`, ...values),
  ]
}

/** Fields of a noun, some of them together. */
export const fieldsOf = (...names: string[]) =>
  fc
    .uniqueArray(fc.constantFrom(...names, " ", "nothing", "*nothing", "a.b.c"), { maxLength: 4 })
    .map((it) => ["fields", it.join(",")] as [string, string])

/** Queries of a few of these parameters, each at the most once: Medusa never answers a `locale` that comes twice. */
export const queries = (...parameters: fc.Arbitrary<[string, string]>[]) =>
  fc.uniqueArray(fc.oneof(...parameters), { maxLength: 4, selector: ([name]) => name })

export const text = (query: [string, string][]) =>
  query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&")

/** Expects that both sides answer any of these queries alike. */
export async function expectSameForAll(
  shop: Shop,
  path: string,
  query: fc.Arbitrary<[string, string][]>,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(query, async (it) => {
      await shop.same(`${path}?${text(it)}`)
    }),
    { numRuns },
  )
}
