import { connect } from "node:net"
import { describe, expect, it, vi } from "vitest"
import { z } from "zod"
import { counterForFile, demo } from "../support/counter.ts"
import { cloneDatabase } from "../support/database.ts"
import { follow } from "../support/events.ts"
import { ask, until } from "../support/http.ts"

const shop = counterForFile()
const key = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })

describe("what the counter answers without Medusa", () => {
  it("is alive, and says what is not well", async () => {
    expect((await ask(shop.counter.url, "/health")).text).toBe("OK")
    const ready = await ask(shop.counter.url, "/ready")
    expect([ready.status, ready.body]).toEqual([
      503,
      { status: "failed", checks: { database: "ok", migrations: "ok", catalog: "ok", medusa: "failed" } },
    ])
    expect((await ask(shop.counter.url, "/ready?for=lanes")).status).toBe(200)
    const wrong = await ask(shop.counter.url, "/ready?for=nobody")
    expect([wrong.status, wrong.body]).toEqual([400, { type: "invalid_data", message: expect.stringContaining("for") }])
  })

  it("answers the plain checks of old balancers", async () => {
    const { hostname, port } = new URL(shop.counter.url)
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ""
      const socket = connect(Number(port), hostname, () => socket.write("GET /health HTTP/1.0\r\n\r\n"))
      socket.on("data", (chunk) => {
        text += chunk
      })
      socket.on("end", () => resolve(text))
      socket.on("error", reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*OK$/)
  })

  it("counts its answers by route and way, without ids in the labels", async () => {
    await ask(shop.counter.url, `/store/regions/${demo().regions.es}`, { headers: key() })
    await ask(shop.counter.url, "/store/carts/cart_01ABCDEFGHJKMNPQRSTVWXYZ00/line-items", { method: "POST" })
    await ask(shop.counter.url, "/wp-login.php?user=someone")
    const { text, headers } = await ask(shop.counter.url, "/metrics")
    expect(headers.get("content-type")).toContain("text/plain; version=0.0.4")
    expect(text).toContain(
      'mostrador_http_request_duration_seconds_count{method="GET",route="/store/regions/:id",way="lane",status="200"} 1',
    )
    expect(text).toContain(
      'mostrador_http_request_duration_seconds_count{method="POST",route="/store/carts/:id/line-items",way="passthrough",status="503"} 1',
    )
    expect(text).toContain('route="unmatched",way="passthrough"')
    expect(text).not.toContain("cart_0")
    expect(text).not.toContain("wp-login")
  })

  it("counts streams by themselves, since how long they last says nothing of how fast they are", async () => {
    const metrics = async () => (await ask(shop.counter.url, "/metrics")).text
    const device = await follow(`${shop.counter.url}/store/catalog/stream`, key())
    expect(device.status).toBe(200)
    await until("it is open", async () => (await metrics()).includes("mostrador_event_streams_open 1"))
    device.leave()
    await until("it is closed", async () => (await metrics()).includes("mostrador_event_streams_open 0"))
    expect(await metrics()).not.toContain('route="/store/catalog/stream"')
    await ask(shop.counter.url, "/store/catalog/stream")
    expect(await metrics()).toContain('route="/store/catalog/stream",way="own",status="400"} 1')
  })

  it("tells how many documents wait to be built, and how many cannot be", async () => {
    const { sql } = shop.database
    const stale = async (state: string) =>
      (await ask(shop.counter.url, "/metrics")).text.match(
        new RegExp(`mostrador_catalog_documents_stale\\{state="${state}"\\} (\\d+)`),
      )?.[1]
    await until("all is built", async () => (await stale("waiting")) === "0")
    await sql`insert into mostrador.stale_product (product_id, bulk, since) values ('prod_a', true, now() + interval '1 hour')`
    expect([await stale("waiting"), await stale("set_aside")]).toEqual(["0", "1"])
    await sql`delete from mostrador.stale_product`
  })

  it("says when documents could not be built for ten seconds, and goes on serving", async () => {
    const { sql } = shop.database
    const checks = async () => {
      const { status, body } = await ask(shop.counter.url, "/ready?for=lanes")
      return [status, (body as { checks: { catalog: string } }).checks.catalog]
    }
    expect(await checks()).toEqual([200, "ok"])
    vi.useFakeTimers({ toFake: ["Date"] })
    try {
      await sql`alter table mostrador.stale_product rename to stale_product_away`
      const later = () => {
        vi.setSystemTime(Date.now() + 11_000)
        return checks()
      }
      await expect.poll(later, { timeout: 10_000 }).toEqual([200, "failed"])
      expect((await ask(shop.counter.url, "/metrics")).status).toBe(200)
    } finally {
      vi.useRealTimers()
      await sql`alter table mostrador.stale_product_away rename to stale_product`
    }
    await until("it is well again", async () => (await checks())[1] === "ok")
  })

  it("carries security headers, and an id to ask about", async () => {
    const { headers } = await ask(shop.counter.url, "/store/regions", { headers: key() })
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN")
    expect(headers.get("x-request-id")).toMatch(/^[\w-]{36}$/)
    const own = await ask(shop.counter.url, "/health", { headers: { "x-request-id": "till-7:receipt-42" } })
    expect(own.headers.get("x-request-id")).toBe("till-7:receipt-42")
    const forged = await ask(shop.counter.url, "/health", { headers: { "x-request-id": "x y<script>" } })
    expect(forged.headers.get("x-request-id")).not.toContain("script")
  })

  it("answers 304 to who has the newest regions, and the new ones after a change", async () => {
    const first = await ask(shop.counter.url, "/store/regions", { headers: key() })
    const etag = first.headers.get("etag") ?? ""
    const asked = { headers: { ...key(), "if-none-match": etag, "cache-control": "max-age=0" } }
    expect((await ask(shop.counter.url, "/store/regions", asked)).status).toBe(304)
    await shop.database.sql`update region set name = 'Iberia' where id = ${demo().regions.es}`
    await until(
      "plain SQL is seen",
      async () => (await ask(shop.counter.url, "/store/regions", asked)).status === 200,
      2,
    )
  })

  it("is described in an OpenAPI document with every lane, an example and its errors", async () => {
    const { body } = await ask(shop.counter.url, "/openapi.json")
    const document = z
      .object({
        openapi: z.string(),
        paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), z.unknown()) }))),
      })
      .parse(body)
    expect(Object.keys(document.paths).sort()).toEqual([
      "/admin/omnichannel/audit",
      "/admin/omnichannel/carts/{id}/history",
      "/admin/omnichannel/channels",
      "/admin/omnichannel/channels/{id}",
      "/admin/omnichannel/orders/{id}/access-link",
      "/admin/omnichannel/payment-repairs",
      "/admin/omnichannel/payment-repairs/{id}/retry",
      "/admin/omnichannel/policies",
      "/admin/omnichannel/safety-stock",
      "/admin/omnichannel/safety-stock/batch",
      "/admin/omnichannel/search-settings",
      "/admin/omnichannel/staff",
      "/admin/omnichannel/staff/{user_id}",
      "/admin/omnichannel/staff/{user_id}/pin",
      "/admin/omnichannel/stock",
      "/admin/omnichannel/tills",
      "/admin/omnichannel/tills/{id}",
      "/admin/omnichannel/tills/{id}/pairing-code",
      "/admin/omnichannel/tills/{id}/revoke",
      "/admin/omnichannel/webhooks",
      "/admin/omnichannel/webhooks/{id}",
      "/admin/omnichannel/webhooks/{id}/deliveries",
      "/admin/omnichannel/webhooks/{id}/deliveries/{event_id}/retry",
      "/admin/omnichannel/webhooks/{id}/replay",
      "/admin/omnichannel/webhooks/{id}/rotate-secret",
      "/admin/omnichannel/webhooks/{id}/test",
      "/agent/carts/{id}",
      "/agent/carts/{id}/line-items",
      "/agent/carts/{id}/line-items/{line_id}",
      "/agent/carts/{id}/place",
      "/agent/carts/{id}/promotions",
      "/agent/carts/{id}/shipping-methods",
      "/agent/carts/{id}/shipping-options",
      "/agent/carts/{id}/stream",
      "/agent/carts/{id}/stream-ticket",
      "/agent/customers",
      "/agent/customers/{id}/cart",
      "/agent/handoffs/{code}/claim",
      "/agent/me",
      "/health",
      "/metrics",
      "/pos/carts",
      "/pos/carts/{id}",
      "/pos/carts/{id}/line-items",
      "/pos/carts/{id}/line-items/{line_id}",
      "/pos/carts/{id}/pay",
      "/pos/carts/{id}/region",
      "/pos/carts/{id}/scan",
      "/pos/carts/{id}/stream",
      "/pos/carts/{id}/stream-ticket",
      "/pos/handoffs/{code}/claim",
      "/pos/me",
      "/pos/pair",
      "/pos/sessions",
      "/pos/sessions/current",
      "/ready",
      "/store/carts",
      "/store/carts/{id}",
      "/store/carts/{id}/complete",
      "/store/carts/{id}/customer",
      "/store/carts/{id}/handoff",
      "/store/carts/{id}/history",
      "/store/carts/{id}/line-items",
      "/store/carts/{id}/line-items/{line_id}",
      "/store/carts/{id}/operations",
      "/store/carts/{id}/promotions",
      "/store/carts/{id}/shipping-methods",
      "/store/carts/{id}/stream",
      "/store/carts/{id}/stream-ticket",
      "/store/carts/{id}/taxes",
      "/store/catalog",
      "/store/catalog/feed",
      "/store/catalog/stream",
      "/store/collections",
      "/store/collections/{id}",
      "/store/currencies",
      "/store/currencies/{code}",
      "/store/customers/me/cart",
      "/store/handoffs/{code}/claim",
      "/store/orders",
      "/store/orders/{id}",
      "/store/orders/{id}/access",
      "/store/orders/{id}/cancel",
      "/store/orders/{id}/stream",
      "/store/orders/{id}/timeline",
      "/store/payment-collections",
      "/store/payment-collections/{id}/payment-sessions",
      "/store/policies",
      "/store/product-categories",
      "/store/product-categories/{id}",
      "/store/product-tags",
      "/store/product-tags/{id}",
      "/store/product-types",
      "/store/product-types/{id}",
      "/store/product-variants",
      "/store/product-variants/{id}",
      "/store/products",
      "/store/products/{id}",
      "/store/regions",
      "/store/regions/{id}",
      "/store/search",
      "/store/search/token",
      "/store/shipping-options",
      "/store/variants/lookup",
      "/store/variants/{id}/availability",
    ])
    expect(Object.keys(document.paths["/store/regions/{id}"]?.get?.responses ?? {})).toEqual([
      "200",
      "304",
      "400",
      "403",
      "404",
      "500",
      "503",
    ])
    expect(JSON.stringify(body)).toContain('"example":"España"')
  })
})

describe("when the database is gone for a while", () => {
  it("the lanes answer from memory, /ready says so, and all is well afterwards", async () => {
    await shop.database.sql`update region set name = 'España' where id = ${demo().regions.es}`
    const { sql } = shop.database
    const [{ name } = { name: "" }] = await sql<{ name: string }[]>`select current_database() as name`
    const elsewhere = await cloneDatabase()
    // Nobody may connect, and who is connected is thrown out: as far as this counter can tell, Postgres is gone.
    await elsewhere.sql.unsafe(`alter database ${name} allow_connections false`)
    await elsewhere.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
    expect((await ask(shop.counter.url, "/store/regions", { headers: key() })).body).toMatchObject({ count: 3 })
    await until("/ready sees it", async () => (await ask(shop.counter.url, "/ready?for=lanes")).status === 503)
    expect((await ask(shop.counter.url, "/health")).status).toBe(200)

    await elsewhere.sql.unsafe(`alter database ${name} allow_connections true`)
    await until(
      "/ready is well again",
      async () => (await ask(shop.counter.url, "/ready?for=lanes")).status === 200,
      20,
    )
    await sql`update region set name = 'Hispania' where id = ${demo().regions.es}`
    const seen = async () =>
      (await ask(shop.counter.url, "/store/regions", { headers: key() })).text.includes("Hispania")
    await until("changes are followed again", seen, 5)
    await elsewhere.drop()
  })
})
