import { beforeAll, describe, expect, it } from "vitest"
import { OWN_HEADER, ownToken } from "../../../src/channels/store/index.ts"
import { loadConfig } from "../../../src/config.ts"
import { counterForFile, demo, openTestCounter } from "../../support/counter.ts"
import { admin, customer, guest, type Headers, send, tillIn, tokenOf } from "../../support/desks.ts"
import { ask, until } from "../../support/http.ts"

const PATH = "/admin/omnichannel/channels"
const shop = counterForFile()
let boss: Headers
let keys: { id: string; title: string; token: string }[]
beforeAll(async () => {
  boss = await admin()
  keys = await shop.database.sql`select id, title, token from api_key where type = 'publishable'`
})

const call = (method: string, path = "", body?: unknown, headers = boss, at = shop.counter.url) =>
  send(at, method, PATH + path, headers, body)
const store = (method: string, path: string, key: string, body?: unknown, at = shop.counter.url) =>
  send(at, method, `/store${path}`, { "x-publishable-api-key": key }, body)
const keyOf = (title: string) => {
  const key = keys.find((it) => it.title === title)
  if (!key) throw new Error(`there is no key ${title}`)
  return key
}
/** A sales channel and a key that opens it, which no channel has. */
async function freeKey(name: string): Promise<{ sales_channel_id: string; publishable_key_id: string; token: string }> {
  const { sql } = shop.database
  const [sales_channel_id, publishable_key_id, token] = [`sc_${name}`, `apk_${name}`, `pk_${name}`]
  await sql`insert into sales_channel (id, name) values (${sales_channel_id}, ${name})`
  await sql`
    insert into api_key (id, token, salt, redacted, title, type, created_by)
    values (${publishable_key_id}, ${token}, '', 'pk_***', ${name}, 'publishable', '')`
  await sql`
    insert into publishable_api_key_sales_channel (id, publishable_key_id, sales_channel_id)
    values (${`l_${name}`}, ${publishable_key_id}, ${sales_channel_id})`
  await until("the key is known", async () => (await store("GET", "/regions", token)).status === 200)
  return { sales_channel_id, publishable_key_id, token }
}
async function make(name: string, more: object = {}) {
  const { token, ...key } = await freeKey(name)
  const { status, body } = await call("POST", "", { name, kind: "other", ...key, ...more })
  expect([status, body.message]).toEqual([200, undefined])
  return { id: body.channel.id as string, token, ...key }
}

describe("channels", () => {
  it("are for admins only, on every route, and nothing happens for others", async () => {
    const { id, sales_channel_id } = await make("Guarded")
    const supervisor = { ...tillIn("madrid").headers }
    const strangers = [
      {},
      guest(),
      await customer(),
      supervisor,
      { authorization: "Bearer nonsense" },
      await tokenOf({ actor_id: "" }),
      await tokenOf({ actor_id: "user_1", mfa_enabled: true }),
    ]
    for (const headers of strangers) {
      const answers = [
        await call("GET", "", undefined, headers),
        await call("POST", "", { name: "X", kind: "other", sales_channel_id }, headers),
        await call("GET", `/${id}`, undefined, headers),
        await call("POST", `/${id}`, { is_active: false }, headers),
        await call("DELETE", `/${id}`, undefined, headers),
      ]
      expect(answers.map((it) => it.status)).toEqual(answers.map(() => 401))
    }
    expect((await call("GET", `/${id}`)).body.channel).toMatchObject({ is_active: true })
    expect((await call("GET", `?id=${id}`)).body.count).toBe(1)
  })

  it("of the demo shop are four, each of a key", async () => {
    const { body } = await call("GET", "?limit=4")
    expect(body).toMatchObject({ limit: 4, offset: 0 })
    const found = body.channels.map((it: Record<string, unknown>) => [it.id, it.kind, it.publishable_key_id, it.may])
    const shops = demo().channels
    expect(found).toEqual([
      [shops.web.channel_id, "web", keyOf("web").id, ["browse", "cart", "checkout"]],
      [shops.app.channel_id, "app", keyOf("app").id, ["browse", "cart", "checkout"]],
      [shops.pos.channel_id, "pos", keyOf("pos").id, ["browse", "cart", "checkout", "cash"]],
      [shops.phone.channel_id, "phone", keyOf("phone").id, ["browse", "cart", "checkout", "invoice"]],
    ])
  })

  it("are made, shown, found, changed and deleted", async () => {
    const { id, sales_channel_id, publishable_key_id } = await make("Marketplace", { may: ["cart", "cart"] })
    const { channel } = (await call("GET", `/${id}`)).body
    expect(channel).toMatchObject({
      ...{ id: expect.stringMatching(/^chan_/), name: "Marketplace", kind: "other", is_active: true },
      ...{ sales_channel_id, publishable_key_id, may: ["cart"], created_at: expect.stringMatching(/Z$/) },
    })
    const changed = await call("POST", `/${id}`, {
      name: "  Market place  ",
      publishable_key_id: null,
      is_active: false,
    })
    expect(changed.body.channel).toMatchObject({
      name: "Market place",
      publishable_key_id: null,
      is_active: false,
      may: ["cart"],
    })
    const ids = async (query: string) =>
      (await call("GET", query)).body.channels.map((it: { id: string }) => it.id) as string[]
    expect(await ids("?is_active=false")).toEqual([id])
    expect(await ids("?kind=pos&kind=phone")).toEqual([
      demo().channels.pos.channel_id,
      demo().channels.phone.channel_id,
    ])
    expect(await ids(`?sales_channel_id=${sales_channel_id}&is_active=true`)).toEqual([])
    expect((await call("DELETE", `/${id}`)).body).toEqual({ id, object: "channel", deleted: true })
    for (const answer of [
      await call("GET", `/${id}`),
      await call("POST", `/${id}`, {}),
      await call("DELETE", `/${id}`),
    ]) {
      expect([answer.status, answer.body.type]).toEqual([404, "not_found"])
    }
  })

  it("that are wrong are refused with the reason, and leave nothing behind", async () => {
    const { sales_channel_id } = await freeKey("Lonely")
    const before = (await call("GET")).body.count
    const good = { name: "Kiosk", kind: "other", sales_channel_id }
    const wrong: [object, number, string][] = [
      [{ ...good, name: "" }, 400, "name"],
      [{ ...good, name: "a\0b" }, 400, ""],
      [{ ...good, name: "half \ud800" }, 400, ""],
      [{ ...good, name: "x".repeat(101) }, 400, "name"],
      [{ ...good, kind: "fax" }, 400, "kind"],
      [{ ...good, may: ["fly"] }, 400, "may"],
      [{ ...good, is_active: "yes" }, 400, "is_active"],
      [{ ...good, note: "x" }, 400, "note"],
      [{ ...good, sales_channel_id: undefined }, 400, "sales_channel_id"],
      [{ ...good, sales_channel_id: "sc_none" }, 400, "sales_channel_id"],
      [{ ...good, publishable_key_id: "apk_none" }, 400, "publishable_key_id"],
      [{ ...good, publishable_key_id: keyOf("web").id }, 400, "does not open"],
      [{ ...good, name: "tienda EN LÍNEA" }, 422, "name"],
      [
        { ...good, sales_channel_id: demo().channels.web.sales_channel_id, publishable_key_id: keyOf("web").id },
        422,
        "key",
      ],
    ]
    for (const [body, status, reason] of wrong) {
      const answer = await call("POST", "", body)
      expect([body, answer.status]).toEqual([body, status])
      expect(answer.body.message).toContain(reason)
    }
    expect(
      (await call("POST", `/${demo().channels.app.channel_id}`, { publishable_key_id: keyOf("web").id })).status,
    ).toBe(400)
    for (const query of ["?limit=0", "?limit=201", "?offset=x", "?kind=fax", "?is_active=maybe", "?order=id"]) {
      expect([query, (await call("GET", query)).status]).toEqual([query, 400])
    }
    expect((await call("GET", "/chan_%00")).status).toBe(400)
    expect((await call("GET")).body.count).toBe(before)
  })

  it("of which Medusa has deleted the sales channel are closed and named all the same", async () => {
    const { id, sales_channel_id } = await make("Pop-up")
    const { sql } = shop.database
    await sql`update sales_channel set deleted_at = now() where id = ${sales_channel_id}`
    const closed = await call("POST", `/${id}`, { is_active: false, name: "Pop-up (over)" })
    expect([closed.status, closed.body.channel]).toMatchObject([200, { is_active: false, name: "Pop-up (over)" }])
    expect((await call("POST", `/${id}`, { sales_channel_id })).status).toBe(400)
    await sql`update sales_channel set deleted_at = null where id = ${sales_channel_id}`
    expect((await call("DELETE", `/${id}`)).status).toBe(200)
  })

  it("of which there are tills stay, and stay of their kind", async () => {
    const { channel_id } = demo().channels.pos
    for (const answer of [
      await call("DELETE", `/${channel_id}`),
      await call("POST", `/${channel_id}`, { kind: "web" }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, "channel_has_tills"])
    }
    expect((await call("GET", `/${channel_id}`)).body.channel.kind).toBe("pos")
  })
})

describe("a request that came by a channel", () => {
  it("is refused what the channel may not do, by lanes, our own routes and what Medusa would answer", async () => {
    const { id, token } = await make("Window", { may: [] })
    const requests: [string, string, string][] = [
      ["browse", "GET", "/products?limit=1"],
      ["browse", "GET", "/product-categories"],
      ["browse", "GET", "/catalog?q=a"],
      ["browse", "POST", "/search"],
      ["browse", "GET", "/variants/lookup?sku=x"],
      ["browse", "GET", "/PRODUCTS/prod_1"],
      ["cart", "POST", "/carts"],
      ["cart", "GET", "/carts/cart_1"],
      ["cart", "POST", "/carts/cart_1/line-items"],
      ["cart", "DELETE", "/Carts/cart_1/line-items/x"],
      ["cart", "GET", "/c%61rts/cart_1"],
      ["checkout", "POST", "/carts/cart_1/complete"],
      ["checkout", "POST", "/payment-collections"],
      ["checkout", "POST", "/payment-collections/x/payment-sessions/"],
    ]
    for (const [activity, method, path] of requests) {
      const { status, body } = await store(method, path, token, method === "POST" ? {} : undefined)
      expect([path, status, body]).toEqual([
        ...[path, 403],
        { type: "forbidden", code: "channel_not_allowed", message: expect.stringContaining(`"${activity}"`) },
      ])
    }
    // What everybody needs stays open.
    expect((await store("GET", "/regions", token)).status).toBe(200)
    expect((await store("GET", "/policies", token)).status).toBe(200)

    await call("POST", `/${id}`, { may: ["browse"] })
    expect((await store("GET", "/products?limit=1", token)).status).toBe(200)
    expect((await store("POST", "/carts", token, {})).status).toBe(403)
    await call("POST", `/${id}`, { may: ["cart"] })
    expect((await store("POST", "/carts", token, { region_id: demo().regions.es })).status).toBe(200)
    expect((await store("GET", "/products?limit=1", token)).status).toBe(403)
  })

  it("is refused everything while the channel is closed, on every counter, and a browser may read why", async () => {
    const { id, token } = await make("Seasonal")
    const other = await openTestCounter(shop.database.url)
    try {
      const statusAt = async (at: string) => (await store("GET", "/regions", token, undefined, at)).status
      expect(await statusAt(other.url)).toBe(200)
      await call("POST", `/${id}`, { is_active: false })
      const origin = "http://localhost:8000"
      const refused = await ask(shop.counter.url, "/store/regions", {
        headers: { "x-publishable-api-key": token, origin },
      })
      expect([refused.status, refused.body]).toEqual([
        403,
        { type: "forbidden", code: "channel_inactive", message: expect.any(String) },
      ])
      expect(refused.headers.get("access-control-allow-origin")).toBe(origin)
      await until("the other counter knows", async () => (await statusAt(other.url)) === 403)
      const stream = await ask(other.url, `/store/catalog/stream?publishable_api_key=${token}`)
      expect([stream.status, stream.text]).toEqual([403, expect.stringContaining("channel_inactive")])
      const preflight = await ask(shop.counter.url, "/store/regions", {
        ...{ method: "OPTIONS", headers: { origin, "access-control-request-method": "GET" } },
      })
      expect(preflight.status).toBe(204)
      await call("POST", `/${id}`, { is_active: true })
      expect(await statusAt(shop.counter.url)).toBe(200)
      await until("and again", async () => (await statusAt(other.url)) === 200)
    } finally {
      await other.close()
    }
  })

  it("is let through where the shop itself ends what was paid, though the channel is closed", async () => {
    const { id, token } = await make("Closing down")
    await call("POST", `/${id}`, { is_active: false })
    const complete = (own: Headers) =>
      send(shop.counter.url, "POST", "/store/carts/cart_none/complete", { "x-publishable-api-key": token, ...own }, {})
    expect((await complete({})).status).toBe(403)
    expect((await complete({ [OWN_HEADER]: "x" })).status).toBe(403)
    expect((await complete({ [OWN_HEADER]: ownToken(loadConfig({}).jwtSecret) })).status).toBe(404)
  })

  it("goes on as ever with a key that is of none", async () => {
    const { token } = await freeKey("Free")
    expect((await store("GET", "/regions", token)).status).toBe(200)
    expect((await store("GET", "/regions", "pk_nobody")).status).toBe(400)
  })

  it("leaves the channel in the events of the cart", async () => {
    const { id, token, sales_channel_id } = await make("Told")
    const ours = await store("POST", "/carts", token, { region_id: demo().regions.es })
    const free = await freeKey("Untold")
    const others = await store("POST", "/carts", free.token, { region_id: demo().regions.es })
    const eventOf = async (cart: string) =>
      (
        await shop.database.sql`
        select channel, channel_id, actor from mostrador.event where subject_id = ${cart}`
      )[0]
    const actor = { type: "guest", id: null }
    expect(await eventOf(ours.body.cart.id)).toEqual({ channel: sales_channel_id, channel_id: id, actor })
    expect(await eventOf(others.body.cart.id)).toEqual({ channel: free.sales_channel_id, channel_id: null, actor })
  })
})
