import { randomUUID } from "node:crypto"
import { request } from "node:http"
import { sign } from "hono/jwt"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hashOfToken } from "../../../../src/commerce/carts/index.ts"
import { type Config, loadConfig } from "../../../../src/config.ts"
import type { OpenCounter } from "../../../../src/server.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { type Answer, ask } from "../../../support/http.ts"

/** How often five devices log in at once: 3 times, or `LOGIN_RACES` times. */
const TIMES = Number(process.env.LOGIN_RACES ?? 3)

// No Medusa is there: what a lane does not do itself fails.
const SHARED: Partial<Config> = { cartMerge: "sum", cartAccess: "owner", holdMinutes: 10 }
const shop = counterForFile(SHARED)
/** What one process arranges among its requests, two have to leave to the database. */
let other: OpenCounter
beforeAll(async () => {
  other = await openTestCounter(shop.database.url, SHARED)
  await untilBuilt(shop.database, 60)
})
afterAll(async () => await other?.close())

const SECRET = loadConfig({}).jwtSecret
const bearer = async (id: string) => {
  const exp = Math.floor(Date.now() / 1000) + 3600
  return { authorization: `Bearer ${await sign({ exp, actor_type: "customer", actor_id: id }, SECRET, "HS256")}` }
}

interface Customer {
  id: string
  email: string
  headers: Record<string, string>
}
/** Somebody with an account, and no cart yet. */
async function newCustomer(): Promise<Customer> {
  const id = `cus_${randomUUID()}`
  const email = `${id}@example.com`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${email}, true)`
  return { id, email, headers: await bearer(id) }
}

interface Line {
  id: string
  variant_id: string
  quantity: number
  unit_price: number
}
interface Cart {
  id: string
  email: string | null
  region_id: string
  customer_id: string | null
  items: Line[]
  promotions: { code: string }[]
  shipping_address: { address_1: string | null } | null
  metadata: object | null
}
interface Merge {
  policy: string
  from: string | null
  dropped: { type: string; reason: string; variant_id?: string; quantity?: number; code?: string }[]
}

let asked = 0
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(asked++ % 2 ? shop.counter.url : other.url, path, {
    method,
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
async function fine(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await send(method, path, body, headers)
  expect([path, answer.status, answer.status < 400 ? "" : answer.text]).toEqual([path, 200, ""])
  return answer.body as { cart: Cart; merge?: Merge }
}

const { unmanaged, scarce } = { unmanaged: () => demo().variants.unmanaged, scarce: () => demo().variants.scarce }
/** Of as many products, of which nobody counts the units. */
async function variants(count: number): Promise<string[]> {
  const rows = await shop.database.sql<{ id: string }[]>`
    select min(variant.id) as id from product_variant variant join product on product.id = variant.product_id
    join product_sales_channel link on link.product_id = product.id and link.deleted_at is null
      and link.sales_channel_id = ${demo().channels.web.sales_channel_id}
    where variant.deleted_at is null and product.status = 'published' and product.deleted_at is null
      and variant.id not in ${shop.database.sql(Object.values(demo().variants))}
    group by product.id order by 1 limit ${count}`
  await shop.database.sql`
    update product_variant set manage_inventory = false where id in ${shop.database.sql(rows.map((it) => it.id))}`
  return rows.map((it) => it.id)
}

const guest = async (items: { variant_id: string; quantity: number }[], more: object = {}) =>
  (await fine("POST", "/store/carts", { region_id: demo().regions.es, items, ...more })).cart
const logIn = (cart: string, { headers }: Customer) => fine("POST", `/store/carts/${cart}/customer`, undefined, headers)
const mine = async ({ headers }: Customer, query = "") =>
  (await fine("GET", `/store/customers/me/cart${query}`, undefined, headers)).cart
const quantities = ({ items }: Cart) => Object.fromEntries(items.map((it) => [it.variant_id, it.quantity]))
const open = async (customer: Customer) =>
  (
    await shop.database.sql<{ cart_id: string }[]>`
      select cart_id from mostrador.cart_owner where customer_id = ${customer.id} and is_open`
  ).map((it) => it.cart_id)

describe("a customer has one open cart", () => {
  it("which is made when he asks for it, and is the same on every device", async () => {
    const customer = await newCustomer()
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => mine(customer)))
    for (const it of others) expect(it.id).toBe(first?.id)
    expect(await open(customer)).toEqual([first?.id])
    expect(first).toMatchObject({ customer_id: customer.id, email: customer.email })
  })

  it("in the region that is named when it is made", async () => {
    const customer = await newCustomer()
    const { mx } = demo().regions as unknown as { mx?: string }
    const [region] = Object.values(demo().regions).filter((it) => it !== demo().regions.es)
    expect((await mine(customer, `?region_id=${mx ?? region}`)).region_id).toBe(mx ?? region)
    expect((await mine(customer, `?region_id=${demo().regions.es}`)).region_id).toBe(mx ?? region)
  })

  it("and is told to nobody who has not logged in; an unknown region is refused", async () => {
    expect((await send("GET", "/store/customers/me/cart")).status).toBe(401)
    const { headers } = await newCustomer()
    expect((await send("GET", "/store/customers/me/cart?region_id=reg_none", undefined, headers)).status).toBe(404)
    expect((await send("GET", "/store/customers/me/cart?colour=red", undefined, headers)).status).toBe(400)
  })

  it("so that who begins another gets the one that he has, with what he wants put in", async () => {
    const customer = await newCustomer()
    const items = [{ variant_id: unmanaged(), quantity: 2 }]
    const first = await fine("POST", "/store/carts", { region_id: demo().regions.es, items }, customer.headers)
    expect(first.merge).toBeUndefined()
    const second = await fine(
      "POST",
      "/store/carts",
      { items: [...items, { variant_id: "variant_none", quantity: 1 }] },
      customer.headers,
    )
    expect(second.cart.id).toBe(first.cart.id)
    expect(quantities(second.cart)).toEqual({ [unmanaged()]: 4 })
    expect(second.merge).toEqual({
      policy: "sum",
      from: null,
      dropped: [
        { type: "line", variant_id: "variant_none", title: "variant_none", quantity: 1, reason: "unavailable" },
      ],
    })
    const third = await fine("POST", "/store/carts", {}, customer.headers)
    expect(quantities(third.cart)).toEqual({ [unmanaged()]: 4 })
  })

  it("until it is an order: then there is place for the next", async () => {
    const customer = await newCustomer()
    const { id } = await mine(customer)
    await shop.database.sql`update cart set completed_at = now() where id = ${id}`
    const next = await mine(customer)
    expect(next.id).not.toBe(id)
    // The old one is still his, and nobody else's.
    expect((await send("GET", `/store/carts/${id}`, undefined, customer.headers)).status).toBe(200)
    expect((await send("GET", `/store/carts/${id}`)).status).toBe(404)
  })
})

describe("when a guest's cart meets the customer's", () => {
  it("all that is in both is in the one that he presents, and the other's id leads there", async () => {
    const customer = await newCustomer()
    const [a = "", b = "", c = ""] = await variants(3)
    const old = await guest([
      { variant_id: a, quantity: 1 },
      { variant_id: b, quantity: 2 },
    ])
    await logIn(old.id, customer)
    const fresh = await guest([
      { variant_id: b, quantity: 3 },
      { variant_id: c, quantity: 4 },
    ])
    const { cart, merge } = await logIn(fresh.id, customer)
    expect(cart.id).toBe(fresh.id)
    expect(quantities(cart)).toEqual({ [a]: 1, [b]: 5, [c]: 4 })
    expect(merge).toEqual({ policy: "sum", from: old.id, dropped: [] })
    expect(await open(customer)).toEqual([fresh.id])
    expect(cart).toMatchObject({ customer_id: customer.id, email: customer.email })
    // The device that slept through it goes on under the old id, and sees the same cart.
    const added = await fine(
      "POST",
      `/store/carts/${old.id}/line-items`,
      { variant_id: a, quantity: 1 },
      customer.headers,
    )
    expect(added.cart.id).toBe(fresh.id)
    expect(quantities(added.cart)).toEqual({ [a]: 2, [b]: 5, [c]: 4 })
    const line = added.cart.items.find((it) => it.variant_id === c)?.id
    const answers = [
      await send("GET", `/store/carts/${old.id}`, undefined, customer.headers),
      await send("GET", `/store/carts/${old.id}?fields=id,*items`, undefined, customer.headers),
      await send("POST", `/store/carts/${old.id}`, { metadata: { from: "old" } }, customer.headers),
      await send("POST", `/store/carts/${old.id}/taxes`, {}, customer.headers),
      await send("POST", `/store/carts/${old.id}/promotions`, { promo_codes: [] }, customer.headers),
      await send("POST", `/store/carts/${old.id}/line-items/${line}`, { quantity: 1 }, customer.headers),
      await send("POST", `/store/carts/${old.id}/customer`, undefined, customer.headers),
    ]
    for (const { status, text, body } of answers) {
      expect([status, status < 400 ? (body as { cart: Cart }).cart.id : text]).toEqual([200, fresh.id])
    }
    const options = await send("GET", `/store/shipping-options?cart_id=${old.id}`, undefined, customer.headers)
    expect(options.status).toBe(200)
    const paid = await send("POST", "/store/payment-collections", { cart_id: old.id }, customer.headers)
    expect(paid.status).toBe(200)
    const deleted = await send("DELETE", `/store/carts/${old.id}/line-items/${line}`, undefined, customer.headers)
    expect((deleted.body as { parent: Cart }).parent.id).toBe(fresh.id)
  })

  it("the device that slept through it goes on with the lines that it knows, also after another merge", async () => {
    const customer = await newCustomer()
    const [both = "", alone = ""] = await variants(2)
    const old = await guest([
      { variant_id: both, quantity: 1 },
      { variant_id: alone, quantity: 1 },
    ])
    await logIn(old.id, customer)
    const lineOf = (variant: string) => old.items.find((it) => it.variant_id === variant)?.id ?? ""
    const onLine = (method: string, variant: string, body?: object) =>
      fine(method, `/store/carts/${old.id}/line-items/${lineOf(variant)}`, body, customer.headers)
    for (const quantity of [3, 4]) {
      const fresh = await guest([{ variant_id: both, quantity: 2 }])
      await logIn(fresh.id, customer)
      // The line is one with the other's, or is in the other cart now: it is the only one of its kind in any case.
      expect(quantities((await onLine("POST", both, { quantity })).cart)).toEqual({
        [both]: quantity,
        [alone]: quantity - 2,
      })
      const { cart } = await onLine("POST", alone, { quantity: quantity - 1 })
      expect([cart.id, quantities(cart)]).toEqual([fresh.id, { [both]: quantity, [alone]: quantity - 1 }])
    }
    const etag = (await send("GET", `/store/carts/${old.id}`, undefined, customer.headers)).headers.get("etag")
    const base_version = Number(etag?.replaceAll('"', ""))
    const operations = [{ id: randomUUID(), base_version, type: "remove_line", line_id: lineOf(alone) }]
    const done = await fine("POST", `/store/carts/${old.id}/operations`, { operations }, customer.headers)
    expect(quantities(done.cart)).toEqual({ [both]: 4 })
    const removed = await send(
      "DELETE",
      `/store/carts/${old.id}/line-items/${lineOf(both)}`,
      undefined,
      customer.headers,
    )
    expect(removed.body).toMatchObject({ id: lineOf(both), deleted: true, parent: { items: [] } })
    const gone = await send(
      "POST",
      `/store/carts/${old.id}/line-items/${lineOf(both)}`,
      { quantity: 1 },
      customer.headers,
    )
    expect(gone.status).toBe(404)
  })

  it("a line that was put into another cart is no line of a third", async () => {
    const customer = await newCustomer()
    const old = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    await logIn(old.id, customer)
    await logIn((await guest([])).id, customer)
    const { id } = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    const asked = await send("POST", `/store/carts/${id}/line-items/${old.items[0]?.id}`, { quantity: 5 })
    expect(asked.status).toBe(404)
    expect(quantities(await mine(customer))).toEqual({ [unmanaged()]: 1 })
  })

  it("an alias of an alias leads to the last of them", async () => {
    const customer = await newCustomer()
    const ids: string[] = []
    for (let i = 0; i < 4; i++) {
      const { id } = await guest([{ variant_id: unmanaged(), quantity: 1 }])
      await logIn(id, customer)
      ids.push(id)
    }
    for (const id of ids) {
      const { cart } = await fine("GET", `/store/carts/${id}`, undefined, customer.headers)
      expect([cart.id, quantities(cart)]).toEqual([ids[3], { [unmanaged()]: 4 }])
    }
  })

  it("a version that the other cart has had is none of this one's: who means it is told of the change", async () => {
    const customer = await newCustomer()
    const old = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    await logIn(old.id, customer)
    for (let i = 0; i < 5; i++) await fine("POST", `/store/carts/${old.id}`, { metadata: { i } }, customer.headers)
    const seen = (await send("GET", `/store/carts/${old.id}`, undefined, customer.headers)).headers.get("etag") ?? ""
    const fresh = await guest([])
    await logIn(fresh.id, customer)
    const change = (etag: string) =>
      send("POST", `/store/carts/${old.id}`, { metadata: { late: true } }, { ...customer.headers, "if-match": etag })
    const late = await change(seen)
    expect(late.status).toBe(412)
    expect((await change(late.headers.get("etag") ?? "")).status).toBe(200)
  })

  it("no more is taken over than there is, and what is left behind is told", async () => {
    const customer = await newCustomer()
    const { sql } = shop.database
    await sql`
      update inventory_level set reserved_quantity = 0, stocked_quantity = 0,
        raw_reserved_quantity = '{"value":"0","precision":20}', raw_stocked_quantity = '{"value":"0","precision":20}'
      where inventory_item_id in (
        select inventory_item_id from product_variant_inventory_item where variant_id = ${scarce()} and deleted_at is null)`
    await sql`
      update inventory_level set stocked_quantity = 5, raw_stocked_quantity = '{"value":"5","precision":20}'
      where id = (
        select min(level.id) from inventory_level level
        join product_variant_inventory_item link on link.inventory_item_id = level.inventory_item_id
        join sales_channel_stock_location channel on channel.stock_location_id = level.location_id and channel.deleted_at is null
        where link.variant_id = ${scarce()} and channel.sales_channel_id = ${demo().channels.web.sales_channel_id})`
    const old = await guest([{ variant_id: scarce(), quantity: 4 }])
    await logIn(old.id, customer)
    const fresh = await guest([{ variant_id: scarce(), quantity: 3 }])
    const { cart, merge } = await logIn(fresh.id, customer)
    expect(quantities(cart)).toEqual({ [scarce()]: 5 })
    expect(merge?.dropped).toEqual([
      expect.objectContaining({ type: "line", variant_id: scarce(), quantity: 2, reason: "insufficient_inventory" }),
    ])
  })

  it("what the shop sells no more is left behind, whichever of them had it; codes that still do something are kept", async () => {
    const customer = await newCustomer()
    const [a = "", b = "", c = ""] = await variants(3)
    const old = await guest([
      { variant_id: a, quantity: 1 },
      { variant_id: c, quantity: 1 },
    ])
    const { code } = demo().promotions
    await fine("POST", `/store/carts/${old.id}/promotions`, { promo_codes: [code] })
    await logIn(old.id, customer)
    const fresh = await guest([
      { variant_id: b, quantity: 1 },
      { variant_id: c, quantity: 1 },
    ])
    const { sql } = shop.database
    const products = await sql<{ id: string }[]>`
      select product_id as id from product_variant where id in ${sql([a, b])} group by 1`
    const ids = products.map((it) => it.id)
    await sql`update product set status = 'draft' where id in ${sql(ids)}`
    try {
      await untilBuilt(shop.database, 60)
      const { cart, merge } = await logIn(fresh.id, customer)
      const left = new Set(Object.keys(quantities(cart)))
      expect(left.has(a) || left.has(b)).toBe(false)
      expect(merge?.dropped.filter((it) => it.type === "line").map((it) => [it.variant_id, it.reason])).toEqual(
        expect.arrayContaining([
          [a, "unavailable"],
          [b, "unavailable"],
        ]),
      )
    } finally {
      await sql`update product set status = 'published' where id in ${sql(ids)}`
      await untilBuilt(shop.database, 60)
    }
    const again = await guest([{ variant_id: c, quantity: 1 }])
    const { cart } = await logIn(again.id, customer)
    expect(cart.promotions.map((it) => it.code)).toContain(code)
  })

  it("by the policy that the shop has chosen", async () => {
    for (const [cartMerge, expected] of [
      ["maximum", 5],
      ["keep_newest", 2],
    ] as const) {
      const counter = await openTestCounter(shop.database.url, { ...SHARED, cartMerge })
      try {
        await untilBuilt(shop.database, 60)
        const customer = await newCustomer()
        const old = await guest([{ variant_id: unmanaged(), quantity: 5 }])
        await logIn(old.id, customer)
        const fresh = await guest([{ variant_id: unmanaged(), quantity: 2 }])
        const { body } = await ask(counter.url, `/store/carts/${fresh.id}/customer`, {
          method: "POST",
          headers: { "x-publishable-api-key": demo().channels.web.publishable_key, ...customer.headers },
        })
        const { cart, merge } = body as { cart: Cart; merge: Merge }
        expect([quantities(cart), merge.policy]).toEqual([{ [unmanaged()]: expected }, cartMerge])
      } finally {
        await counter.close()
      }
    }
  })

  it("an address and what the shop has noted are kept where the new cart has none", async () => {
    const customer = await newCustomer()
    const shipping_address = { address_1: "Calle del Pez 9", city: "Madrid", country_code: "es" }
    const old = await guest([], { shipping_address, metadata: { a: 1, both: "old" } })
    await logIn(old.id, customer)
    const fresh = await guest([], { metadata: { b: 2, both: "new" } })
    const { cart } = await logIn(fresh.id, customer)
    expect(cart.shipping_address?.address_1).toBe("Calle del Pez 9")
    expect(cart.metadata).toEqual({ a: 1, b: 2, both: "new" })
  })

  it("the same is told of as one change, of the cart that stays and of the one that goes", async () => {
    const customer = await newCustomer()
    const old = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    await logIn(old.id, customer)
    const fresh = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    await logIn(fresh.id, customer)
    const events = await shop.database.sql<{ name: string; subject_id: string; data: string }[]>`
      select name, subject_id, data::text as data from mostrador.event
      where subject_id in (${old.id}, ${fresh.id}) and name like 'cart.merged%' order by position`
    const told = events.map((it) => [it.name, it.subject_id, JSON.parse(it.data).after] as const)
    expect(told.map(([name, id]) => [name, id]).sort()).toEqual([
      ["cart.merged", fresh.id],
      ["cart.merged_away", old.id],
    ])
    expect(told.find(([name]) => name === "cart.merged")?.[2]).toMatchObject({ merge: { from: old.id, dropped: [] } })
    expect(told.find(([name]) => name === "cart.merged_away")?.[2]).toEqual({ into: fresh.id })
  })

  it("a code that opened the one opens the other", async () => {
    const customer = await newCustomer()
    const old = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    await shop.database.sql`
      insert into mostrador.cart_claim (token_hash, cart_id, expires_at)
      values (${hashOfToken("token-of-a-till")}, ${old.id}, now() + interval '1 hour')`
    await logIn(old.id, customer)
    const fresh = await guest([])
    await logIn(fresh.id, customer)
    const claimed = { "x-cart-token": "token-of-a-till" }
    for (const id of [old.id, fresh.id]) {
      expect((await fine("GET", `/store/carts/${id}`, undefined, claimed)).cart.id).toBe(fresh.id)
      expect((await send("GET", `/store/carts/${id}`, undefined, { "x-cart-token": "another" })).status).toBe(404)
    }
    await shop.database.sql`update mostrador.cart_claim set expires_at = now() where cart_id = ${fresh.id}`
    expect((await send("GET", `/store/carts/${fresh.id}`, undefined, claimed)).status).toBe(404)
  })

  it("what was held for the one that goes is there for the one that stays", async () => {
    const customer = await newCustomer()
    const { sql } = shop.database
    const held = async (cart: string) => {
      const rows = await sql`select from mostrador.stock_hold where cart_id = ${cart}`
      return rows.length
    }
    const old = await guest([{ variant_id: scarce(), quantity: 1 }])
    await logIn(old.id, customer)
    const { payment_collection } = (
      await send("POST", "/store/payment-collections", { cart_id: old.id }, customer.headers)
    ).body as { payment_collection: { id: string } }
    const sessions = `/store/payment-collections/${payment_collection.id}/payment-sessions`
    expect((await send("POST", sessions, { provider_id: "pp_system_default" }, customer.headers)).status).toBe(200)
    expect(await held(old.id)).toBe(1)
    const fresh = await guest([])
    const { cart } = await logIn(fresh.id, customer)
    expect([quantities(cart), await held(old.id)]).toEqual([{ [scarce()]: 1 }, 0])
    // What was to be paid for a cart that is no more is to be paid no more.
    const late = await send("POST", sessions, { provider_id: "pp_system_default" }, customer.headers)
    expect([late.status, (late.body as { code: string }).code]).toEqual([404, "cart_merged"])
  })

  it("asked for twice under one key, it is done once", async () => {
    const customer = await newCustomer()
    const old = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    await logIn(old.id, customer)
    const fresh = await guest([{ variant_id: unmanaged(), quantity: 1 }])
    const keyed = { ...customer.headers, "idempotency-key": randomUUID() }
    const answers = [
      await send("POST", `/store/carts/${fresh.id}/customer`, undefined, keyed),
      await send("POST", `/store/carts/${fresh.id}/customer`, undefined, keyed),
    ]
    for (const { status, body } of answers) {
      expect([status, quantities((body as { cart: Cart }).cart)]).toEqual([200, { [unmanaged()]: 2 }])
    }
    expect(answers[1]?.headers.get("idempotency-replayed")).toBe("true")
  })
})

describe("a customer's cart answers to nobody else", () => {
  it("whatever is asked of it, by whomever", async () => {
    const owner = await newCustomer()
    const stranger = await newCustomer()
    const { id } = await mine(owner)
    const { cart } = await fine(
      "POST",
      `/store/carts/${id}/line-items`,
      { variant_id: unmanaged(), quantity: 1 },
      owner.headers,
    )
    const line = cart.items[0]?.id
    const requests: [string, string, object?][] = [
      ["GET", `/store/carts/${id}`],
      ["GET", `/store/carts/${id}?fields=id`],
      ["POST", `/store/carts/${id}`, { email: "someone@example.com" }],
      ["POST", `/store/carts/${id}/line-items`, { variant_id: unmanaged(), quantity: 1 }],
      ["POST", `/store/carts/${id}/line-items/${line}`, { quantity: 2 }],
      ["DELETE", `/store/carts/${id}/line-items/${line}`],
      ["POST", `/store/carts/${id}/promotions`, { promo_codes: [] }],
      ["DELETE", `/store/carts/${id}/promotions`, { promo_codes: [] }],
      ["POST", `/store/carts/${id}/shipping-methods`, { option_id: "so_none" }],
      ["POST", `/store/carts/${id}/taxes`, {}],
      ["POST", `/store/carts/${id}/complete`],
      ["GET", `/store/shipping-options?cart_id=${id}`],
      ["POST", "/store/payment-collections", { cart_id: id }],
      // What no lane answers is asked about here, too, before Medusa gets it (and there is none).
      ["GET", `/store/carts/${id}?fields=payment_collection.payment_providers`],
      ["POST", `/store/carts/${id}/gift-cards`, { code: "x" }],
      ["POST", `/store/shipping-options/so_x/calculate`, { cart_id: id }],
      ["GET", `/store/shipping-options?cart_id=${id}&order=id`],
    ]
    for (const headers of [{}, stranger.headers, { "x-cart-token": "guessed" }, { authorization: "Bearer forged" }]) {
      for (const [method, path, body] of requests) {
        const { status, body: answer } = await send(method, path, body, headers)
        expect([method, path, status, (answer as { type: string }).type]).toEqual([method, path, 404, "not_found"])
      }
    }
    const seized = await send("POST", `/store/carts/${id}/customer`, undefined, stranger.headers)
    expect(seized.status).toBe(404)
    expect(quantities(await mine(owner))).toEqual({ [unmanaged()]: 1 })
    // A payment collection is found by an id of its own.
    const { payment_collection } = (await send("POST", "/store/payment-collections", { cart_id: id }, owner.headers))
      .body as { payment_collection: { id: string } }
    const sessions = `/store/payment-collections/${payment_collection.id}/payment-sessions`
    for (const headers of [{}, stranger.headers]) {
      expect((await send("POST", sessions, { provider_id: "pp_system_default" }, headers)).status).toBe(404)
    }
  })

  it("nor does one that Medusa alone has made for him, of before the counter ran, say", async () => {
    const owner = await newCustomer()
    const { id } = await guest([{ variant_id: unmanaged(), quantity: 3 }])
    await shop.database.sql`update cart set customer_id = ${owner.id} where id = ${id}`
    const { headers: strangers } = await newCustomer()
    for (const headers of [{}, strangers]) {
      for (const [method, path, body] of [
        ["GET", `/store/carts/${id}`],
        ["GET", `/store/carts/${id}/history`],
        ["GET", `/store/shipping-options?cart_id=${id}`],
        ["POST", `/store/carts/${id}`, { email: "vega@example.com" }],
        ["POST", `/store/carts/${id}/handoff`, { to: "device" }],
        ["POST", `/store/carts/${id}/stream-ticket`],
      ] as const) {
        expect([method, path, (await send(method, path, body, headers)).status]).toEqual([method, path, 404])
      }
    }
    const seized = await send("POST", `/store/carts/${id}/customer`, undefined, strangers)
    expect(seized.status).toBe(404)
    // He goes on with it, and it becomes his open one when he comes with it.
    expect((await send("GET", `/store/carts/${id}`, undefined, owner.headers)).status).toBe(200)
    await logIn(id, owner)
    expect(quantities(await mine(owner))).toEqual({ [unmanaged()]: 3 })
  })

  it("nor does an alias of it", async () => {
    const owner = await newCustomer()
    const old = await guest([])
    await logIn(old.id, owner)
    const fresh = await guest([])
    await logIn(fresh.id, owner)
    const { headers } = await newCustomer()
    for (const it of [{}, headers]) {
      expect((await send("GET", `/store/carts/${old.id}`, undefined, it)).status).toBe(404)
      expect((await send("POST", `/store/carts/${old.id}/customer`, undefined, { ...headers, ...it })).status).toBe(404)
    }
  })

  it("two guests with one address never meet in one cart, nor does a customer whose address it is", async () => {
    const customer = await newCustomer()
    const [a, b] = [
      await guest([{ variant_id: unmanaged(), quantity: 1 }], { email: customer.email }),
      await guest([{ variant_id: unmanaged(), quantity: 2 }], { email: customer.email }),
    ]
    expect(a.id).not.toBe(b.id)
    for (const [cart, quantity] of [
      [a, 1],
      [b, 2],
    ] as const) {
      expect(quantities((await fine("GET", `/store/carts/${cart.id}`)).cart)).toEqual({ [unmanaged()]: quantity })
    }
    expect((await mine(customer)).items).toEqual([])
  })

  it("who types the address of an account is a guest, and gets nothing that is the account's", async () => {
    const customer = await newCustomer()
    await shop.database.sql`
      update customer set first_name = 'Vega', phone = '+34600100299', metadata = '{"loyalty_code": "CLUB-7"}'
      where id = ${customer.id}`
    const typed = [
      await guest([], { email: customer.email }),
      (await fine("POST", `/store/carts/${(await guest([])).id}`, { email: customer.email.toUpperCase() })).cart,
    ]
    for (const { id } of typed) {
      const { cart } = await fine("GET", `/store/carts/${id}?fields=email,*customer`)
      expect(cart).toMatchObject({ email: customer.email, customer: { email: customer.email, has_account: false } })
      expect(JSON.stringify(cart)).not.toMatch(/Vega|34600100299|CLUB-7/)
      expect(JSON.stringify(cart)).not.toContain(`"${customer.id}"`)
    }
    // It is one guest, who may come again.
    const guests = await shop.database.sql`select from customer where email = ${customer.email} and not has_account`
    expect(guests).toHaveLength(1)
    expect((await logIn(typed[0]?.id ?? "", customer)).cart).toMatchObject({ customer_id: customer.id })
  })

  it("unless the shop keeps Medusa's habit", async () => {
    const counter = await openTestCounter(shop.database.url, { ...SHARED, cartAccess: "id" })
    try {
      const owner = await newCustomer()
      const { id } = await mine(owner)
      const key = { "x-publishable-api-key": demo().channels.web.publishable_key }
      expect((await ask(counter.url, `/store/carts/${id}`, { headers: key })).status).toBe(200)
      const headers = { ...key, "content-type": "application/json" }
      const body = JSON.stringify({ region_id: demo().regions.es, email: owner.email })
      const made = await ask(counter.url, "/store/carts", { method: "POST", headers, body })
      expect(made.body).toMatchObject({ cart: { customer_id: owner.id } })
    } finally {
      await counter.close()
    }
  })
})

describe("five devices that log in at once, each with a guest's cart", () => {
  it.each(Array.from({ length: TIMES }, (_, i) => i + 1))("end in one cart with everything in it (%i)", async () => {
    const customer = await newCustomer()
    const ids = await variants(5)
    const carts = await Promise.all(ids.map((variant_id) => guest([{ variant_id, quantity: 2 }])))
    const answers = await Promise.all(carts.map(({ id }) => logIn(id, customer)))
    expect(answers).toHaveLength(5)
    const [survivor, ...more] = await open(customer)
    expect(more).toEqual([])
    const cart = await mine(customer)
    expect(cart.id).toBe(survivor)
    expect(quantities(cart)).toEqual(Object.fromEntries(ids.map((id) => [id, 2])))
    for (const { id } of carts) {
      expect((await fine("GET", `/store/carts/${id}`, undefined, customer.headers)).cart.id).toBe(survivor)
    }
  })
}, 120_000)

describe("however the address of a request is written", () => {
  /** As it is sent, to the byte: `fetch` would tidy it. */
  const raw = (method: string, target: string, headers: Record<string, string> = {}, body = "") =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(shop.counter.url)
      const key = { "x-publishable-api-key": demo().channels.web.publishable_key }
      const length = body ? { "content-type": "application/json", "content-length": String(body.length) } : {}
      const asking = request({ hostname, port, method, path: target, headers: { ...key, ...length, ...headers } })
      asking.on("response", (answer) => {
        answer.resume()
        answer.on("end", () => resolve(answer.statusCode ?? 0))
      })
      asking.on("error", reject)
      asking.end(body)
    })

  it("a customer's cart is to others as if it did not exist", async () => {
    const owner = await newCustomer()
    const { id } = await mine(owner)
    const passedOn = { "x-medusa-locale": "es-ES" }
    for (const target of [`http://localhost/store/carts/${id}`, `/store/carts/${id}#x`]) {
      expect([target, await raw("GET", target)]).toEqual([target, 404])
      expect([target, await raw("GET", target, passedOn)]).toEqual([target, 404])
      expect([target, await raw("POST", target, passedOn, "{}")]).toEqual([target, 404])
      expect([target, await raw("GET", target, owner.headers)]).toEqual([target, 200])
    }
    const options = `/store/shipping-options?cart%5Fid=${id}`
    expect(await raw("GET", options, passedOn)).toBe(404)
    const twice = `/store/shipping-options?cart_id=none&cart_id=${id}`
    expect(await raw("GET", twice, passedOn)).toBe(404)
  })

  it("and who was let in by a code does not become its customer", async () => {
    const owner = await newCustomer()
    const { id } = await mine(owner)
    await shop.database.sql`
      insert into mostrador.cart_claim (token_hash, cart_id, expires_at)
      values (${hashOfToken("token-of-a-friend")}, ${id}, now() + interval '1 hour')`
    const { headers } = await newCustomer()
    const claimed = { ...headers, "x-cart-token": "token-of-a-friend" }
    const taken = await send("POST", `/store/carts/${id}/customer`, undefined, claimed)
    expect([taken.status, (taken.body as { code?: string }).code]).toEqual([400, "cart_is_anothers"])
    expect((await mine(owner)).id).toBe(id)
  })
})
