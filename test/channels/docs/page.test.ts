import { describe, expect, it } from "vitest"
import { counterForFile } from "../../support/counter.ts"
import { ask } from "../../support/http.ts"

const shop = counterForFile({ publicUrl: "https://shop.example" })

describe("the API reference at /docs", () => {
  it("lets the browser run this counter's script and ask this counter, and nothing else", async () => {
    const { status, text, headers } = await ask(shop.counter.url, "/docs")
    expect(status).toBe(200)
    expect(headers.get("content-type")).toContain("text/html")
    const policy = Object.fromEntries(
      (headers.get("content-security-policy") ?? "").split("; ").map((it) => {
        const [name = "", ...sources] = it.split(" ")
        return [name, sources.join(" ")]
      }),
    )
    expect(policy).toMatchObject({
      "default-src": "'none'",
      "script-src": "'self'",
      "connect-src": "'self' https://shop.example",
      "frame-ancestors": "'self'",
    })
    const addresses = [...text.matchAll(/(?:src|href|data-url)="([^"]*)"/g)].map(([, it]) => it)
    expect(addresses).toEqual(["data:,", "openapi.json", "openapi.json", "docs/scalar.js"])
    // The policy allows no script that stands in the page itself.
    expect([...text.matchAll(/<script[^>]*>([^<]*)/g)].filter(([, script]) => script?.trim())).toEqual([])
  })

  it("brings Scalar along", async () => {
    const { status, text, headers } = await ask(shop.counter.url, "/docs/scalar.js")
    expect([status, headers.get("content-type")]).toEqual([200, expect.stringContaining("javascript")])
    expect(text.length).toBeGreaterThan(1_000_000)
    const again = { headers: { "if-none-match": headers.get("etag") ?? "", "cache-control": "max-age=0" } }
    expect((await ask(shop.counter.url, "/docs/scalar.js", again)).status).toBe(304)
  })

  it("shows no other file of the package", async () => {
    expect((await ask(shop.counter.url, "/docs/webpack-stats.json")).status).not.toBe(200)
  })

  it("tells clients where the counter is reached", async () => {
    const { body } = await ask(shop.counter.url, "/openapi.json")
    expect((body as { servers: unknown }).servers).toEqual([{ url: "https://shop.example" }])
  })
})
