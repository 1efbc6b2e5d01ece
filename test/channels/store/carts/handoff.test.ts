import { randomUUID } from "node:crypto"
import { sign } from "hono/jwt"
import { beforeAll, describe, expect, it } from "vitest"
import { type Config, loadConfig } from "../../../../src/config.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { type Answer, ask } from "../../../support/http.ts"
import { bodyOf, post, webKey } from "../../../support/orders.ts"

const SHARED: Partial<Config> = { cartMerge: "sum", cartAccess: "owner", trustProxy: true }
const shop = counterForFile(SHARED)
beforeAll(() => untilBuilt(shop.database, 60))

const SECRET = loadConfig({}).jwtSecret
async function customer() {
  const id = `cus_${randomUUID()}`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${`${id}@example.com`}, true)`
  const exp = Math.floor(Date.now() / 1000) + 3600
  return { authorization: `Bearer ${await sign({ exp, actor_type: "customer", actor_id: id }, SECRET, "HS256")}` }
}
/** Each device has an address of its own: guesses are counted by it. */
let addresses = 0
const device = () => ({ "x-forwarded-for": `203.0.113.${++addresses}` })

const newCart = async (headers = {}) =>
  (
    bodyOf(await post(shop.counter.url, "/store/carts", { region_id: demo().regions.es }, headers)).cart as {
      id: string
    }
  ).id
const handOver = (cart: string, body: object = { to: "device" }, headers = {}) =>
  post(shop.counter.url, `/store/carts/${cart}/handoff`, body, headers)
interface Handoff {
  code: string
  link: string
  qr_svg: string
  expires_at: string
}
const codeFor = async (cart: string, body?: object, headers = {}) =>
  bodyOf(await handOver(cart, body, headers)).handoff as Handoff
const claim = (code: string, headers: Record<string, string> = device()) =>
  post(shop.counter.url, `/store/handoffs/${code}/claim`, undefined, headers)
const claimed = (answer: Answer) => bodyOf(answer).claim as { cart_id: string; token: string; expires_at: string }
const read = (cart: string, headers = {}) =>
  ask(shop.counter.url, `/store/carts/${cart}`, { headers: { ...webKey(), ...headers } })
const codeOf = ({ body }: Answer) => (body as { code?: string }).code

describe("a cart is handed over", () => {
  it("by a code of six characters that are not confused, a link and a QR code", async () => {
    const { code, link, qr_svg, expires_at } = await codeFor(await newCart())
    expect(code).toMatch(/^[ABCDEFGHJKMNPQRTWXYZ2346789]{6}$/)
    expect(link).toBe(`http://localhost:9000/demo#handoff=${code}`)
    expect(qr_svg).toMatch(/^<svg [^>]*viewBox/)
    const minutes = (Date.parse(expires_at) - Date.now()) / 60_000
    expect([minutes > 5, minutes < 11]).toEqual([true, true])
  })

  it("to a device that opens a customer's cart from then on, though nobody has logged in there", async () => {
    const owner = await customer()
    const cart = await newCart(owner)
    expect((await read(cart)).status).toBe(404)
    const { code } = await codeFor(cart, { to: "device" }, owner)
    const { cart_id, token } = claimed(await claim(code.toLowerCase()))
    expect(cart_id).toBe(cart)
    const headers = { "x-cart-token": token }
    expect((await read(cart, headers)).status).toBe(200)
    const items = { variant_id: demo().variants.unmanaged, quantity: 1 }
    expect((await post(shop.counter.url, `/store/carts/${cart}/line-items`, items, headers)).status).toBe(200)
    expect((await read(cart)).status).toBe(404)
  })

  it("by a guest, too, whose cart stays open to the device when he logs in later", async () => {
    const cart = await newCart()
    const { token } = claimed(await claim((await codeFor(cart)).code))
    const owner = await customer()
    await newCart(owner)
    bodyOf(await post(shop.counter.url, `/store/carts/${cart}/customer`, undefined, owner))
    expect([(await read(cart, { "x-cart-token": token })).status, (await read(cart)).status]).toEqual([200, 404])
  })

  it("with an event that says to whom, and changes no version", async () => {
    const cart = await newCart()
    const before = (await read(cart)).headers.get("etag")
    await claim((await codeFor(cart)).code, { ...device(), "x-device-id": "the phone" })
    expect((await read(cart)).headers.get("etag")).toBe(before)
    const [event] = await shop.database.sql<{ data: string; device: string }[]>`
      select data::text as data, device from mostrador.event where subject_id = ${cart} and name = 'cart.handed_over'`
    expect([JSON.parse(event?.data ?? "").after, event?.device]).toEqual([
      { to: "device", from: { type: "guest", id: null } },
      "the phone",
    ])
  })

  it("though it was merged into another since the code was made", async () => {
    const owner = await customer()
    const old = await newCart(owner)
    const { code } = await codeFor(old, { to: "device" }, owner)
    const fresh = await newCart()
    bodyOf(await post(shop.counter.url, `/store/carts/${fresh}/customer`, undefined, owner))
    expect(claimed(await claim(code)).cart_id).toBe(fresh)
  })

  it("once, however many redeem the code at the same time", async () => {
    const { code } = await codeFor(await newCart())
    const answers = await Promise.all(Array.from({ length: 5 }, () => claim(code)))
    expect(answers.map((it) => it.status).sort()).toEqual([200, 409, 409, 409, 409])
    expect(answers.filter((it) => it.status === 409).map(codeOf)).toEqual(Array(4).fill("handoff_used"))
  })

  it("when others are at the cart for long, as soon as they let it go: who had to try often has not guessed", async () => {
    const cart = await newCart()
    const { code } = await codeFor(cart)
    const { sql } = shop.database
    const from = device()
    const attempts = async () => (await sql`select coalesce(sum(count), 0)::int as all from mostrador.attempt`)[0]?.all
    const before = await attempts()
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`mostrador:cart:${cart}`}, 0))`
      const kept = await claim(code, from)
      expect([kept.status, codeOf(kept)]).toEqual([503, "counter_busy"])
    })
    expect(await attempts()).toBe(before)
    expect(claimed(await claim(code, from)).cart_id).toBe(cart)
  })

  it("twice under one key with the same answer", async () => {
    const { code } = await codeFor(await newCart())
    const keyed = { ...device(), "idempotency-key": randomUUID() }
    const [first, second] = [await claim(code, keyed), await claim(code, keyed)]
    expect(claimed(second)).toEqual(claimed(first))
  })
})

describe("a code is refused, and nothing has changed", () => {
  it("that has expired, or whose cart is an order", async () => {
    const cart = await newCart()
    const [late, ordered] = [await codeFor(cart), await codeFor(await newCart())]
    await shop.database.sql`update mostrador.cart_handoff set expires_at = now() where cart_id = ${cart}`
    expect(codeOf(await claim(late.code))).toBe("handoff_expired")
    await shop.database.sql`
      update cart set completed_at = now()
      where id in (select cart_id from mostrador.cart_handoff where expires_at > now() and claimed_at is null)`
    const answer = await claim(ordered.code)
    expect([answer.status, codeOf(answer)]).toEqual([409, "cart_completed"])
    const claims = await shop.database.sql`select from mostrador.cart_claim where cart_id = ${cart}`
    expect(claims).toHaveLength(0)
  })

  it("that is for a till or an agent, and such that are none", async () => {
    const { code } = await codeFor(await newCart(), { to: "pos" })
    for (const it of [code, "AAAAAA", "short", "OOOOOO", "x".repeat(500)]) {
      expect([it, (await claim(it)).status]).toEqual([it, 404])
    }
  })

  it("however often it is guessed: the thirty-first is not looked at, nor the sixth at one code", async () => {
    const guesser = device()
    const statuses: number[] = []
    for (let i = 0; i < 31; i++)
      statuses.push(
        (await claim(`AB${String(i).padStart(2, "C").replace(/[015]/g, "X")}QQ`.slice(0, 6), guesser)).status,
      )
    expect(statuses.at(-1)).toBe(429)
    const { code } = await codeFor(await newCart(), { to: "pos" })
    const tries = []
    for (let i = 0; i < 6; i++) tries.push((await claim(code)).status)
    expect(tries).toEqual([404, 404, 404, 404, 404, 429])
  })

  it("and none is made for who may not see the cart, for an order, or for nobody in particular", async () => {
    const owner = await customer()
    const cart = await newCart(owner)
    expect((await handOver(cart)).status).toBe(404)
    expect((await handOver(cart, { to: "device" }, await customer())).status).toBe(404)
    expect((await handOver("cart_none")).status).toBe(404)
    for (const body of [{}, { to: "everybody" }, { to: "device", more: 1 }]) {
      expect((await handOver(cart, body, owner)).status).toBe(400)
    }
    await shop.database.sql`update cart set completed_at = now() where id = ${cart}`
    const answer = await handOver(cart, { to: "device" }, owner)
    expect([answer.status, codeOf(answer)]).toEqual([400, "cart_completed"])
    const keyless = await ask(shop.counter.url, `/store/carts/${cart}/handoff`, { method: "POST" })
    expect(keyless.status).toBe(400)
  })

  it("by another address is nobody's affair: a code does not stand in the database", async () => {
    const { code } = await codeFor(await newCart())
    const rows = await shop.database.sql<{ row: string }[]>`
      select row_to_json(it)::text as row from mostrador.cart_handoff it`
    expect(rows.some(({ row }) => row.includes(code))).toBe(false)
    const other = await openTestCounter(shop.database.url, SHARED)
    try {
      expect((await post(other.url, `/store/handoffs/${code}/claim`, undefined, device())).status).toBe(200)
    } finally {
      await other.close()
    }
  })
})
