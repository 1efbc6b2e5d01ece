import os from "node:os"
import { describe, expect, it } from "vitest"
import { counterForFile, demo, openTestCounter } from "../../support/counter.ts"
import { ask } from "../../support/http.ts"

const shop = counterForFile()
const FILES = ["/demo", "/demo/demo.css", "/demo/demo.js", "/demo/config.json"]

describe("the page of four counters", () => {
  it("is served with its style and its modules, and nothing may come from outside", async () => {
    for (const [path, type] of [
      ["/demo", "text/html; charset=utf-8"],
      ["/demo/demo.css", "text/css; charset=utf-8"],
      ["/demo/demo.js", "text/javascript; charset=utf-8"],
    ] as const) {
      const { status, headers, text } = await ask(shop.counter.url, path)
      expect([path, status, headers.get("content-type")?.toLowerCase()]).toEqual([path, 200, type])
      expect(text.length).toBeGreaterThan(500)
      const policy = headers.get("content-security-policy")?.split("; ")
      expect(policy).toEqual(
        expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"]),
      )
      expect(policy?.join()).not.toMatch(/unsafe|\*|http/)
      expect(headers.get("x-content-type-options")).toBe("nosniff")
    }
  })

  it("has no script and no style in the document itself, which the policy would refuse", async () => {
    const { text } = await ask(shop.counter.url, "/demo")
    expect(text).toContain('<script type="module" src="/demo/demo.js"></script>')
    expect(text).not.toMatch(/<script[^>]*>[^<]|<style|style=|\son\w+=/)
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  it("is given the keys and log-ins of the demo shop, and nothing of the admin's", async () => {
    const { admin, agent, channels, customer, till, scarce } = {
      ...{ admin: demo().admin, agent: demo().staff.agent, channels: demo().channels, customer: demo().customers[0] },
      ...{ till: demo().tills.find((it) => it.location === "madrid"), scarce: demo().variants.scarce },
    }
    const { status, headers, body, text } = await ask(shop.counter.url, "/demo/config.json")
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"])
    expect(headers.get("access-control-allow-origin")).toBeNull()
    expect(body).toMatchObject({
      ...{ region_id: demo().regions.es, scarce_variant_id: scarce, agent },
      channels: { web: { publishable_key: channels.web.publishable_key } },
      customer: { email: customer?.email, phone: customer?.phone, address: { country_code: "es" } },
      till: { token: till?.token, cashier: demo().staff.cashier },
    })
    expect(text).not.toContain(admin.email)
    expect(text).not.toContain(demo().staff.supervisor.email)
  })

  it("has nothing else under its address", async () => {
    for (const path of ["/demo/main.tsx", "/demo/../page-config.ts", "/demo/%2e%2e/index.ts", "/demo/nothing"]) {
      expect((await ask(shop.counter.url, path)).status, path).not.toBe(200)
    }
    const { status, body } = await ask(shop.counter.url, "/demo/nothing")
    expect([status, body]).toEqual([404, { type: "not_found", message: "Cannot GET /demo/nothing" }])
  })
})

describe("where the page must not be", () => {
  const cases = [
    { where: "in production", overrides: { production: true } },
    { where: "in a shop that is not the demo shop", overrides: { demoShop: false } },
    { where: "where no demo shop was ever furnished", overrides: { dataDir: os.tmpdir() } },
  ]
  it.each(cases)("there is none $where, and no log-in is told", async ({ overrides }) => {
    const counter = await openTestCounter(shop.database.url, overrides)
    try {
      for (const path of FILES) {
        const { status, body } = await ask(counter.url, path)
        expect([path, status, body]).toEqual([path, 404, { type: "not_found", message: `Cannot GET ${path}` }])
      }
    } finally {
      await counter.close()
    }
  })
})
