import { randomUUID } from "node:crypto"
import { mkdtemp, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { sign } from "hono/jwt"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { hashOfToken } from "../../../src/commerce/carts/index.ts"
import { type Config, loadConfig } from "../../../src/config.ts"
import { createLog } from "../../../src/platform/log.ts"
import { demo, openTestCounter } from "../../support/counter.ts"
import { untilBuilt } from "../../support/documents.ts"
import { type Answer, ask, until } from "../../support/http.ts"
import { json, standInForFile } from "../../support/stand-in.ts"

/** How often five devices log in at once: 2 times, or `LOGIN_RACES` times. */
const TIMES = Number(process.env.LOGIN_RACES ?? 2)

const SHARED: Partial<Config> = { cartMerge: "sum", cartAccess: "owner" }
const shop = standInForFile(SHARED)
beforeAll(async () => await untilBuilt(shop.database, 60))
beforeEach(() => {
  shop.arrived.length = 0
})

type Headers = Record<string, string>
const key = (): Headers => ({ "x-publishable-api-key": demo().channels.web.publishable_key })
const PASSWORD = { email: "someone@example.com", password: "correct horse battery staple" }
const LOG_IN = "/auth/customer/emailpass"

const token = async (claims: object) => {
  const exp = Math.floor(Date.now() / 1000) + 3600
  return await sign({ exp, actor_type: "customer", ...claims }, loadConfig({}).jwtSecret, "HS256")
}
/** Somebody with an account, whom Medusa lets in from now on. */
async function customer() {
  const id = `cus_${randomUUID()}`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${`${id}@example.com`}, true)`
  const given = await token({ actor_id: id })
  shop.answers = (_, response) => json(response, 200, { token: given }, { etag: 'W/"medusa"', "set-cookie": "a=b" })
  return { id, token: given, headers: { authorization: `Bearer ${given}` } }
}

const post = (path: string, body: object | undefined, headers: Headers = {}, url = shop.counter.url): Promise<Answer> =>
  ask(url, path, {
    method: "POST",
    headers: { ...key(), "content-type": "application/json", ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
const logIn = (cart: string, headers: Headers = {}) => post(LOG_IN, PASSWORD, { "x-cart-id": cart, ...headers })
const items = (quantity: number) => [{ variant_id: demo().variants.unmanaged, quantity }]
interface Cart {
  id: string
  items: { quantity: number }[]
}
async function begun(quantity: number, headers: Headers = {}): Promise<Cart> {
  const { body } = await post("/store/carts", { region_id: demo().regions.es, items: items(quantity) }, headers)
  return (body as { cart: Cart }).cart
}
const quantities = async (cart: string, headers: Headers) => {
  const { body } = await ask(shop.counter.url, `/store/carts/${cart}`, { headers: { ...key(), ...headers } })
  return (body as { cart?: Cart }).cart?.items.map((it) => it.quantity)
}
const ownerOf = async (cart: string) =>
  (
    await shop.database.sql<
      { id: string }[]
    >`select customer_id as id from mostrador.cart_owner where cart_id = ${cart}`
  )
    .map((it) => it.id)
    .at(0)

describe("a log-in that brings a cart", () => {
  it("is answered by Medusa, and the cart meets the one that the customer has on another device", async () => {
    const { id, token, headers } = await customer()
    const old = await begun(1, headers)
    const { id: fresh } = await begun(2)
    const { status, body, headers: answered } = await logIn(fresh)
    const merge = { policy: "sum", from: old.id, dropped: [] }
    expect([status, body]).toEqual([200, { token, cart_id: fresh, merge }])
    expect([answered.get("set-cookie"), answered.get("etag")]).toEqual(["a=b", null])
    expect([await quantities(fresh, headers), await quantities(old.id, headers)]).toEqual([[3], [3]])
    expect([await ownerOf(fresh), await quantities(fresh, {})]).toEqual([id, undefined])
    // What came to Medusa is what was sent.
    expect(shop.arrived.map((it) => [it.path, JSON.parse(it.body.toString())])).toEqual([[LOG_IN, PASSWORD]])
    const [event] = await shop.database.sql<{ actor: object }[]>`
      select actor from mostrador.event where subject_id = ${fresh} and name = 'cart.merged'`
    expect(event?.actor).toEqual({ type: "customer", id })
  })

  it("gives it to a customer who has no other; and again, which changes nothing", async () => {
    const { token } = await customer()
    const { id } = await begun(1)
    for (let i = 0; i < 2; i++) expect((await logIn(id)).body).toEqual({ token, cart_id: id })
  })

  it("answers with the survivor when it was merged into that meanwhile", async () => {
    const { token, headers } = await customer()
    const old = await begun(1, headers)
    const fresh = await begun(1)
    await logIn(fresh.id)
    expect((await logIn(old.id)).body).toEqual({ token, cart_id: fresh.id })
  })

  it.each([
    ["GET", "/auth/customer/google/callback?code=1"],
    ["POST", "/auth/customer/google/callback"],
    ["POST", "/auth/mfa/challenges/authmfach_1/verify"],
    ["POST", "/auth/token/refresh"],
  ])("also where it ends by %s %s", async (method, path) => {
    const { token } = await customer()
    const { id } = await begun(1)
    const { body } = await ask(shop.counter.url, path, { method, headers: { ...key(), "x-cart-id": id } })
    expect(body).toEqual({ token, cart_id: id })
  })

  it("also where a session is begun with a token, whoever had one on this device before", async () => {
    const { id: customerId, headers } = await customer()
    const user = { actor_type: "customer", actor_id: customerId }
    shop.answers = (_, response) => json(response, 200, { user })
    const { id } = await begun(1)
    const before = { cookie: "connect.sid=s%3Asomebody.else" }
    const { body } = await post("/auth/session", undefined, { ...headers, ...before, "x-cart-id": id })
    expect(body).toEqual({ user, cart_id: id })
    expect(await ownerOf(id)).toBe(customerId)
    expect(shop.arrived).toHaveLength(1)
  })

  it("takes a key and a version for none of the cart's", async () => {
    const { token } = await customer()
    const { id } = await begun(1)
    const { body } = await logIn(id, { "idempotency-key": "once", "if-match": "nonsense" })
    expect(body).toEqual({ token, cart_id: id })
  })
})

describe("five devices that log in at once, each with its cart", () => {
  it.each(Array.from({ length: TIMES }, (_, i) => i + 1))("end in one cart with everything in it (%i)", async () => {
    const { headers } = await customer()
    const carts = await Promise.all(Array.from({ length: 5 }, () => begun(2)))
    const answers = await Promise.all(carts.map(({ id }) => logIn(id)))
    for (const { text } of answers) expect(text).not.toContain("error")
    const survivors = new Set<string>()
    for (const { id } of carts) {
      const { body } = await ask(shop.counter.url, `/store/carts/${id}`, { headers: { ...key(), ...headers } })
      const { cart } = body as { cart: Cart }
      expect(cart.items.map((it) => it.quantity)).toEqual([10])
      survivors.add(cart.id)
    }
    expect(survivors.size).toBe(1)
  })
})

describe("a log-in never fails for the cart's sake, and says why the two did not meet, where the cart is", () => {
  const refusal = async (cart: string, headers: Headers = {}) => {
    const { status, body } = await logIn(cart, headers)
    const { token, cart_id, merge } = body as { token: string; cart_id: null; merge: { error: { message: string } } }
    expect([status, token.length > 0, cart_id]).toEqual([200, true, null])
    return merge.error
  }

  it("unknown, or somebody else's, which is the same; whoever may see that does not get it either", async () => {
    const owner = await customer()
    const { id } = await begun(1, owner.headers)
    await customer()
    const unknown = await refusal("cart_none")
    expect(unknown).toEqual({ type: "not_found", message: "Cart id not found: cart_none" })
    expect(await refusal(id)).toEqual({ ...unknown, message: unknown.message.replace("cart_none", id) })
    // Nor does who has sent the owner's token with a log-in of his own.
    expect(await refusal(id, owner.headers)).toMatchObject({ type: "not_found" })
    await shop.database.sql`
      insert into mostrador.cart_claim (token_hash, cart_id, expires_at)
      values (${hashOfToken("token-of-a-friend")}, ${id}, now() + interval '1 hour')`
    expect(await refusal(id, { "x-cart-token": "token-of-a-friend" })).toMatchObject({ code: "cart_is_anothers" })
    expect([await ownerOf(id), await quantities(id, owner.headers)]).toEqual([owner.id, [1]])
  })

  it("an order already", async () => {
    await customer()
    const { id } = await begun(1)
    await shop.database.sql`update cart set completed_at = now() where id = ${id}`
    expect(await refusal(id)).toMatchObject({ type: "invalid_data", message: expect.stringContaining("completed") })
  })

  it("such that only Medusa can give it to him", async () => {
    await customer()
    const { id, items } = await begun(1)
    await shop.database.sql`update cart_line_item set variant_id = null where cart_id = ${id}`
    expect([items.length, await refusal(id)]).toMatchObject([1, { code: "left_to_medusa" }])
    expect(await ownerOf(id)).toBeUndefined()
  })

  it("asked for without a key, or through a channel that may not have carts", async () => {
    await customer()
    const { id } = await begun(1)
    expect(await refusal(id, { "x-publishable-api-key": "" })).toMatchObject({ type: "not_allowed" })
    const { sql } = shop.database
    await sql`update mostrador.channel set may = array_remove(may, 'cart')`
    try {
      const refused = async () => (await logIn(id)).text.includes('"code":"channel_not_allowed"')
      await until("the channel may not", refused)
      await refusal(id)
    } finally {
      await sql`update mostrador.channel set may = array_append(may, 'cart')`
      await until("it may again", async () => (await post("/store/carts", {})).status === 200)
    }
  })
})

describe("it passes as it is", () => {
  const unchanged = async (cart: string, answer: Answer, status: number, body: unknown) => {
    expect([answer.status, answer.body, answer.headers.get("etag")]).toEqual([status, body, 'W/"medusa"'])
    expect(await ownerOf(cart)).toBeUndefined()
  }
  const says = (status: number, body: unknown) => {
    shop.answers = (_, response) => json(response, status, body, { etag: 'W/"medusa"' })
  }

  it("when Medusa lets nobody in, or not yet", async () => {
    const { id: actor_id } = await customer()
    const { id } = await begun(1)
    const answers: [number, object][] = [
      [401, { type: "unauthorized", message: "Invalid email or password" }],
      [200, { location: "https://accounts.example.com" }],
      [200, { token: await token({ actor_id: "" }) }],
      [200, { token: await token({ actor_id, mfa_enabled: true }), mfa_required: true }],
      [200, { token: await token({ actor_id, actor_type: "user" }) }],
      [200, { token: "no token at all" }],
    ]
    for (const [status, body] of answers) {
      says(status, body)
      await unchanged(id, await logIn(id), status, body)
    }
  })

  it("to the byte without a cart, zipped if it came so", async () => {
    const { token } = await customer()
    const zipped = gzipSync(JSON.stringify({ token }))
    shop.answers = (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(zipped)
    }
    for (const headers of [{}, { "x-cart-id": "" }] as Headers[]) {
      const { status, body } = await post(LOG_IN, PASSWORD, { ...headers, "accept-encoding": "gzip" })
      expect([status, body]).toEqual([200, { token }])
    }
    expect(shop.arrived.map((it) => it.headers["accept-encoding"])).toEqual(["gzip", "gzip"])
  })
})

it("neither a password, a token nor a cart's id is ever logged", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "log-in-")), "log")
  const log = createLog("trace", file)
  const options = { ...SHARED, medusaUrl: shop.medusaUrl }
  const counter = await openTestCounter(shop.database.url, options, log)
  try {
    const { token } = await customer()
    const { id } = await begun(1)
    const cookie = { cookie: "connect.sid=s%3Asecret.session" }
    const headers = { "x-cart-id": id, "x-cart-token": "token-of-a-friend", ...cookie }
    expect((await post(LOG_IN, PASSWORD, headers, counter.url)).body).toEqual({ token, cart_id: id })
    await shop.database.sql`alter table mostrador.cart_alias rename to cart_alias_away`
    try {
      const failed = await post(LOG_IN, PASSWORD, { ...headers, "x-cart-id": "cart_gone" }, counter.url)
      const error = { type: "unknown_error", request_id: expect.any(String) }
      expect([failed.status, failed.body]).toMatchObject([200, { token, cart_id: null, merge: { error } }])
    } finally {
      await shop.database.sql`alter table mostrador.cart_alias_away rename to cart_alias`
    }
    const logged = async () => await readFile(file, "utf8")
    await until("both are logged", async () => (await logged()).split('"route":"/auth/:actor_type').length === 3)
    expect(await logged()).toContain("unexpected error")
    for (const secret of [
      PASSWORD.password,
      PASSWORD.email,
      token,
      "token-of-a-friend",
      "secret.session",
      id,
      "cart_gone",
    ]) {
      expect((await logged()).includes(secret)).toBe(false)
    }
  } finally {
    await counter.close()
  }
})
