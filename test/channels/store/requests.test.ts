import http from "node:http"
import { describe, expect, it } from "vitest"
import { counterForFile, demo } from "../../support/counter.ts"
import { follow } from "../../support/events.ts"
import { ask } from "../../support/http.ts"

const shop = counterForFile({}, async ({ sql }) => {
  await sql`insert into api_key (id, token, salt, redacted, title, type, created_by)
    values ('apk_bare', 'pk_bare', '', 'pk_b', 'Of no channel', 'publishable', 'user_01')`
})
const key = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })

describe("a publishable key", () => {
  it("of no sales channel opens nothing of the counter's own, in Medusa's words", async () => {
    const headers = { "x-publishable-api-key": "pk_bare", "content-type": "application/json" }
    const body = JSON.stringify({ entity: "product" })
    for (const [path, init] of [
      ["/store/catalog", {}],
      ["/store/catalog/feed", {}],
      ["/store/catalog/stream", {}],
      ["/store/variants/lookup?barcode=1", {}],
      ["/store/variants/variant_01/availability", {}],
      ["/store/search", { method: "POST", body }],
      ["/store/search/token", { method: "POST" }],
    ] as const) {
      const answer = await ask(shop.counter.url, path, { ...init, headers })
      expect([path, answer.status, answer.body]).toEqual([
        path,
        400,
        { type: "invalid_data", message: "Publishable key needs to have a sales channel configured" },
      ])
    }
  })

  it("in a stream's address counts when its header is empty", async () => {
    const { publishable_key } = demo().channels.web
    const device = await follow(`${shop.counter.url}/store/catalog/stream?publishable_api_key=${publishable_key}`, {
      "x-publishable-api-key": "",
    })
    device.leave()
    expect(device.status).toBe(200)
  })
})

/** As it stands: `fetch` would tidy the path up. */
const statusOf = (path: string, method = "GET") =>
  new Promise<{ status: number; text: string; origin: string | undefined }>((resolve, reject) => {
    const { hostname, port } = new URL(shop.counter.url)
    const headers = { ...key(), origin: "http://localhost:8000" }
    const request = http.request({ hostname, port, path, method, headers, agent: false }, async (response) => {
      let text = ""
      for await (const chunk of response) text += chunk
      const origin = response.headers["access-control-allow-origin"]
      resolve({ status: response.statusCode ?? 0, text, origin })
    })
    request.on("error", reject)
    request.end()
  })

describe("a zero byte in the address of a Store request", () => {
  it("is refused before Medusa, which would fail, is asked", async () => {
    for (const path of [
      "/store/products?q=%00",
      "/store/regions?id=a%00b",
      "/Store/regions?q=%00",
      "/store/orders?%00=1",
      "/store/carts/%00",
      "/store/catalog?q=%00",
    ]) {
      const { status, text, origin } = await statusOf(path)
      expect([path, status, JSON.parse(text), origin]).toEqual([
        path,
        400,
        { type: "invalid_data", message: "Invalid request: a zero byte is in no text" },
        "http://localhost:8000",
      ])
    }
  })

  it("is none when its percent sign is a letter, nor elsewhere", async () => {
    expect((await statusOf("/store/catalog?q=%2500")).status).toBe(200)
    expect((await statusOf("/store/regions?q=%00", "OPTIONS")).status).not.toBe(400)
    expect((await statusOf("/auth/session?x=%00")).status).toBe(503)
  })
})
