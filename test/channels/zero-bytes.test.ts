import { beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { loadConfig } from "../../src/config.ts"
import { counterForFile, demo } from "../support/counter.ts"
import { admin, type Headers, send, signIn, tillIn, tokenOf } from "../support/desks.ts"
import { ask } from "../support/http.ts"

const shop = counterForFile({ cartMerge: "sum" })
const { cors } = loadConfig({})
const REFUSED = { type: "invalid_data", message: expect.stringContaining("a zero byte") }
let headersOf: Record<"pos" | "agent" | "admin", Headers>
let carts: Record<"pos" | "agent", string>

const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  send(shop.counter.url, method, path, headers, body)
beforeAll(async () => {
  const [agent] = await shop.database.sql<{ id: string }[]>`
    select id from "user" where email = ${demo().staff.agent.email}`
  headersOf = {
    pos: await signIn(shop, "madrid"),
    agent: await tokenOf({ actor_id: agent?.id }),
    admin: await admin(),
  }
  const [caller] = demo().customers
  await call("GET", `/agent/customers?email=${caller?.email}`, headersOf.agent)
  carts = {
    pos: (await call("POST", "/pos/carts", headersOf.pos, {})).body.cart.id,
    agent: (await call("GET", `/agent/customers/${caller?.id}/cart`, headersOf.agent)).body.cart.id,
  }
})

describe("a zero byte in what staff and devices ask", () => {
  it("is refused in the address of every route of ours, and a browser may read why", async () => {
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse((await ask(shop.counter.url, "/openapi.json")).body)
    const own = Object.entries(paths).filter(([path]) => /^\/(pos|agent|admin\/omnichannel)\//.test(path))
    expect(own.length).toBeGreaterThan(50)
    for (const [template, methods] of own) {
      const room = z.enum(["pos", "agent", "admin"]).parse(template.split("/")[1])
      const [origin = ""] = (room === "pos" ? cors.store : cors.admin).split(",")
      const withIds = template.replace(/\{\w+\}/g, "a%00b")
      const targets = [`${template.replace(/\{\w+\}/g, "a")}?q=%00`, ...(withIds === template ? [] : [withIds])]
      for (const method of Object.keys(methods).map((it) => it.toUpperCase())) {
        for (const target of targets) {
          const body = method === "POST" ? {} : undefined
          const answer = await call(method, target, { ...headersOf[room], origin }, body)
          expect([method, target, answer.status, answer.body]).toEqual([method, target, 400, REFUSED])
          expect(answer.headers.get("access-control-allow-origin")).toBe(origin)
        }
      }
    }
  })

  it("is refused in bodies, as is half a character, and leaves nothing behind", async () => {
    const rows = async () =>
      await shop.database.sql`
        select (select count(*) from mostrador.channel) as channels, (select count(*) from mostrador.till) as tills,
          (select count(*) from cart_line_item) as lines, (select json_agg(metadata) from cart) as metadata`
    const before = await rows()
    const { madrid } = demo().stock_locations
    const { channel_id, sales_channel_id } = demo().channels.pos
    for (const odd of ["a\0b", "a\ud800b"]) {
      const asked: [keyof typeof headersOf, string, unknown][] = [
        ["pos", `/pos/carts/${carts.pos}/scan`, { barcode: odd }],
        ["pos", "/pos/carts", { customer_id: odd }],
        ["pos", `/pos/carts/${carts.pos}/line-items`, { variant_id: odd, quantity: 1 }],
        ["agent", `/agent/carts/${carts.agent}/line-items`, { variant_id: odd, quantity: 1 }],
        ["agent", `/agent/carts/${carts.agent}/line-items`, { variant_id: "v", quantity: 1, metadata: { [odd]: 1 } }],
        ["agent", `/agent/carts/${carts.agent}`, { metadata: { deep: [{ text: odd }] } }],
        ["agent", `/agent/carts/${carts.agent}`, { email: `${odd}@cliente.example` }],
        ["agent", `/agent/carts/${carts.agent}/promotions`, { promo_codes: [odd] }],
        ["agent", `/agent/carts/${carts.agent}/shipping-methods`, { option_id: odd }],
        ["admin", "/admin/omnichannel/channels", { name: odd, kind: "web", sales_channel_id }],
        ["admin", "/admin/omnichannel/tills", { name: odd, stock_location_id: madrid, channel_id }],
        ["admin", "/admin/omnichannel/staff", { user_id: odd, role: "agent" }],
        ["admin", "/admin/omnichannel/webhooks", { url: `https://erp.example/${odd}`, event_types: ["*"] }],
      ]
      for (const [who, path, body] of asked) {
        const answer = await call("POST", path, headersOf[who], body)
        expect([path, answer.status, answer.body]).toEqual([path, 400, REFUSED])
      }
    }
    const { headers } = tillIn("barcelona")
    const signingIn = await call("POST", "/pos/sessions", headers, { email: "a\0b", pin: "7391" })
    expect([signingIn.status, signingIn.body]).toEqual([400, REFUSED])
    expect(await rows()).toEqual(before)
  })
})
