import { sign } from "hono/jwt"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Delivery, Endpoint } from "../../../src/commerce/webhooks/index.ts"
import { loadConfig } from "../../../src/config.ts"
import { openReceiver, type Receiver, refuses, takes } from "../../commerce/webhooks/receiver.ts"
import { counterForFile, demo, openTestCounter } from "../../support/counter.ts"
import { untilBuilt } from "../../support/documents.ts"
import { ask, until } from "../../support/http.ts"

const PATH = "/admin/omnichannel/webhooks"
const { jwtSecret } = loadConfig({})
const shop = counterForFile()

let admin: Record<string, string>
let receiver: Receiver
const token = (claims: object) =>
  sign({ actor_id: "user_01", actor_type: "user", exp: Math.floor(Date.now() / 1000) + 3_600, ...claims }, jwtSecret)
beforeAll(async () => {
  admin = { authorization: `Bearer ${await token({})}` }
  receiver = await openReceiver()
  await untilBuilt(shop.database, 60)
})
afterAll(() => receiver.goAway())
beforeEach(async () => {
  receiver.behaviour = takes
  Object.assign(receiver, { taken: [], heard: [], forged: 0 })
  await shop.database.sql`update mostrador.webhook_endpoint set deleted_at = now()`
})

const send = async (method: string, path: string, body?: unknown, headers = admin, at = shop.counter.url) => {
  const answer = await ask(at, PATH + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, text: answer.text, body: answer.body as Answer }
}
interface Answer {
  webhook: Endpoint & { secret?: string }
  webhooks: Endpoint[]
  deliveries: Delivery[]
  delivery: Delivery
  replay: { id: string; events: number; finished_at: string | null }
  test: { delivered: boolean; response_status: number | null; error: string | null }
  count: number
  type: string
  code?: string
  message: string
}

/** An endpoint at our receiver. */
async function make(event_types = ["*"], more: object = {}): Promise<string> {
  const { body, status } = await send("POST", "", { url: receiver.url, event_types, ...more })
  expect(status).toBe(200)
  receiver.secret = body.webhook.secret ?? ""
  return body.webhook.id
}
const get = async (id: string) => (await send("GET", `/${id}`)).body.webhook
const deliveries = async (id: string, query = "") => (await send("GET", `/${id}/deliveries${query}`)).body

/** A shopper's cart with something in it; who did it is in the events. */
async function fillCart(): Promise<string> {
  const key = { "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" }
  const post = async (path: string, body: object) => {
    const answer = await ask(shop.counter.url, path, { method: "POST", headers: key, body: JSON.stringify(body) })
    expect(answer.status).toBe(200)
    return (answer.body as { cart: { id: string } }).cart.id
  }
  const id = await post("/store/carts", { region_id: demo().regions.es })
  await post(`/store/carts/${id}/line-items`, { variant_id: demo().variants.kit, quantity: 1 })
  return id
}

describe("webhooks", () => {
  it("are for admins only, on every route, and nothing happens for others", async () => {
    const id = await make()
    const strangers: Record<string, string>[] = [
      {},
      { authorization: "Bearer nonsense" },
      { authorization: `Bearer ${await token({ actor_type: "customer", actor_id: "cus_01" })}` },
      { "x-publishable-api-key": demo().channels.web.publishable_key },
    ]
    for (const headers of strangers) {
      const answers = [
        await send("GET", "", undefined, headers),
        await send("POST", "", { url: receiver.url, event_types: ["*"] }, headers),
        await send("GET", `/${id}`, undefined, headers),
        await send("POST", `/${id}`, { disabled: true }, headers),
        await send("DELETE", `/${id}`, undefined, headers),
        await send("POST", `/${id}/rotate-secret`, {}, headers),
        await send("POST", `/${id}/test`, undefined, headers),
        await send("POST", `/${id}/replay`, { since: "2026-01-01T00:00:00Z" }, headers),
        await send("GET", `/${id}/deliveries`, undefined, headers),
        await send("POST", `/${id}/deliveries/evt_1/retry`, undefined, headers),
      ]
      expect(answers.map((it) => it.status)).toEqual(answers.map(() => 401))
    }
    expect((await send("GET", "")).body).toMatchObject({ count: 1 })
    expect(await get(id)).toMatchObject({ disabled: false, previous_secret_until: null, health: { last_replay: null } })
    expect(receiver.heard).toHaveLength(0)
  })

  it("are made, shown, changed and deleted; the secret is shown once", async () => {
    const made = await send("POST", "", {
      url: `${receiver.url}#part`,
      event_types: ["order.*", "cart.completed"],
      description: "ERP",
      metadata: { team: "finance" },
    })
    const { secret, ...webhook } = made.body.webhook
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
    expect(made.headers.get("cache-control")).toBe("no-store")
    expect(webhook).toMatchObject({
      ...{ id: expect.stringMatching(/^whep_/), url: receiver.url, event_types: ["order.*", "cart.completed"] },
      ...{ description: "ERP", metadata: { team: "finance" }, disabled: false, disabled_reason: null },
      health: { waiting: 0, dead: 0, last_success_at: null, failing_since: null, retry_at: null, last_replay: null },
    })
    expect(await get(webhook.id)).toEqual(webhook)
    const other = await make()
    const list = await send("GET", "?limit=1&offset=0")
    expect(list.body).toMatchObject({ count: 2, limit: 1, offset: 0, webhooks: [{ id: other }] })
    expect((await send("GET", "?limit=1&offset=1")).body.webhooks).toEqual([webhook])
    expect(list.text).not.toContain("whsec_")

    const changed = await send("POST", `/${webhook.id}`, { disabled: true, description: null, metadata: null })
    expect(changed.body.webhook).toMatchObject({
      ...{ disabled: true, disabled_reason: "by_staff", description: null, metadata: null },
      ...{ url: receiver.url, event_types: ["order.*", "cart.completed"] },
    })
    expect(changed.text).not.toContain("whsec_")
    const enabled = (await send("POST", `/${webhook.id}`, { disabled: false, event_types: ["*"] })).body.webhook
    expect(enabled).toMatchObject({ disabled: false, disabled_at: null, disabled_reason: null, event_types: ["*"] })

    expect((await send("DELETE", `/${webhook.id}`)).body).toEqual({
      ...{ id: webhook.id, object: "webhook", deleted: true },
    })
    expect((await send("GET", "")).body.count).toBe(1)
    for (const [method, path, body] of [
      ["GET", ""],
      ["POST", "", { disabled: true }],
      ["DELETE", ""],
      ["POST", "/rotate-secret", {}],
      ["POST", "/test"],
      ["POST", "/replay", { since: "2026-01-01T00:00:00Z" }],
      ["GET", "/deliveries"],
      ["POST", "/deliveries/evt_1/retry"],
    ] as const) {
      for (const id of [webhook.id, "whep_none", "x".repeat(201)]) {
        const answer = await send(method, `/${id}${path}`, body)
        expect([id, path, answer.status, answer.body.type]).toEqual([id, path, 404, "not_found"])
      }
    }
  })

  it("are refused when something is wrong, and then nothing is left behind", async () => {
    const good = { url: receiver.url, event_types: ["*"] }
    const wrong: [unknown, string][] = [
      [{}, "url"],
      [{ ...good, url: 1 }, "url"],
      [{ ...good, url: "http://10.0.0.1/" }, "private"],
      [{ ...good, url: "https://169.254.169.254/latest/meta-data" }, "private"],
      [{ ...good, url: "https://[::ffff:10.0.0.1]/" }, "private"],
      [{ ...good, url: "https://user:pw@8.8.8.8/" }, "password"],
      [{ ...good, url: "http://8.8.8.8/" }, "https"],
      [{ ...good, url: "nonsense" }, "url"],
      [{ url: receiver.url }, "event_types"],
      [{ ...good, event_types: [] }, "event_types"],
      [{ ...good, event_types: ["cart"] }, "event type"],
      [{ ...good, event_types: ["*.created"] }, "event type"],
      [{ ...good, event_types: "*" }, "event_types"],
      [{ ...good, secret: "whsec_short" }, "secret"],
      [{ ...good, secret: "x".repeat(40) }, "secret"],
      [{ ...good, description: "a\0b" }, "zero byte"],
      [{ ...good, metadata: { note: "\ud83d" } }, "half a character"],
      [{ ...good, metadata: [] }, "metadata"],
      [{ ...good, metadata: JSON.parse(`${'{"a":'.repeat(12)}1${"}".repeat(12)}`) }, "deep"],
      [{ ...good, disabled: "no" }, "disabled"],
      [{ ...good, colour: "red" }, "colour"],
    ]
    for (const [body, reason] of wrong) {
      const answer = await send("POST", "", body)
      expect([body, answer.status, answer.body.type]).toEqual([body, 400, "invalid_data"])
      expect(answer.body.message.toLowerCase()).toContain(reason)
      expect(answer.text).not.toContain("pw@")
    }
    expect((await send("GET", "")).body.count).toBe(0)
    for (const query of ["?limit=0", "?limit=201", "?offset=-1", "?order=id"]) {
      expect([query, (await send("GET", query)).status]).toEqual([query, 400])
    }

    const id = await make()
    for (const [body] of wrong.slice(1).filter(([it]) => Object.keys(it as object).length > 1)) {
      expect([body, (await send("POST", `/${id}`, body)).status]).toEqual([body, 400])
    }
    expect((await send("POST", `/${id}`, { secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" })).status).toBe(400)
    expect((await send("POST", `/${id}/rotate-secret`, { secret: "whsec_short" })).status).toBe(400)
    expect(await get(id)).toMatchObject({ ...good, disabled: false, previous_secret_until: null })
    for (const body of [
      ...[{}, { since: "yesterday" }, { since: "2026-01-01T00:00:00Z", from_event_id: "evt_1" }],
      ...[
        { since: "2026-01-01T00:00:00Z", event_types: ["x"] },
        { since: "2026-01-01T00:00:00Z", colour: "red" },
      ],
    ]) {
      expect([body, (await send("POST", `/${id}/replay`, body)).status]).toEqual([body, 400])
    }
    for (const from_event_id of ["evt_1", "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV", "evt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"]) {
      expect((await send("POST", `/${id}/replay`, { from_event_id })).status).toBe(404)
    }
    expect((await send("GET", `/${id}/deliveries?status=lost`)).status).toBe(400)
    expect((await send("POST", `/${id}/deliveries/evt_none/retry`)).status).toBe(404)
  })

  it("in production may not be at this machine, nor by plain HTTP", async () => {
    const counter = await openTestCounter(shop.database.url, { production: true })
    for (const url of [receiver.url, "https://localhost/hook", "https://127.0.0.1:8443/", "http://8.8.8.8/"]) {
      const answer = await send("POST", "", { url, event_types: ["*"] }, admin, counter.url)
      expect([url, answer.status]).toEqual([url, 400])
    }
    await counter.close()
  })

  it("tell what shoppers do, with a log of what became of it", async () => {
    const [id, none] = [await make(["cart.*"]), await make(["order.*"], { secret: receiver.secret })]
    const cart = await fillCart()
    await until("both changes are told", () => receiver.taken.length === 2)
    expect(receiver.taken.map((it) => [it.type, it.subject, it.version])).toEqual([
      ["cart.created", cart, 1],
      ["cart.line_added", cart, 2],
    ])
    expect(receiver.taken[1]?.body.data).toMatchObject({
      actor: { type: "guest", id: null },
      after: { items: [{ quantity: 1, variant_id: demo().variants.kit }] },
    })
    await until("it is written down", async () => (await deliveries(id, "?status=delivered")).count === 2)
    const log = await deliveries(id)
    expect(log.deliveries.map((it) => [it.event_type, it.subject_id, it.status, it.response_status])).toEqual([
      ["cart.line_added", cart, "delivered", 200],
      ["cart.created", cart, "delivered", 200],
    ])
    expect(await deliveries(id, "?event_type=cart.created&limit=5")).toMatchObject({ count: 1, limit: 5, offset: 0 })
    expect(await deliveries(id, `?subject_id=${cart}&limit=1&offset=1`)).toMatchObject({
      ...{ count: 2, offset: 1, deliveries: [{ event_type: "cart.created" }] },
    })
    expect((await deliveries(id, `?event_id=${receiver.taken[0]?.id}`)).count).toBe(1)
    expect((await deliveries(id, "?status=dead")).count).toBe(0)
    expect((await deliveries(none)).count).toBe(0)
    await until("its health is known", async () => (await get(id)).health.last_success_at !== null)
  })

  it("can be tried, sent an event again, and be sent all from a time or an event on", async () => {
    const id = await make(["cart.*"])
    expect((await send("POST", `/${id}/test`)).body.test).toMatchObject({ delivered: true, response_status: 200 })
    expect(receiver.taken.map((it) => [it.type, it.subject])).toEqual([["webhook.test", id]])
    receiver.behaviour = refuses(503)
    expect((await send("POST", `/${id}/test`)).body.test).toMatchObject({ delivered: false, response_status: 503 })
    expect((await get(id)).health).toMatchObject({ failing_since: null, waiting: 0 })

    const before = new Date().toISOString()
    const cart = await fillCart()
    await until("the first is refused", async () => (await deliveries(id, "?status=waiting")).count === 2)
    const [second, first] = (await deliveries(id)).deliveries
    receiver.behaviour = takes
    receiver.taken.length = 0
    const retried = await send("POST", `/${id}/deliveries/${first?.event_id}/retry`)
    expect([retried.status, retried.body.delivery.status]).toEqual([202, "waiting"])
    await until("both are taken", () => receiver.taken.length === 2)
    expect(receiver.taken.map((it) => it.id)).toEqual([first?.event_id, second?.event_id])

    for (const [range, expected] of [
      [{ since: before }, [first, second]],
      [{ from_event_id: first?.event_id }, [first, second]],
      [{ after_event_id: first?.event_id }, [second]],
      [{ since: before, event_types: ["cart.created"] }, [first]],
      [{ since: before, until: before }, []],
    ] as const) {
      await until("all is told", async () => (await deliveries(id, "?status=delivered")).count === 2)
      receiver.taken.length = 0
      const asked = await send("POST", `/${id}/replay`, range)
      expect(asked.status).toBe(202)
      await until("they are looked up", async () => (await get(id)).health.last_replay?.finished_at != null)
      expect((await get(id)).health.last_replay).toMatchObject({ id: asked.body.replay.id, events: expected.length })
      await until("they are told again", () => receiver.taken.length === expected.length)
      expect(receiver.taken.map((it) => it.id)).toEqual(expected.map((it) => it?.event_id))
      expect(new Set(receiver.taken.map((it) => it.subject)).size).toBe(expected.length > 0 ? 1 : 0)
    }
    expect(receiver.forged).toBe(0)
    expect(cart).toMatch(/^cart_/)
  })

  it("are signed with both secrets after one was changed", async () => {
    const id = await make()
    const old = receiver.secret
    const own = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    const rotated = await send("POST", `/${id}/rotate-secret`, { secret: own })
    expect(rotated.body.webhook).toMatchObject({ id, secret: own })
    const ends = Date.parse(rotated.body.webhook.previous_secret_until ?? "") - Date.now()
    expect(Math.abs(ends - 24 * 3_600_000)).toBeLessThan(60_000)
    for (const secret of [old, own]) {
      receiver.secret = secret
      expect((await send("POST", `/${id}/test`)).body.test.delivered).toBe(true)
    }
    const again = await send("POST", `/${id}/rotate-secret`)
    expect(again.body.webhook.secret).toMatch(/^whsec_/)
    // The answer may have been lost: who has either of those before it goes on for the day.
    for (const secret of [old, own]) {
      receiver.secret = secret
      expect((await send("POST", `/${id}/test`)).body.test.delivered).toBe(true)
    }
    await shop.database.sql`
      update mostrador.webhook_endpoint set previous_secret_until = now() - interval '1 second' where id = ${id}`
    expect((await send("POST", `/${id}/test`)).body.test).toMatchObject({ delivered: false, response_status: 401 })
  })

  it("tells what is wrong with a time, however it is written", async () => {
    const id = await make()
    for (const since of ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-17:00", "tomorrow"]) {
      expect((await send("POST", `/${id}/replay`, { since })).status).toBe(400)
    }
    const since = `2026-01-01T00:00:00.${"1".repeat(200)}+23:59`
    expect((await send("POST", `/${id}/replay`, { since })).status).toBeLessThan(300)
  })
})
