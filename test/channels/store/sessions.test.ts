import http from "node:http"
import type { AddressInfo } from "node:net"
import { sign } from "hono/jwt"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { loadConfig } from "../../../src/config.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openTestCounter } from "../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { untilBuilt } from "../../support/documents.ts"
import { ask } from "../../support/http.ts"

/** Stands where Medusa stands, and knows one session: that of a customer of the Club. */
let sessions: http.Server
let asked: http.IncomingMessage[]
let failing: number | undefined
let database: TestDatabase
let counter: OpenCounter
/** A variant that costs the Club less. */
let sku: string

const SESSION = "other=1; connect.sid=s%3Aclub"
const member = () => demo().customers.find((it) => it.group === "Club")?.id ?? ""

beforeAll(async () => {
  sessions = http.createServer((request, response) => {
    asked.push(request)
    const known = request.headers.cookie === SESSION
    response.writeHead(failing ?? (known ? 200 : 401), { "content-type": "application/json" })
    response.end(JSON.stringify(known ? { customer: { id: member() } } : { message: "Unauthorized" }))
  })
  await new Promise<void>((resolve) => sessions.listen(0, "127.0.0.1", resolve))
  database = await cloneDatabase()
  const [row] = await database.sql<{ sku: string }[]>`
    select variant.sku from price_list_rule rule join price using (price_list_id)
    join product_variant_price_set using (price_set_id) join product_variant variant on variant.id = variant_id
    where rule.attribute = 'customer.groups.id' and price.currency_code = 'eur' order by 1 limit 1`
  sku = row?.sku ?? ""
  counter = await openTestCounter(database.url, {
    medusaUrl: `http://127.0.0.1:${(sessions.address() as AddressInfo).port}`,
  })
  await untilBuilt(database)
})
afterAll(async () => {
  await counter.close()
  sessions.close()
  await database.drop()
})
beforeEach(() => {
  asked = []
  failing = undefined
})

const get = (path: string, headers: Record<string, string>) =>
  ask(counter.url, path, { headers: { "x-publishable-api-key": demo().channels.web.publishable_key, ...headers } })
const lookUp = async (headers: Record<string, string>) => {
  const { body } = await get(`/store/variants/lookup?sku=${sku}&region_id=${demo().regions.es}`, headers)
  return (body as { variant: { calculated_price?: { calculated_amount: number } } }).variant.calculated_price
}
const catalog = async (headers: Record<string, string>) => {
  const { body } = await get(`/store/catalog?limit=100&region_id=${demo().regions.es}`, headers)
  return (body as { products: { id: string; price: unknown }[] }).products.map(({ id, price }) => [id, price])
}
const token = async () => {
  const claims = { actor_id: member(), actor_type: "customer", exp: Math.floor(Date.now() / 1000) + 60 }
  return { authorization: `Bearer ${await sign(claims, loadConfig({}).jwtSecret, "HS256")}` }
}

describe("a browser's session, in routes that Medusa does not have,", () => {
  it("gets the prices of the customer whose it is", async () => {
    const [own, everybodys] = [await lookUp({ cookie: SESSION }), await lookUp({})]
    expect(own).toEqual(await lookUp(await token()))
    expect(own?.calculated_amount).toBeLessThan(everybodys?.calculated_amount ?? 0)
    expect(await catalog({ cookie: SESSION })).toEqual(await catalog(await token()))
    expect(await catalog({ cookie: SESSION })).not.toEqual(await catalog({}))
    expect(asked[0]?.url).toBe("/store/customers/me?fields=id")
    expect(asked[0]?.headers["x-publishable-api-key"]).toBe(demo().channels.web.publishable_key)
  })

  it("is a guest's when no customer has logged in with it", async () => {
    expect(await lookUp({ cookie: "connect.sid=s%3Anobody" })).toEqual(await lookUp({}))
    expect(await catalog({ cookie: "connect.sid=s%3Anobody" })).toEqual(await catalog({}))
  })

  it("is asked about only where there is a price that hangs on it", async () => {
    expect((await get("/store/catalog?q=lino", { cookie: SESSION })).status).toBe(200)
    expect((await get("/store/catalog?q=lino&currency_code=eur", { cookie: SESSION })).status).toBe(200)
    expect(asked).toEqual([])
  })

  it("gets no price at all while nobody can tell whose it is", async () => {
    for (failing of [500, 429]) {
      for (const path of [`/store/variants/lookup?sku=${sku}`, `/store/catalog?region_id=${demo().regions.es}`]) {
        const answer = await get(path, { cookie: SESSION })
        expect([path, answer.status, answer.headers.get("retry-after"), answer.body]).toEqual([
          path,
          503,
          "2",
          { type: "unexpected_state", code: "medusa_unavailable", message: expect.stringContaining("session") },
        ])
      }
    }
  })
})

it("a customer who was deleted keeps his groups' prices while his token lives, as in Medusa", async () => {
  const before = await lookUp(await token())
  await database.sql`update customer set deleted_at = now() where id = ${member()}`
  expect(await lookUp(await token())).toEqual(before)
})
