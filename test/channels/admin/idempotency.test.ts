import { createHash } from "node:crypto"
import { sign } from "hono/jwt"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { z } from "zod"
import { loadConfig } from "../../../src/config.ts"
import { openReceiver, type Receiver } from "../../commerce/webhooks/receiver.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { untilBuilt } from "../../support/documents.ts"
import { ask } from "../../support/http.ts"
import { placeOrder } from "../../support/orders.ts"

const PREFIX = "/admin/omnichannel"
const shop = counterForFile()
const bearer = async (user: string) => {
  const exp = Math.floor(Date.now() / 1000) + 3_600
  return `Bearer ${await sign({ actor_id: user, actor_type: "user", exp }, loadConfig({}).jwtSecret)}`
}

let admin: string
let receiver: Receiver
let key: string
let number = 0
beforeAll(async () => {
  admin = await bearer("user_01")
  receiver = await openReceiver()
  await untilBuilt(shop.database, 60)
})
afterAll(() => receiver.goAway())
beforeEach(() => {
  key = `key-${number++}`
})

async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await ask(shop.counter.url, PREFIX + path, {
    method,
    headers: { authorization: admin, "idempotency-key": key, "content-type": "application/json", ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { ...answer, body: answer.body as Answer, isReplay: answer.headers.get("idempotency-replayed") === "true" }
}
const asJson = { headers: { "content-type": "application/json" } }
interface Answer {
  code?: string
  message: string
  webhook: { id: string; secret: string; description: string | null }
}
const endpoint = (more: object = {}) => ({ url: receiver.url, event_types: ["order.*"], ...more })
const count = async () =>
  (await shop.database.sql`select from mostrador.webhook_endpoint where deleted_at is null`).length
async function made(): Promise<string> {
  const { body } = await send("POST", "/webhooks", endpoint(), { "idempotency-key": `made-${number++}` })
  return body.webhook.id
}
const whatIsKept = async () =>
  (await shop.database.sql`select encode(body, 'escape') as body, * from mostrador.idempotency_key`)
    .map((it) => JSON.stringify(it))
    .join("\n")

describe("what staff changes with a key", () => {
  it("a webhook endpoint that is asked for twice is made once, and its maker gets its secret both times", async () => {
    const before = await count()
    const [first, again] = [await send("POST", "/webhooks", endpoint()), await send("POST", "/webhooks", endpoint())]
    expect([first.status, first.isReplay, again.status, again.isReplay]).toEqual([200, false, 200, true])
    expect(again.text).toBe(first.text)
    expect(again.headers.get("cache-control")).toBe("no-store")
    expect(first.body.webhook.secret).toMatch(/^whsec_/)
    expect(await count()).toBe(before + 1)
  })

  it("of a secret, and of an order's token, nothing can be read where answers are kept", async () => {
    const order = await placeOrder(shop.counter.url)
    const { webhook } = (await send("POST", "/webhooks", endpoint())).body
    key = `${key}-link`
    const link = await send("POST", `/orders/${order.id}/access-link`)
    const { token } = (link.body as unknown as { access_link: { token: string } }).access_link
    expect(token.length).toBeGreaterThan(40)
    expect((await send("POST", `/orders/${order.id}/access-link`)).text).toBe(link.text)
    const kept = await whatIsKept()
    expect(kept).toContain(key)
    expect(kept).not.toContain(webhook.secret)
    expect(kept).not.toContain("whsec_")
    expect(kept).not.toContain(token)
    expect(kept).not.toContain("access_link")
  })

  it("on every route that changes something the first answer comes again, and nothing is done again", async () => {
    const { stock_locations, variants } = demo()
    const entry = { location_id: stock_locations.madrid, variant_id: variants.scarce, quantity: 1 }
    const id = await made()
    const order = await placeOrder(shop.counter.url)
    const requests: [method: string, path: string, body?: object][] = [
      ["POST", "/search-settings", { stop_words: ["la"] }],
      ["POST", "/policies", { cancellation: { within_minutes: 30 } }],
      ["POST", "/safety-stock", entry],
      ["POST", "/safety-stock/batch", { safety_stocks: [entry] }],
      ["DELETE", `/safety-stock?location_id=${entry.location_id}&variant_id=${entry.variant_id}`],
      ["POST", `/orders/${order.id}/access-link`, { days: 2 }],
      ["POST", `/webhooks/${id}`, { description: "ERP" }],
      ["POST", `/webhooks/${id}/rotate-secret`, {}],
      ["POST", `/webhooks/${id}/test`],
      ["POST", `/webhooks/${id}/replay`, { since: "2999-01-01T00:00:00Z" }],
      ["DELETE", `/webhooks/${id}`],
    ]
    for (const [method, path, body] of requests) {
      key = `key-${number++}`
      const [first, again] = [await send(method, path, body), await send(method, path, body)]
      expect([path, first.status, first.isReplay]).toEqual([path, path.endsWith("/replay") ? 202 : 200, false])
      expect([path, again.status, again.isReplay]).toEqual([path, first.status, true])
      expect(again.text).toBe(first.text)
      if (path.endsWith("/rotate-secret")) receiver.secret = first.body.webhook.secret
    }
    expect(receiver.heard.map((it) => it.type)).toEqual(["webhook.test"])
    const [row] = await shop.database.sql<{ replays: number }[]>`
      select count(*)::int as replays from mostrador.webhook_replay where endpoint_id = ${id}`
    expect(row?.replays).toBe(1)
  })

  it("channels, staff and tills are made, changed and removed once; a pairing code comes again, and works once", async () => {
    const { sql } = shop.database
    const { madrid } = demo().stock_locations
    const { channel_id, sales_channel_id } = demo().channels.pos
    await sql`insert into "user" (id, email) values ('user_twice', 'twice@tienda.example')`
    const channel = { name: "Twice", kind: "pos", sales_channel_id }
    const till = { name: "Caja Twice", stock_location_id: madrid, channel_id }
    const twice = async (method: string, path: string, body?: object) => {
      key = `key-${number++}`
      const [first, again] = [await send(method, path, body), await send(method, path, body)]
      expect([path, first.status, first.isReplay]).toEqual([path, 200, false])
      expect([path, again.status, again.isReplay, again.text]).toEqual([path, 200, true, first.text])
      return first.body as unknown as Record<string, { id: string; code: string }>
    }
    const made = { channel: (await twice("POST", "/channels", channel)).channel?.id, till: "" }
    await twice("POST", `/channels/${made.channel}`, { name: "Once" })
    await twice("POST", "/staff", { user_id: "user_twice", role: "cashier", pin: "8316" })
    await twice("POST", "/staff/user_twice", { role: "agent" })
    await twice("POST", "/staff/user_twice/pin", { pin: "7305" })
    await twice("DELETE", "/staff/user_twice?makes_administrator=true")
    made.till = (await twice("POST", "/tills", till)).till?.id ?? ""
    await twice("POST", `/tills/${made.till}`, { receipt_prefix: "TWICE" })
    const { code } = (await twice("POST", `/tills/${made.till}/pairing-code`)).pairing_code ?? {}
    const pair = () => ask(shop.counter.url, "/pos/pair", { method: "POST", body: JSON.stringify({ code }), ...asJson })
    expect([(await pair()).status, (await pair()).status]).toEqual([200, 401])
    await twice("POST", `/tills/${made.till}/revoke`)
    await twice("DELETE", `/tills/${made.till}`)
    await twice("DELETE", `/channels/${made.channel}`)
    const done = await sql<{ action: string; times: number }[]>`
      select action, count(*)::int as times from mostrador.audit_entry
      where outcome = 'done' and subject_id in ('user_twice', ${made.till}) group by action order by action`
    expect(done.map((it) => `${it.times} ${it.action}`)).toEqual([
      ...["2 pin.set", "1 staff.added", "1 staff.changed", "1 staff.removed", "1 till.added", "1 till.changed"],
      ...["1 till.paired", "1 till.pairing_code_made", "1 till.removed", "1 till.revoked"],
    ])
    const kept = await whatIsKept()
    expect(kept).toContain(key)
    expect(kept).not.toContain(code)
  })

  it("that is refused is refused again under its key, and leaves nothing behind", async () => {
    const { channel_id } = demo().channels.pos
    const till = { name: "Caja Madrid", stock_location_id: demo().stock_locations.madrid, channel_id }
    const before = (await shop.database.sql`select from mostrador.till`).length
    const [first, again] = [await send("POST", "/tills", till), await send("POST", "/tills", till)]
    expect([first.status, first.body.code, first.isReplay]).toEqual([422, "name_taken", false])
    expect([again.text, again.isReplay]).toEqual([first.text, true])
    expect(await shop.database.sql`select from mostrador.till`).toHaveLength(before)
  })

  it("of a PIN nothing is kept by which it could be guessed", async () => {
    await shop.database.sql`insert into "user" (id, email) values ('user_pin', 'pin@tienda.example')`
    await send("POST", "/staff", { user_id: "user_pin", role: "cashier" })
    key = `${key}-pin`
    expect((await send("POST", "/staff/user_pin/pin", { pin: "7305" })).status).toBe(200)
    const kept = await whatIsKept()
    expect(kept).toContain(key)
    // What whoever reads the database can make of each of ten thousand PINs.
    const hash = (it: string) => createHash("sha256").update(it).digest("hex")
    const body = hash(JSON.stringify({ pin: "7305" }))
    const asked = ["POST", `${PREFIX}/staff/user_pin/pin`, body, []]
    for (const it of [body, hash(JSON.stringify(asked)), hash(JSON.stringify(["mostrador request", ...asked]))]) {
      expect(kept).not.toContain(it)
    }
  })

  it("every such route says in the OpenAPI document that it takes a key, and what it answers then", async () => {
    const { body } = await ask(shop.counter.url, "/openapi.json")
    const Operation = z.object({
      parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
      responses: z.record(z.string(), z.unknown()),
    })
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) }).parse(body)
    const seen: string[] = []
    for (const [path, operations] of Object.entries(paths).filter(([it]) => it.startsWith(PREFIX))) {
      for (const [method, { parameters, responses }] of Object.entries(operations)) {
        const takesKey = parameters.some((it) => it.in === "header" && it.name === "Idempotency-Key")
        expect([method, path, takesKey]).toEqual([method, path, method !== "get"])
        if (!takesKey) continue
        seen.push(path)
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["409", "422"]))
      }
    }
    expect(seen.length).toBeGreaterThan(10)
  })

  it("a key is one's own: another of the staff uses the same one for something else", async () => {
    const before = await count()
    const mine = await send("POST", "/webhooks", endpoint({ description: "mine" }))
    const theirs = { authorization: await bearer("user_02") }
    const other = await send("POST", "/webhooks", endpoint({ description: "theirs" }), theirs)
    expect([other.status, other.isReplay, other.body.webhook.description]).toEqual([200, false, "theirs"])
    expect((await send("POST", "/webhooks", endpoint({ description: "mine" }))).text).toBe(mine.text)
    expect(await count()).toBe(before + 2)
    const renewed = { authorization: await bearer("user_01") }
    expect((await send("POST", "/webhooks", endpoint({ description: "mine" }), renewed)).isReplay).toBe(true)
  })

  it("nobody but staff gets an answer that is kept", async () => {
    await send("POST", "/webhooks", endpoint())
    const stranger = await send("POST", "/webhooks", endpoint(), { authorization: "Bearer nonsense" })
    expect([stranger.status, stranger.text]).toEqual([401, JSON.stringify({ message: "Unauthorized" })])
  })

  it("the same key for another body, address or method is refused, and nothing is done", async () => {
    const id = await made()
    await send("POST", `/webhooks/${id}`, { description: "first" })
    for (const [method, path, body] of [
      ["POST", `/webhooks/${id}`, { description: "second" }],
      ["POST", `/webhooks/${id}`, { colour: "red" }],
      ["POST", `/webhooks/${id}/rotate-secret`, { description: "first" }],
      ["DELETE", `/webhooks/${id}`],
    ] as const) {
      const refused = await send(method, path, body)
      expect([method, path, refused.status, refused.body.code]).toEqual([method, path, 422, "idempotency_key_reused"])
    }
    const shown = await send("GET", `/webhooks/${id}`)
    expect(shown.body.webhook).toMatchObject({ description: "first", previous_secret_until: null })
  })

  it("while the first one runs, in any process, another is told to wait", async () => {
    const before = await count()
    const lock = `mostrador:idempotency:user user_01:${key}`
    await shop.database.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`
      const waiting = await send("POST", "/webhooks", endpoint())
      expect([waiting.status, waiting.body.code, waiting.headers.get("retry-after")]).toEqual([
        ...[409, "idempotency_key_in_use", "1"],
      ])
    })
    expect(await count()).toBe(before)
    expect((await send("POST", "/webhooks", endpoint())).status).toBe(200)
  })

  it("of twenty at once one makes an endpoint, and all of the rest are told to wait or get its answer", async () => {
    for (let round = 0; round < 20; round++) {
      key = `race-${round}`
      const before = await count()
      const all = await Promise.all(Array.from({ length: 20 }, () => send("POST", "/webhooks", endpoint())))
      expect(await count()).toBe(before + 1)
      for (const { status } of all) expect([200, 409]).toContain(status)
      expect(new Set(all.filter((it) => it.status === 200).map((it) => it.text)).size).toBe(1)
      expect(all.filter((it) => it.status === 200 && !it.isReplay)).toHaveLength(1)
    }
  })

  it("a final refusal is kept, also when the request would be right by then", async () => {
    const wrong = endpoint({ url: "http://10.0.0.1/" })
    const [first, again] = [await send("POST", "/webhooks", wrong), await send("POST", "/webhooks", wrong)]
    expect([first.status, first.isReplay, again.status, again.isReplay]).toEqual([400, false, 400, true])

    key = `${key}-gone`
    const gone = await send("POST", "/webhooks/whep_later", { description: "x" })
    expect(gone.status).toBe(404)
    await shop.database.sql`
      insert into mostrador.webhook_endpoint (id, url, event_types, secret) values ('whep_later', 'https://e.example', '{*}', 's')`
    expect(await send("POST", "/webhooks/whep_later", { description: "x" })).toMatchObject({
      status: 404,
      isReplay: true,
    })
    await shop.database.sql`delete from mostrador.webhook_endpoint where id = 'whep_later'`
  })

  it("when the change fails in the middle neither it nor the key is there, and it can be asked again", async () => {
    const { sql } = shop.database
    const before = await count()
    await sql`alter table mostrador.idempotency_key add constraint full_disk check (scope not like 'user%') not valid`
    const failed = await send("POST", "/webhooks", endpoint())
    await sql`alter table mostrador.idempotency_key drop constraint full_disk`
    expect([failed.status, failed.body.code]).toEqual([500, "unknown_error"])
    expect(await count()).toBe(before)
    expect(await send("POST", "/webhooks", endpoint())).toMatchObject({ status: 200, isReplay: false })
    expect(await count()).toBe(before + 1)
  })

  it("what is no key is refused, and without one each request is another", async () => {
    const refused = await send("POST", "/webhooks", endpoint(), { "idempotency-key": "x".repeat(256) })
    expect([refused.status, refused.body.code]).toEqual([400, "idempotency_key_invalid"])
    const before = await count()
    for (let i = 0; i < 2; i++) {
      await ask(shop.counter.url, `${PREFIX}/webhooks`, {
        ...{ method: "POST", headers: { authorization: admin, "content-type": "application/json" } },
        body: JSON.stringify(endpoint()),
      })
    }
    expect(await count()).toBe(before + 2)
  })

  it("the dashboard's origin may read the answer that comes again", async () => {
    const origin = loadConfig({}).cors.admin.split(",")[0] as string
    await send("POST", "/webhooks", endpoint(), { origin })
    const again = await send("POST", "/webhooks", endpoint(), { origin })
    expect(again.isReplay).toBe(true)
    expect(again.headers.get("access-control-allow-origin")).toBe(origin)
    expect(again.headers.get("access-control-expose-headers")).toContain("Idempotency-Replayed")
  })
})
