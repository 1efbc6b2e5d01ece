import { sign } from "hono/jwt"
import { beforeAll, describe, expect, it } from "vitest"
import { loadConfig } from "../../../src/config.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { ask } from "../../support/http.ts"

const PATH = "/admin/omnichannel/safety-stock"
const { jwtSecret, cors } = loadConfig({})

const shop = counterForFile()
let admin: Record<string, string>
const token = (claims: object) =>
  sign({ actor_id: "user_01", actor_type: "user", exp: Math.floor(Date.now() / 1000) + 3_600, ...claims }, jwtSecret)
beforeAll(async () => {
  admin = { authorization: `Bearer ${await token({})}` }
})

const send = (method: string, path: string, body?: unknown, headers = admin) =>
  ask(shop.counter.url, PATH + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const list = async (query = "") =>
  (await send("GET", query)).body as { safety_stocks: { quantity: number; variant_id: string }[]; count: number }

describe("safety stock", () => {
  it("is for admins only, on every route", async () => {
    const pair = { location_id: demo().stock_locations.madrid, variant_id: demo().variants.kit }
    const strangers: Record<string, string>[] = [
      {},
      { authorization: "Bearer nonsense" },
      { authorization: `Bearer ${await token({ actor_type: "customer", actor_id: "cus_01" })}` },
      { authorization: `Bearer ${await token({ actor_id: "" })}` },
      { "x-publishable-api-key": demo().channels.web.publishable_key },
    ]
    for (const headers of strangers) {
      const answers = [
        await send("GET", "", undefined, headers),
        await send("POST", "", { ...pair, quantity: 1 }, headers),
        await send("POST", "/batch", { safety_stocks: [{ ...pair, quantity: 1 }] }, headers),
        await send("DELETE", `?${new URLSearchParams(pair)}`, undefined, headers),
      ]
      expect(answers.map((it) => it.status)).toEqual([401, 401, 401, 401])
    }
    expect((await list()).count).toBe(0)
    const key = { authorization: `Basic ${Buffer.from("sk_some:").toString("base64")}` }
    expect((await send("GET", "", undefined, key)).status).toBe(503)
  })

  it("is set, changed, listed and deleted, and every channel sees less at once", async () => {
    const { stock_locations: places, variants, channels } = demo()
    const scarce = { location_id: places.barcelona, variant_id: variants.scarce }
    const left = async () => {
      const headers = { "x-publishable-api-key": channels.web.publishable_key }
      const { body } = await ask(shop.counter.url, `/store/variants/${variants.scarce}/availability`, { headers })
      return (body as { availability: { total: number } }).availability.total
    }
    const set = await send("POST", "", { ...scarce, quantity: 2 })
    expect([set.status, set.body]).toEqual([
      200,
      { safety_stock: { ...scarce, quantity: 2, updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) } },
    ])
    expect(await left()).toBe(3)
    await send("POST", "", { ...scarce, quantity: 5 })
    expect(await left()).toBe(0)
    // The documents, and with them search and lists, have followed when the answer comes.
    const [row] = await shop.database.sql<{ stock: Record<string, { channels: string[] }> }[]>`
      select stock from mostrador.product_document
      where product_id = (select product_id from product_variant where id = ${variants.scarce})`
    expect(row?.stock[variants.scarce]?.channels).toEqual([])

    const many = [
      { ...scarce, quantity: 1 },
      { location_id: places.madrid, variant_id: variants.kit, quantity: 4 },
      { location_id: places.valencia, variant_id: variants.kit, quantity: 0 },
    ]
    const batch = await send("POST", "/batch", { safety_stocks: many })
    expect([batch.status, batch.body]).toMatchObject([200, { safety_stocks: many }])
    expect(await list()).toMatchObject({ count: 2, offset: 0, limit: 50 })
    expect((await list(`?variant_id=${variants.kit}`)).safety_stocks.map((it) => it.quantity)).toEqual([4])
    expect((await list(`?location_id=${places.valencia}`)).count).toBe(0)
    expect(await list("?limit=1&offset=1")).toMatchObject({ count: 2, safety_stocks: [expect.anything()] })

    expect((await send("POST", "", { ...many[1], quantity: 0 })).body).toMatchObject({ safety_stock: { quantity: 0 } })
    const gone = await send("DELETE", `?${new URLSearchParams(scarce)}`)
    expect([gone.status, gone.body]).toEqual([200, { ...scarce, object: "safety_stock", deleted: true }])
    expect((await send("DELETE", `?${new URLSearchParams(scarce)}`)).status).toBe(404)
    expect((await list()).count).toBe(0)
    expect(await left()).toBe(5)
  })

  it("of a variant or location that is deleted is not listed, and is there again when that is restored", async () => {
    const { stock_locations: places, variants } = demo()
    const { sql } = shop.database
    const kept = [
      { location_id: places.madrid, variant_id: variants.kit, quantity: 4 },
      { location_id: places.valencia, variant_id: variants.scarce, quantity: 1 },
    ]
    await send("POST", "/batch", { safety_stocks: kept })
    await sql`update product_variant set deleted_at = now() where id = ${variants.kit}`
    expect(await list()).toMatchObject({ count: 1, safety_stocks: [kept[1]] })
    await sql`update stock_location set deleted_at = now() where id = ${places.valencia}`
    expect(await list()).toMatchObject({ count: 0, safety_stocks: [] })
    await sql`update product_variant set deleted_at = null where id = ${variants.kit}`
    await sql`update stock_location set deleted_at = null where id = ${places.valencia}`
    expect((await list()).count).toBe(2)
    await send("POST", "/batch", { safety_stocks: kept.map((it) => ({ ...it, quantity: 0 })) })
  })

  it("refuses what is wrong, and then sets nothing of it", async () => {
    const { stock_locations: places, variants } = demo()
    const good = { location_id: places.madrid, variant_id: variants.kit, quantity: 1 }
    const wrong: [unknown, number, string][] = [
      [{ ...good, quantity: -1 }, 400, "quantity"],
      [{ ...good, quantity: 1.5 }, 400, "quantity"],
      [{ ...good, quantity: 1_000_001 }, 400, "quantity"],
      [{ ...good, quantity: "1" }, 400, "quantity"],
      [{ ...good, note: "x" }, 400, "note"],
      [{ variant_id: variants.kit, quantity: 1 }, 400, "location_id"],
      [{ ...good, variant_id: "a\0b" }, 400, ""],
      [{ ...good, location_id: "sloc_none" }, 404, "Stock location with id: sloc_none"],
      [{ ...good, variant_id: "variant_none" }, 404, "Product variant with id: variant_none"],
    ]
    for (const [body, status, reason] of wrong) {
      for (const answer of [
        await send("POST", "", body),
        await send("POST", "/batch", { safety_stocks: [{ ...good, location_id: places.valencia }, body] }),
      ]) {
        expect([body, answer.status]).toEqual([body, status])
        expect((answer.body as { message: string }).message).toContain(reason)
      }
    }
    expect((await send("POST", "/batch", { safety_stocks: [good, good] })).body).toMatchObject({
      message: expect.stringContaining("twice"),
    })
    expect((await send("POST", "/batch", { safety_stocks: [] })).status).toBe(400)
    for (const query of ["?limit=0", "?limit=1001", "?limit=x", "?offset=-1", "?order=id"]) {
      expect([query, (await send("GET", query)).status]).toEqual([query, 400])
    }
    expect((await send("DELETE", `?location_id=${places.madrid}`)).status).toBe(400)
    const text = await ask(shop.counter.url, PATH, {
      method: "POST",
      headers: { ...admin, "content-type": "application/json" },
      body: "{",
    })
    expect(text.status).toBe(400)
    expect((await list()).count).toBe(0)
  })

  it("may be set from the pages of a dashboard elsewhere, and of nobody else", async () => {
    const [origin = ""] = cors.admin.split(",")
    const preflight = (from: string) =>
      ask(shop.counter.url, PATH, {
        method: "OPTIONS",
        headers: { origin: from, "access-control-request-method": "POST" },
      })
    expect((await preflight(origin)).headers.get("access-control-allow-origin")).toBe(origin)
    expect((await preflight("https://elsewhere.example")).headers.get("access-control-allow-origin")).toBeNull()
  })
})
