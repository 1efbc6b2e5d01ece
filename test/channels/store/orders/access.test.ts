import { sign } from "hono/jwt"
import { beforeAll, describe, expect, it } from "vitest"
import { loadConfig } from "../../../../src/config.ts"
import { signedLinks } from "../../../../src/platform/auth/index.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { ask } from "../../../support/http.ts"
import { bodyOf, type Ordered, placeOrder, post, webKey } from "../../../support/orders.ts"

const shop = counterForFile()
const SECRET = loadConfig({}).jwtSecret
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600
const tokenOf = (claims: object) => sign({ exp: inAnHour(), ...claims }, SECRET, "HS256")
const bearer = async (claims: object) => ({ authorization: `Bearer ${await tokenOf(claims)}` })
const customer = (id: string) => bearer({ actor_type: "customer", actor_id: id })
const admin = () => bearer({ actor_type: "user", actor_id: "user_01" })

let guests: Ordered
let mine: Ordered
let other: Ordered
let me: Record<string, string>
beforeAll(async () => {
  const { url } = shop.counter
  await untilBuilt(shop.database, 60)
  const [first] = demo().customers
  const [row] = await shop.database.sql<{ id: string }[]>`select id from customer where email = ${first?.email ?? ""}`
  me = await customer(row?.id ?? "")
  guests = await placeOrder(url, { email: "Vega@Example.com" })
  mine = await placeOrder(url, { headers: me })
  other = await placeOrder(url, { email: "someone@example.com" })
})

const accessTo = (id: string, body?: object, headers = {}) =>
  post(shop.counter.url, `/store/orders/${id}/access`, body, headers)
const timeline = (id: string, { token = "", headers = {} } = {}) =>
  ask(shop.counter.url, `/store/orders/${id}/timeline${token && `?token=${token}`}`, {
    headers: { ...webKey(), ...headers },
  })
const cancel = (id: string, { token = "", headers = {} } = {}) =>
  post(shop.counter.url, `/store/orders/${id}/cancel${token && `?token=${token}`}`, undefined, headers)
const stream = async (id: string, { token = "", headers = {} } = {}) => {
  const leaving = new AbortController()
  const answer = await fetch(`${shop.counter.url}/store/orders/${id}/stream${token && `?token=${token}`}`, {
    ...{ headers: { ...webKey(), ...headers }, signal: leaving.signal },
  })
  leaving.abort()
  return answer
}
const tokenFor = async (order: Ordered) => bodyOf(await accessTo(order.id, { email: order.email })).token as string
const missing = (id: string) => ({ type: "not_found", message: `Order id not found: ${id}` })

describe("who may see an order, and do something with it", () => {
  it("a guest reaches his order by its e-mail, however he writes it, and by the token that he gets for it", async () => {
    const answer = await accessTo(guests.id, { email: " vega@EXAMPLE.com " })
    const { token, expires_at } = bodyOf(answer) as { token: string; expires_at: string }
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(Date.parse(expires_at)).toBeGreaterThan(Date.now() + 23 * 3600_000)
    expect((await timeline(guests.id, { token })).status).toBe(200)
    expect((await timeline(guests.id, { headers: { "x-order-token": token } })).status).toBe(200)
    expect((await stream(guests.id, { token })).status).toBe(200)
    expect((await stream(guests.id, { headers: { "x-order-token": token } })).headers.get("content-type")).toContain(
      "text/event-stream",
    )
  })

  it("asked again with a key the same token comes, which stands nowhere in the database", async () => {
    const headers = { "idempotency-key": "access-once" }
    const [first, again] = [
      await accessTo(guests.id, { email: guests.email }, headers),
      await accessTo(guests.id, { email: guests.email }, headers),
    ]
    expect([again.text, again.headers.get("idempotency-replayed")]).toEqual([first.text, "true"])
    const { token } = bodyOf(first) as { token: string }
    const [kept] = await shop.database.sql<{ row: string }[]>`
      select it::text || encode(body, 'escape') as row from mostrador.idempotency_key it where key = 'access-once'`
    expect(kept?.row).toContain("access-once")
    expect(kept?.row).not.toContain(token)
    expect(kept?.row).not.toContain("token")
    expect((await timeline(guests.id, { token })).status).toBe(200)
  })

  it("a customer reaches his own by his log-in, and gets a token for what cannot send it", async () => {
    expect((await timeline(mine.id, { headers: me })).status).toBe(200)
    expect((await stream(mine.id, { headers: me })).status).toBe(200)
    const { token } = bodyOf(await accessTo(mine.id, {}, me))
    expect((await timeline(mine.id, { token: token as string })).status).toBe(200)
    expect((await timeline(guests.id, { token: token as string })).status).toBe(404)
  })

  it("to anybody else an order is as if it did not exist, on every route", async () => {
    const forged = await signedLinks("another secret of 16", "order").issue(`${guests.id}\n${guests.email}`, 3600)
    const [, payload, signature] = (await tokenFor(guests)).split(".")
    const bent = [(await tokenFor(other)).split(".")[0], payload, `${signature?.slice(0, -2)}AA`].join(".")
    const expired = await signedLinks(SECRET, "order").issue(`${guests.id}\n${guests.email}`, -10)
    const otherPurpose = await signedLinks(SECRET, "newsletter").issue(`${guests.id}\n${guests.email}`, 3600)
    const strangers = [
      {},
      { headers: me },
      { headers: await customer("cus_other") },
      { headers: await admin() },
      { token: await tokenFor(other) },
      { token: forged.token },
      { token: bent },
      { token: expired.token },
      { token: otherPurpose.token },
      // What says who a customer is opens no order as a link, whatever stands in it.
      { token: (me.authorization ?? "").slice("Bearer ".length) },
      { token: await tokenOf({ aud: "mostrador:order", sub: guests.id }) },
      { token: "x" },
    ]
    for (const stranger of strangers) {
      for (const asks of [timeline, cancel, stream]) {
        const answer = await asks(guests.id, stranger)
        const body = "body" in answer && "text" in answer && typeof answer.text === "string" ? answer.body : undefined
        expect([answer.status, stranger]).toEqual([404, stranger])
        if (body) expect(body).toEqual(missing(guests.id))
      }
    }
    const unfinished = await bearer({ actor_type: "customer", actor_id: "cus_x", mfa_enabled: true })
    expect((await timeline(mine.id, { headers: unfinished })).status).toBe(404)
    expect((await accessTo(mine.id, {}, await customer("cus_other"))).status).toBe(404)
    expect((await accessTo(mine.id)).status).toBe(404)
  })

  it("an order's token logs nobody in", async () => {
    const token = await tokenFor(guests)
    const headers = { authorization: `Bearer ${token}` }
    expect((await timeline(mine.id, { headers })).status).toBe(404)
    expect((await ask(shop.counter.url, "/admin/omnichannel/policies", { headers })).status).toBe(401)
  })

  it("an order that is not there, and a wrong e-mail, are answered alike", async () => {
    const wrong = await accessTo(other.id, { email: "else@example.com" })
    expect([wrong.status, wrong.body]).toEqual([404, missing(other.id)])
    const unknown = await accessTo("order_unknown", { email: "else@example.com" })
    expect([unknown.status, unknown.body]).toEqual([404, missing("order_unknown")])
    for (const asks of [timeline, cancel]) expect((await asks("order_unknown", { headers: me })).status).toBe(404)
  })

  it("a token is void once the order has another e-mail", async () => {
    const order = await placeOrder(shop.counter.url, { email: "before@example.com" })
    const token = await tokenFor(order)
    expect((await timeline(order.id, { token })).status).toBe(200)
    await shop.database.sql`update "order" set email = 'after@example.com' where id = ${order.id}`
    expect((await timeline(order.id, { token })).status).toBe(404)
  })

  it("bad input is refused with what is wrong, and a publishable key is needed", async () => {
    const { url } = shop.counter
    const wrong = await accessTo(guests.id, { email: 7 })
    expect([wrong.status, wrong.body]).toEqual([
      400,
      { type: "invalid_data", message: expect.stringContaining("email") },
    ])
    expect((await accessTo(guests.id, { mail: "x" })).body).toMatchObject({ message: expect.stringContaining("mail") })
    expect((await timeline(guests.id, { token: "x&what=1" })).status).toBe(400)
    for (const path of ["timeline", "stream"]) {
      expect((await ask(url, `/store/orders/${guests.id}/${path}`)).status).toBe(400)
    }
    for (const path of ["access", "cancel"]) {
      expect((await ask(url, `/store/orders/${guests.id}/${path}`, { method: "POST" })).status).toBe(400)
    }
    expect((await ask(url, "/store/policies")).status).toBe(400)
    const token = await tokenFor(guests)
    const tooFar = await ask(url, `/store/orders/${guests.id}/stream?token=${token}&last_event_id=99`, {
      headers: webKey(),
    })
    expect([tooFar.status, tooFar.body]).toMatchObject([400, { message: expect.stringContaining("Last-Event-ID") }])
  })
})

describe("guessing", () => {
  it("ends after ten e-mails for an order, for all counters together, and its shopper's token goes on", async () => {
    const order = await placeOrder(shop.counter.url, { email: "guessed@example.com" })
    const token = await tokenFor(order)
    const second = await openTestCounter(shop.database.url, { trustProxy: true })
    try {
      // Each from an address of its own, all at once, at two counters.
      const guesses = Array.from({ length: 20 }, (_, n) =>
        post(
          n % 2 ? second.url : shop.counter.url,
          `/store/orders/${order.id}/access`,
          { email: `guess${n}@example.com` },
          { "x-forwarded-for": `198.51.100.${n}` },
        ),
      )
      const statuses = (await Promise.all(guesses)).map((it) => it.status).sort()
      expect(statuses).toEqual([...Array(10).fill(404), ...Array(10).fill(429)])
      const right = await accessTo(order.id, { email: order.email })
      expect([right.status, right.body]).toMatchObject([429, { type: "not_allowed", code: "too_many_attempts" }])
      expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(60)
      expect((await timeline(order.id, { token })).status).toBe(200)
    } finally {
      await second.close()
    }
  })

  it("ends after thirty for an address, whatever the orders; the network of an IPv6 address is one", async () => {
    const behind = await openTestCounter(shop.database.url, { trustProxy: true })
    const guess = (n: number, address: string) =>
      post(behind.url, `/store/orders/order_${n}/access`, { email: "a@example.com" }, { "x-forwarded-for": address })
    try {
      const first = await Promise.all(Array.from({ length: 30 }, (_, n) => guess(n, `2001:db8:0:7::${n.toString(16)}`)))
      expect(new Set(first.map((it) => it.status))).toEqual(new Set([404]))
      expect((await guess(31, "198.51.100.77, 2001:db8:0:7:ffff::1")).status).toBe(429)
      expect((await guess(32, "2001:db8:0:8::1")).status).toBe(404)
    } finally {
      await behind.close()
    }
  })

  it("does not count what was right, and keeps neither address nor e-mail", async () => {
    for (let n = 0; n < 12; n++) await tokenFor(guests)
    const rows = await shop.database.sql`select * from mostrador.attempt`
    expect(JSON.stringify(rows)).not.toMatch(/127\.0|198\.51|2001:|order_|@/)
  })
})

describe("staff", () => {
  const link = (id: string, body: object | undefined, headers: Record<string, string>) =>
    post(shop.counter.url, `/admin/omnichannel/orders/${id}/access-link`, body, headers)

  it("get a link for an order, which is good for a month or for as long as they say", async () => {
    const { access_link } = bodyOf(await link(other.id, undefined, await admin()))
    const { token, expires_at } = access_link as { token: string; expires_at: string }
    expect((await timeline(other.id, { token })).status).toBe(200)
    expect((await timeline(guests.id, { token })).status).toBe(404)
    const days = (Date.parse(expires_at) - Date.now()) / 86_400_000
    expect([days > 29.9, days <= 30]).toEqual([true, true])
    const short = bodyOf(await link(other.id, { days: 1 }, await admin())).access_link as { expires_at: string }
    expect(Date.parse(short.expires_at)).toBeLessThan(Date.now() + 86_400_001)
  })

  it("and nobody else does, nor for an order that is not there", async () => {
    expect((await link(other.id, undefined, {})).status).toBe(401)
    expect((await link(other.id, undefined, me)).status).toBe(401)
    expect((await link("order_unknown", undefined, await admin())).status).toBe(404)
    for (const body of [{ days: 0 }, { days: 1.5 }, { day: 3 }]) {
      expect((await link(other.id, body, await admin())).status).toBe(400)
    }
  })
})

describe("the shop's policies", () => {
  const policies = async () => bodyOf(await ask(shop.counter.url, "/store/policies", { headers: webKey() })).policies
  const change = (body: object, headers: Record<string, string>) =>
    post(shop.counter.url, "/admin/omnichannel/policies", body, headers)

  it("are there for everybody to read, with their defaults", async () => {
    expect(await policies()).toEqual({ cancellation: { allowed: true, within_minutes: 60, until: "fulfillment" } })
  })

  it("are changed by admins, in parts, on every counter", async () => {
    const second = await openTestCounter(shop.database.url)
    try {
      const answer = bodyOf(await change({ cancellation: { within_minutes: null } }, await admin()))
      expect(answer.policies).toEqual({ cancellation: { allowed: true, within_minutes: null, until: "fulfillment" } })
      await change({ cancellation: { allowed: false } }, await admin())
      const changed = { cancellation: { allowed: false, within_minutes: null, until: "fulfillment" } }
      expect(await policies()).toEqual(changed)
      await expect
        .poll(async () => (await ask(second.url, "/store/policies", { headers: webKey() })).body, { timeout: 5_000 })
        .toEqual({ policies: changed })
      expect((await ask(second.url, "/admin/omnichannel/policies", { headers: await admin() })).body).toEqual({
        policies: changed,
      })
    } finally {
      await change({ cancellation: { allowed: true, within_minutes: 60 } }, await admin())
      await second.close()
    }
  })

  it("are refused where they make no sense, and changed by nobody but admins", async () => {
    const wrong = [
      { cancellation: { within_minutes: 0 } },
      { cancellation: { within_minutes: 1.5 } },
      { cancellation: { within_minutes: "60" } },
      { cancellation: { until: "delivery" } },
      { cancellation: { allowed: "yes" } },
      { returns: {} },
    ]
    for (const body of wrong) {
      const answer = await change(body, await admin())
      expect([answer.status, answer.body]).toMatchObject([400, { type: "invalid_data" }])
    }
    for (const headers of [{}, me]) {
      expect((await change({ cancellation: { allowed: false } }, headers)).status).toBe(401)
      expect((await ask(shop.counter.url, "/admin/omnichannel/policies", { headers })).status).toBe(401)
    }
    expect(await policies()).toMatchObject({ cancellation: { allowed: true, within_minutes: 60 } })
  })
})
