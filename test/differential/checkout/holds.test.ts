import type { Sql } from "postgres"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { releaseExpired } from "../../../src/commerce/checkout/index.ts"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { type Answer, ask } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type CartShop, keyOf, openCartShop } from "../carts/shop.ts"
import { send } from "../compare.ts"
import { type ReadyCart, readyCart } from "./cards.ts"
import { keepScarce, leaveScarce } from "./stock.ts"

const OFFLINE = { provider_id: "pp_system_default" }

/** Holds for ten minutes; `shop` has one that holds nothing. */
let counter: OpenCounter
let shop: CartShop
let database: Database | undefined
let sql: Sql
let admin: Record<string, string>
beforeAll(async () => {
  shop = await openCartShop()
  counter = await openCounterBeforeMedusa({ holdMinutes: 10 })
  database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
  sql = database.sql
  admin = shop.admin
}, 300_000)
afterAll(async () => {
  await counter?.close()
  await shop?.counter.close()
  await database?.close()
})

let giveBack: () => Promise<void>
beforeEach(async () => {
  giveBack = await keepScarce(sql)
})
afterEach(() => giveBack())
const leave = (units: number) => leaveScarce(sql, units)

const at = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  send(counter.url, { method, path, ...(body ? { body } : {}), headers: { ...keyOf("web"), ...headers } })
const fine = async (method: string, path: string, body?: object, headers = {}): Promise<Answer> => {
  const answer = await at(method, path, body, headers)
  expect([path, answer.status, answer.status < 400 ? "" : answer.text]).toEqual([path, 200, ""])
  return answer
}

/** A cart with some of what is scarce, of which everything is known but how it is paid. */
async function open(quantity: number, channel: "web" | "pos" = "web"): Promise<ReadyCart> {
  const ask = async (method: string, path: string, body?: object) =>
    (await fine(method, path, body, keyOf(channel))).body
  return (await readyCart(ask, { variant: demo().variants.scarce, quantity })) as ReadyCart
}
async function collect(cart_id: string) {
  const { body } = await fine("POST", "/store/payment-collections", { cart_id })
  return `/store/payment-collections/${(body as { payment_collection: { id: string } }).payment_collection.id}/payment-sessions`
}

const held = async (cart: string) =>
  (
    await sql<{ quantity: number }[]>`
      select quantity::float8 as quantity from reservation_item
      where id in (select unnest(reservation_ids) from mostrador.stock_hold where cart_id = ${cart})
        and deleted_at is null order by quantity`
  ).map((it) => it.quantity)
const expires = async (cart: string) =>
  (
    await sql<{ at: number }[]>`
    select extract(epoch from expires_at)::float8 as at from mostrador.stock_hold where cart_id = ${cart}`
  )[0]?.at
const expire = (cart: string) => sql`update mostrador.stock_hold set expires_at = now() where cart_id = ${cart}`
const order = ({ body }: Answer) => (body as { order: { id: string } }).order.id

async function left(base: string): Promise<number | undefined> {
  const { products, variants } = { products: "/store/products", variants: demo().variants }
  const [row] = await sql<{ product_id: string }[]>`
    select product_id from product_variant where id = ${variants.scarce}`
  const fields = "fields=id,variants.id,variants.inventory_quantity"
  const { body } = await ask(base, `${products}/${row?.product_id}?${fields}`, { headers: keyOf("web") })
  const { product } = body as { product: { variants: { id: string; inventory_quantity: number }[] } }
  return product.variants.find((it) => it.id === variants.scarce)?.inventory_quantity
}

describe("who begins to pay", { timeout: 60_000 }, () => {
  it("holds what he buys, for every channel and for Medusa, and staff see it", async () => {
    await leave(3)
    const cart = await open(2)
    const other = await open(1, "pos")
    expect([await held(cart.id), await left(counter.url)]).toEqual([[], 3])
    await fine("POST", cart.sessions, OFFLINE)
    expect([await held(cart.id), await left(counter.url), await left(shop.sides.medusa)]).toEqual([[2], 1, 1])
    const more = { variant_id: demo().variants.scarce, quantity: 1 }
    const refused = await at("POST", `/store/carts/${other.id}/line-items`, more, keyOf("pos"))
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([400, "insufficient_inventory"])

    const path = `/admin/omnichannel/stock?variant_id=${demo().variants.scarce}`
    const { body } = await ask(counter.url, path, { headers: admin })
    const shown = (body as { stock_levels: { held_quantity: number; available_quantity: number }[] }).stock_levels
    expect(shown.reduce((sum, it) => sum + it.held_quantity, 0)).toBe(2)
    expect(shown.reduce((sum, it) => sum + it.available_quantity, 0)).toBe(1)
    expect((await ask(counter.url, path, { headers: keyOf("web") })).status).toBe(401)

    const placed = order(await fine("POST", `/store/carts/${cart.id}/complete`))
    expect(await expires(cart.id)).toBeUndefined()
    const rows = await sql`
      select quantity::float8 as quantity from reservation_item where deleted_at is null and line_item_id in (
        select item_id from order_item where order_id = ${placed})`
    expect([rows.map((it) => it.quantity), await left(shop.sides.medusa)]).toEqual([[2], 1])
  })

  it("is told every line that is short, and what is left, and has no payment begun", async () => {
    await leave(3)
    const [cart, other] = [await open(2), await open(2)]
    await fine("POST", other.sessions, OFFLINE)
    const refused = await at("POST", cart.sessions, OFFLINE)
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        ...{ code: "insufficient_inventory", type: "not_allowed" },
        message: "Some variant does not have the required inventory",
        details: {
          lines: [{ line_item_id: cart.line, variant_id: demo().variants.scarce, quantity: 2, left: 1 }],
        },
      },
    ])
    expect(
      await sql`
      select from payment_session join cart_payment_collection using (payment_collection_id)
      where cart_id = ${cart.id}`,
    ).toHaveLength(0)
    expect([await held(cart.id), await expires(cart.id), await held(other.id)]).toEqual([[], undefined, [2]])
  })

  it("is one of many who want the last", async () => {
    await leave(2)
    const carts: ReadyCart[] = []
    for (let i = 0; i < 8; i++) carts.push(await open(1))
    const answers = await Promise.all(carts.map(({ sessions }) => at("POST", sessions, OFFLINE)))
    expect(answers.map((it) => it.status).sort()).toEqual([200, 200, ...Array(6).fill(400)])
    const bought = await Promise.all(carts.map(({ id }) => at("POST", `/store/carts/${id}/complete`)))
    expect(bought.map((it) => it.status)).toEqual(answers.map((it) => it.status))
  })

  it("holds nothing where nothing is to be held", async () => {
    await leave(3)
    const { sessions, id } = await open(2)
    const path = new URL(sessions, shop.sides.counter).pathname
    await shop.medusa("POST", path, OFFLINE)
    const answer = await send(shop.sides.counter, { method: "POST", path, body: OFFLINE, headers: keyOf("web") })
    expect([answer.status, await expires(id)]).toEqual([200, undefined])
  })
})

describe("what is held", { timeout: 60_000 }, () => {
  it("is held longer with each step, follows the cart, and is never in its way", async () => {
    await leave(3)
    const cart = await open(3)
    await fine("POST", cart.sessions, OFFLINE)
    const soon = () => sql`update mostrador.stock_hold set expires_at = now() + interval '1 minute'`
    const isRenewed = async () => ((await expires(cart.id)) ?? 0) > Date.now() / 1000 + 9 * 60
    await soon()
    await fine("POST", `/store/carts/${cart.id}`, { metadata: { note: "a" } })
    expect([await held(cart.id), await isRenewed()]).toEqual([[3], true])

    const { body } = await fine("GET", `/store/shipping-options?cart_id=${cart.id}`)
    const options = (body as { shipping_options: { insufficient_inventory: boolean }[] }).shipping_options
    expect(options.some((it) => !it.insufficient_inventory)).toBe(true)

    await fine("POST", `/store/carts/${cart.id}/line-items/${cart.line}`, { quantity: 1 })
    expect([await held(cart.id), await left(counter.url)]).toEqual([[1], 2])
    await fine("POST", `/store/carts/${cart.id}/line-items`, { variant_id: demo().variants.scarce, quantity: 2 })
    expect([await held(cart.id), await left(counter.url)]).toEqual([[3], 0])
    // By Medusa, to which it is in nobody's way either.
    await soon()
    const passed = { "x-medusa-locale": "es-ES" }
    await fine("POST", `/store/carts/${cart.id}/line-items/${cart.line}`, { quantity: 2 }, passed)
    expect([await held(cart.id), await isRenewed()]).toEqual([[2], true])
    await fine("POST", `/store/carts/${cart.id}/line-items/${cart.line}`, { quantity: 3 }, passed)
    expect([await held(cart.id), await left(shop.sides.medusa)]).toEqual([[3], 0])
    await fine("POST", await collect(cart.id), OFFLINE)
    await fine("DELETE", `/store/carts/${cart.id}/line-items/${cart.line}`)
    expect([await held(cart.id), await expires(cart.id), await left(counter.url)]).toEqual([[], undefined, 3])
  })

  it("is given back when it expires, which is an event; then whoever is first has it", async () => {
    await leave(2)
    const [cart, other] = [await open(2), await open(2)]
    await fine("POST", cart.sessions, OFFLINE)
    await expire(cart.id)
    const [one, two] = await Promise.all([releaseExpired(sql), releaseExpired(sql)])
    // The counters of the test look for it, too.
    expect(one + two).toBeLessThanOrEqual(1)
    expect([await expires(cart.id), await left(counter.url)]).toEqual([undefined, 2])
    const told = await sql`
      select name, actor, data from mostrador.event where subject_id = ${cart.id} and name = 'cart.hold_expired'`
    expect(told).toEqual([
      {
        ...{ name: "cart.hold_expired", actor: { type: "system", id: null } },
        data: {
          before: { lines: [{ line_item_id: cart.line, variant_id: demo().variants.scarce, quantity: 2 }] },
          after: null,
        },
      },
    ])
    await fine("POST", other.sessions, OFFLINE)
    const late = await at("POST", `/store/carts/${cart.id}/complete`)
    expect([late.status, (late.body as { details: object }).details]).toEqual([
      400,
      { lines: [{ line_item_id: expect.any(String), variant_id: demo().variants.scarce, quantity: 2, left: 0 }] },
    ])
    await fine("POST", `/store/carts/${other.id}/complete`)
  })

  it("may have expired, and not been given back yet, when the order is placed or the cart changed", async () => {
    await leave(2)
    const cart = await open(2)
    await fine("POST", cart.sessions, OFFLINE)
    await expire(cart.id)
    await fine("POST", `/store/carts/${cart.id}`, { metadata: { note: "b" } })
    expect(await expires(cart.id)).toBeUndefined()
    await fine("POST", cart.sessions, OFFLINE)
    await expire(cart.id)
    await fine("POST", `/store/carts/${cart.id}/complete`)
    expect(await left(counter.url)).toBe(0)
  })

  it("does not keep the shopper from changing his cart when staff have given it to somebody else", async () => {
    await leave(2)
    const cart = await open(2)
    await fine("POST", cart.sessions, OFFLINE)
    const [row] = await sql<{ id: string }[]>`
      select unnest(reservation_ids) as id from mostrador.stock_hold where cart_id = ${cart.id}`
    await ask(shop.sides.medusa, `/admin/reservations/${row?.id}`, { method: "DELETE", headers: admin })
    const other = await open(2)
    await fine("POST", other.sessions, OFFLINE)
    await fine("POST", `/store/carts/${cart.id}`, { metadata: { note: "c" } })
    expect([await expires(cart.id), await held(other.id)]).toEqual([undefined, [2]])
  })

  it("is given back before Medusa places the order, and held again when it refuses", async () => {
    await leave(2)
    const cart = await open(2)
    await fine("POST", cart.sessions, OFFLINE)
    await sql`update cart_shipping_method set deleted_at = now() where cart_id = ${cart.id}`
    const refused = await at("POST", `/store/carts/${cart.id}/complete?fields=id,items.variant.options`)
    expect([refused.status, await held(cart.id)]).toEqual([400, [2]])
    await sql`update cart_shipping_method set deleted_at = null where cart_id = ${cart.id}`
    const placed = await fine("POST", `/store/carts/${cart.id}/complete?fields=id,items.variant.options`)
    const told = () => sql`select name from mostrador.event where subject_id = ${order(placed)}`
    expect([placed.body, await told()]).toMatchObject([{ type: "order" }, [{ name: "order.placed" }]])
    await fine("POST", `/store/carts/${cart.id}/complete?fields=id,items.variant.options`)
    expect(await told()).toHaveLength(1)
    expect([await expires(cart.id), await left(counter.url)]).toEqual([undefined, 0])
  })

  it("is held, too, when Medusa begins the payment, and not when it refuses to", async () => {
    await leave(2)
    const cart = await open(2)
    const refused = await at("POST", cart.sessions, { provider_id: "pp_unknown" })
    expect([refused.status, await expires(cart.id)]).toEqual([400, undefined])
    await fine("POST", `${cart.sessions}?fields=id`, OFFLINE)
    expect(await held(cart.id)).toEqual([2])
    const again = await at("POST", cart.sessions, { provider_id: "pp_unknown" })
    expect([again.status, await held(cart.id)]).toEqual([400, [2]])
    await leave(0)
    await expire(cart.id)
    await releaseExpired(sql)
    // 2 of it are left, which are enough for one of them; the other has nothing changed, and is told so by no version.
    const version = async (id: string) => (await at("GET", `/store/carts/${id}`)).headers.get("etag")
    await leave(4)
    const [first, second] = [await open(2), await open(2)]
    await leave(3)
    await fine("POST", `${first.sessions}?fields=id`, OFFLINE)
    const before = await version(second.id)
    const short = await at("POST", `${second.sessions}?fields=id`, OFFLINE)
    expect([short.status, (short.body as { details: object }).details]).toMatchObject([400, { lines: [{ left: 1 }] }])
    expect(await version(second.id)).toBe(before)
  })
})
