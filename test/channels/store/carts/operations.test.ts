import { randomUUID } from "node:crypto"
import fc from "fast-check"
import { sign } from "hono/jwt"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { pruneSomeOperations } from "../../../../src/commerce/carts/index.ts"
import { type Config, loadConfig } from "../../../../src/config.ts"
import type { OpenCounter } from "../../../../src/server.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { type Answer, ask, until } from "../../../support/http.ts"

/** How many sets of operations of three devices are generated: 12, or `OPERATION_RUNS`. */
const RUNS = Number(process.env.OPERATION_RUNS ?? 12)

// No Medusa is there: what a lane does not do itself fails.
const SHARED: Partial<Config> = { cartMerge: "sum", cartAccess: "owner" }
const shop = counterForFile(SHARED)
/** What one process arranges among its requests, two have to leave to the database. */
let other: OpenCounter
/** Of as many products, of which nobody counts the units. */
let variants: string[]
beforeAll(async () => {
  const { sql } = shop.database
  const rows = await sql<{ id: string }[]>`
    select min(variant.id) as id from product_variant variant join product on product.id = variant.product_id
    join product_sales_channel link on link.product_id = product.id and link.deleted_at is null
      and link.sales_channel_id = ${demo().channels.web.sales_channel_id}
    where variant.deleted_at is null and product.status = 'published' and product.deleted_at is null
      and variant.id not in ${sql(Object.values(demo().variants))}
    group by product.id order by 1 limit 3`
  variants = rows.map((it) => it.id)
  await sql`update product_variant set manage_inventory = false where id in ${sql(variants)}`
  other = await openTestCounter(shop.database.url, SHARED)
  await untilBuilt(shop.database, 60)
})
afterAll(async () => await other?.close())

interface Line {
  id: string
  variant_id: string
  quantity: number
  metadata: object | null
}
interface Cart {
  id: string
  email: string | null
  items: Line[]
  metadata: Record<string, unknown> | null
  promotions: { code: string }[]
  shipping_address: { address_1: string | null } | null
  discount_total: number
}
interface Result {
  id: string
  outcome: string
  reason?: string
  line_id?: string
  quantity?: number
  version: number
  replayed?: true
  order_id?: string
}
type Op = Record<string, unknown> & { id: string }

let asked = 0
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(asked++ % 2 ? shop.counter.url : other.url, path, {
    method,
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  })
async function fine(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await send(method, path, body, headers)
  expect([path, answer.status, answer.status < 400 ? "" : answer.text]).toEqual([path, 200, ""])
  return answer.body as { cart: Cart; results: Result[]; version: number }
}
const versionOf = ({ headers }: Answer) => Number(headers.get("etag")?.match(/^"(\d+)"$/)?.[1])
const operations = (id: string, device: string, list: unknown[], headers: Record<string, string> = {}) =>
  send("POST", `/store/carts/${id}/operations`, { operations: list }, { "x-device-id": device, ...headers })
async function applied(id: string, device: string, list: unknown[], headers: Record<string, string> = {}) {
  const answer = await operations(id, device, list, headers)
  expect([answer.status, answer.status < 400 ? "" : answer.text]).toEqual([200, ""])
  return answer.body as { cart: Cart; results: Result[]; version: number }
}
const read = async (id: string, headers = {}) => send("GET", `/store/carts/${id}`, undefined, headers)
const cartOf = ({ body }: Answer) => (body as { cart: Cart }).cart
const quantities = ({ items }: Cart) => Object.fromEntries(items.map((it) => [it.variant_id, it.quantity]))
const said = (results: Result[]) => results.map(({ outcome, reason }) => (reason ? `${outcome} ${reason}` : outcome))
const messageOf = ({ body }: Answer) => (body as { message: string }).message
const codeOf = ({ body }: Answer) => (body as { code?: string }).code
const op = (type: string, base_version: number, more: object = {}): Op => ({
  id: randomUUID(),
  type,
  base_version,
  ...more,
})
const variant = (at: number) => variants[at] ?? ""

const SECRET = loadConfig({}).jwtSecret
async function customer() {
  const id = `cus_${randomUUID()}`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${`${id}@example.com`}, true)`
  const exp = Math.floor(Date.now() / 1000) + 3600
  return { authorization: `Bearer ${await sign({ exp, actor_type: "customer", actor_id: id }, SECRET, "HS256")}` }
}

/** A cart in version 1, with a line of each of these. */
async function newCart(...items: [variant: string, quantity: number][]): Promise<Cart> {
  const lines = items.map(([variant_id, quantity]) => ({ variant_id, quantity }))
  return (await fine("POST", "/store/carts", { region_id: demo().regions.es, items: lines })).cart
}
const lineOf = (cart: Cart, variant_id: string) => cart.items.find((it) => it.variant_id === variant_id)?.id ?? ""

let cart: Cart
beforeEach(async () => {
  cart = await newCart([variant(0), 2])
})

describe("what a device has done offline", () => {
  it("is applied in its order, each with a version and an event of its own, told with the device", async () => {
    const made = op("add_line", 1, { variant_id: variant(1), quantity: 2, done_at: "2026-11-20T10:00:00+01:00" })
    const list = [
      made,
      op("set_quantity", 1, { line: { operation_id: made.id }, quantity: 5 }),
      op("remove_line", 1, { line_id: lineOf(cart, variant(0)) }),
      op("update_cart", 1, { email: "ana@example.com", metadata: { gift: true } }),
    ]
    const { results, version, cart: after } = await applied(cart.id, "phone", list)
    expect(said(results)).toEqual(["applied", "applied", "applied", "applied"])
    expect(results.map((it) => it.version)).toEqual([2, 3, 4, 5])
    expect([version, quantities(after), after.email, after.metadata]).toEqual([
      ...[5, { [variant(1)]: 5 }, "ana@example.com", { gift: true }],
    ])
    expect(results[1]?.line_id).toBe(lineOf(after, variant(1)))
    const now = await read(cart.id)
    expect([versionOf(now), quantities(cartOf(now))]).toEqual([5, { [variant(1)]: 5 }])
    const events = await shop.database.sql<{ name: string; version: string; device: string; data: string }[]>`
      select name, version::text as version, device, data::text as data from mostrador.event
      where subject_id = ${cart.id} and version > 1 order by position`
    expect(events.map((it) => [it.name, it.version, it.device])).toEqual([
      ["cart.line_added", "2", "phone"],
      ["cart.line_updated", "3", "phone"],
      ["cart.line_removed", "4", "phone"],
      ["cart.updated", "5", "phone"],
    ])
    const told = events.map((it) => JSON.parse(it.data).after as { operation: object; items?: Line[] })
    expect(told[0]?.operation).toEqual({ id: made.id, done_at: "2026-11-20T10:00:00+01:00" })
    expect(told[0]?.items?.map((it) => [it.variant_id, it.quantity])).toEqual([[variant(1), 2]])
    expect(told[1]?.items?.map((it) => it.quantity)).toEqual([5])
  })

  it("is applied once, however often and in whatever parts it is sent", async () => {
    const list = [1, 2, 3].map((quantity) => op("add_line", 1, { variant_id: variant(1), quantity }))
    const first = await applied(cart.id, "phone", list.slice(0, 2))
    const again = await applied(cart.id, "phone", list)
    expect(again.results.slice(0, 2)).toEqual(first.results.map((it) => ({ ...it, replayed: true })))
    expect(again.results[2]?.replayed).toBeUndefined()
    const answers = await Promise.all(Array.from({ length: 6 }, () => applied(cart.id, "phone", list)))
    for (const { results, version } of answers) {
      expect([version, results.every((it) => it.replayed)]).toEqual([4, true])
    }
    expect(quantities(cartOf(await read(cart.id)))).toEqual({ [variant(0)]: 2, [variant(1)]: 6 })
  })

  it("sent by many at once the first time is applied once", async () => {
    const list = [1, 2].map((quantity) => op("add_line", 1, { variant_id: variant(1), quantity }))
    await Promise.all(Array.from({ length: 8 }, () => applied(cart.id, "phone", list)))
    const now = await read(cart.id)
    expect([versionOf(now), quantities(cartOf(now))]).toEqual([3, { [variant(0)]: 2, [variant(1)]: 3 }])
  })

  it("takes an Idempotency-Key and If-Match as every change does", async () => {
    const list = [op("add_line", 1, { variant_id: variant(1), quantity: 1 })]
    const late = await operations(cart.id, "phone", list, { "if-match": '"7"' })
    expect([late.status, codeOf(late)]).toEqual([412, "version_conflict"])
    const keyed = { "idempotency-key": randomUUID(), "if-match": '"1"' }
    const first = await operations(cart.id, "phone", list, keyed)
    const again = await operations(cart.id, "phone", list, keyed)
    expect([first.status, versionOf(first), again.text]).toEqual([200, 2, first.text])
    expect(again.headers.get("idempotency-replayed")).toBe("true")
  })

  it("one that cannot be is answered with the reason, and the rest is applied", async () => {
    const before = op("add_line", 1, { variant_id: "variant_none", quantity: 1 })
    const list = [
      before,
      op("set_quantity", 1, { line: { operation_id: before.id }, quantity: 2 }),
      op("set_quantity", 1, { line: { operation_id: randomUUID() }, quantity: 2 }),
      op("remove_line", 1, { line_id: "cali_none" }),
      op("add_promotion", 1, { code: "NO-SUCH-CODE" }),
      op("update_cart", 1, { shipping_address: { country_code: "jp" } }),
      op("add_line", 1, { variant_id: variant(1), quantity: 3 }),
      op("add_line", 9, { variant_id: variant(1), quantity: 3 }),
    ]
    const { results, version, cart: after } = await applied(cart.id, "phone", list)
    expect(said(results)).toEqual([
      ...["rejected unavailable", "rejected operation_rejected", "rejected unknown_operation", "rejected unknown_line"],
      ...["rejected unknown_promotion", "rejected refused", "applied", "rejected version_unknown"],
    ])
    expect([version, quantities(after)]).toEqual([2, { [variant(0)]: 2, [variant(1)]: 3 }])
    // What was refused has left nothing behind.
    expect(after.shipping_address?.address_1 ?? null).toBeNull()
    const again = await applied(cart.id, "phone", list)
    expect(said(again.results)).toEqual(said(results))
  })
})

describe("when others have changed the cart meanwhile", () => {
  const online = (line: string, quantity: number) =>
    fine("POST", `/store/carts/${cart.id}/line-items/${line}`, { quantity })

  it("what was said counts also where it changes nothing", async () => {
    const line = lineOf(cart, variant(0))
    const same = await applied(cart.id, "b", [op("set_quantity", 1, { line_id: line, quantity: 2 })])
    expect([said(same.results), same.version]).toEqual([["applied"], 2])
    const { results, cart: after } = await applied(cart.id, "a", [
      op("set_quantity", 1, { line_id: line, quantity: 9 }),
    ])
    expect([said(results), quantities(after)]).toEqual([["rejected newer_change"], { [variant(0)]: 2 }])
  })

  it("additions are added", async () => {
    await fine("POST", `/store/carts/${cart.id}/line-items`, { variant_id: variant(0), quantity: 3 })
    const { results, cart: after } = await applied(cart.id, "phone", [
      op("add_line", 1, { variant_id: variant(0), quantity: 4 }),
    ])
    expect([said(results), quantities(after)]).toEqual([["merged"], { [variant(0)]: 9 }])
  })

  it("a quantity that was said before another was counts no more; one that was said afterwards does", async () => {
    const line = lineOf(cart, variant(0))
    await online(line, 7)
    const old = await applied(cart.id, "phone", [op("set_quantity", 1, { line_id: line, quantity: 3 })])
    expect([said(old.results), old.results[0]?.quantity]).toEqual([["rejected newer_change"], 7])
    const seen = await applied(cart.id, "phone", [op("set_quantity", 2, { line_id: line, quantity: 3 })])
    expect([said(seen.results), quantities(seen.cart)]).toEqual([["applied"], { [variant(0)]: 3 }])
  })

  it("what others have added beside it stays, when a quantity is said that they had not seen", async () => {
    const line = lineOf(cart, variant(0))
    await fine("POST", `/store/carts/${cart.id}/line-items`, { variant_id: variant(0), quantity: 3 })
    const { results, cart: after } = await applied(cart.id, "phone", [
      op("set_quantity", 1, { line_id: line, quantity: 5 }),
    ])
    expect([said(results), quantities(after)]).toEqual([["merged"], { [variant(0)]: 8 }])
  })

  it("a removal wins over quantities that were said without knowing of it, and leaves what was added", async () => {
    const line = lineOf(cart, variant(0))
    await online(line, 7)
    await fine("POST", `/store/carts/${cart.id}/line-items`, { variant_id: variant(0), quantity: 3 })
    const removed = await applied(cart.id, "phone", [op("remove_line", 1, { line_id: line })])
    expect([said(removed.results), quantities(removed.cart)]).toEqual([["merged"], { [variant(0)]: 3 }])
    const late = await applied(cart.id, "tablet", [op("set_quantity", 3, { line_id: line, quantity: 9 })])
    expect([said(late.results), late.results[0]?.quantity]).toEqual([["rejected line_removed"], 3])
    await fine("DELETE", `/store/carts/${cart.id}/line-items/${line}`)
    const gone = await applied(cart.id, "tablet", [
      op("set_quantity", 3, { line_id: line, quantity: 9 }),
      op("remove_line", 3, { line_id: line }),
    ])
    expect(said(gone.results)).toEqual(["rejected line_removed", "merged line_removed"])
    expect(gone.cart.items).toEqual([])
  })

  it("fields of the cart that were changed since stay as they are, the others are changed", async () => {
    await fine("POST", `/store/carts/${cart.id}`, { metadata: { note: "online" } })
    const { results, cart: after } = await applied(cart.id, "phone", [
      op("update_cart", 1, { metadata: { note: "old", gift: "yes" } }),
      op("update_cart", 1, { metadata: { note: "old" } }),
      op("update_cart", 2, { metadata: { note: "new" } }),
    ])
    expect(said(results)).toEqual(["merged newer_change", "rejected newer_change", "applied"])
    expect(after.metadata).toEqual({ note: "new", gift: "yes" })
  })

  it("a code that has nothing to do yet does it when there is something", async () => {
    const empty = await newCart()
    const { code } = demo().promotions
    const first = await applied(empty.id, "phone", [op("add_promotion", 1, { code })])
    expect([said(first.results), first.version]).toEqual([["merged not_applicable"], 1])
    const { cart: after } = await applied(empty.id, "tablet", [
      op("add_line", 1, { variant_id: variant(0), quantity: 1 }),
      op("update_cart", 1, { metadata: { a: 1 } }),
    ])
    expect(after.promotions.map((it) => it.code)).toContain(code)
    expect(after.discount_total).toBeGreaterThan(0)
    const { cart: last } = await applied(empty.id, "phone", [op("remove_promotion", 1, { code })])
    expect(last.promotions.map((it) => it.code)).not.toContain(code)
  })
})

it("no more is added than there is, and how many could be had is told", async () => {
  const { scarce } = demo().variants
  const { sql } = shop.database
  await sql`
    update inventory_level set reserved_quantity = 0, raw_reserved_quantity = '{"value":"0","precision":20}',
      stocked_quantity = case when inventory_level.id = chosen.id then 5 else 0 end,
      raw_stocked_quantity = case when inventory_level.id = chosen.id then '{"value":"5","precision":20}'::jsonb
        else '{"value":"0","precision":20}' end
    from (
      select level.inventory_item_id as item, min(level.id) as id from inventory_level level
      join product_variant_inventory_item link on link.inventory_item_id = level.inventory_item_id
      join sales_channel_stock_location channel on channel.stock_location_id = level.location_id
        and channel.deleted_at is null and channel.sales_channel_id = ${demo().channels.web.sales_channel_id}
      where link.variant_id = ${scarce} and level.deleted_at is null group by 1) chosen
    where inventory_item_id = chosen.item`
  const three = op("add_line", 1, { variant_id: scarce, quantity: 3 })
  const first = await applied(cart.id, "phone", [three])
  expect([said(first.results), first.results[0]?.quantity]).toEqual([["applied"], 3])
  const second = await applied(cart.id, "tablet", [op("add_line", 1, { variant_id: scarce, quantity: 4 })])
  expect([said(second.results), second.results[0]?.quantity]).toEqual([["merged insufficient_inventory"], 2])
  const none = await applied(cart.id, "watch", [op("add_line", 1, { variant_id: scarce, quantity: 4 })])
  expect([said(none.results), none.results[0]?.quantity, none.version]).toEqual([
    ["merged insufficient_inventory"],
    0,
    4,
  ])
  // What the one gives back, the other gets.
  const less = await applied(cart.id, "phone", [op("remove_line", 1, { line: { operation_id: three.id } })])
  expect(quantities(less.cart)[scarce]).toBe(5)
})

describe("a device that slept through a merge", () => {
  it("goes on by the old ids of cart and lines; what came from the other cart stays beside", async () => {
    const headers = await customer()
    const old = await newCart([variant(0), 2], [variant(1), 1])
    await fine("POST", `/store/carts/${old.id}/customer`, undefined, headers)
    const before = op("add_line", 2, { variant_id: variant(0), quantity: 1 })
    expect(quantities((await applied(old.id, "phone", [before], headers)).cart)[variant(0)]).toBe(3)
    const fresh = await newCart([variant(0), 4])
    const { cart: both } = await fine("POST", `/store/carts/${fresh.id}/customer`, undefined, headers)
    expect(quantities(both)).toEqual({ [variant(0)]: 7, [variant(1)]: 1 })
    const { results, cart: after } = await applied(
      old.id,
      "phone",
      [
        before,
        op("set_quantity", 3, { line_id: lineOf(old, variant(0)), quantity: 5 }),
        op("remove_line", 3, { line_id: lineOf(old, variant(1)) }),
        op("add_line", 3, { variant_id: variant(2), quantity: 1 }),
      ],
      headers,
    )
    expect(said(results)).toEqual(["applied", "merged", "applied", "applied"])
    expect(results[0]?.replayed).toBe(true)
    expect([after.id, quantities(after)]).toEqual([fresh.id, { [variant(0)]: 9, [variant(2)]: 1 }])
    expect(results[1]?.line_id).toBe(lineOf(after, variant(0)))
  })
})

describe("what is wrong is refused as a whole, says which, and changes nothing", () => {
  const nothing = async () => expect(versionOf(await read(cart.id))).toBe(1)
  const good = () => op("add_line", 1, { variant_id: variant(1), quantity: 1 })

  it("too many", async () => {
    const many = (count: number) => Array.from({ length: count }, () => op("remove_line", 1, { line_id: "x" }))
    for (const count of [501, 10_000]) {
      const answer = await operations(cart.id, "phone", many(count))
      expect([answer.status, codeOf(answer)]).toEqual([400, "too_many_operations"])
    }
    await nothing()
  })

  it("what is no list of operations", async () => {
    const wrong: [unknown, string][] = [
      ["{", "no JSON"],
      [{}, "operations"],
      [{ operations: [] }, "operations"],
      [{ operations: [good(), { ...good(), type: "set_price" }] }, "operations[1]"],
      [{ operations: [good(), { ...good(), id: "1" }] }, "operations[1].id"],
      [{ operations: [{ ...good(), quantity: 1.5 }] }, "operations[0].quantity"],
      [{ operations: [{ ...good(), quantity: 0 }] }, "operations[0].quantity"],
      [{ operations: [{ ...good(), base_version: -1 }] }, "operations[0].base_version"],
      [{ operations: [{ ...good(), done_at: "yesterday" }] }, "operations[0].done_at"],
      [{ operations: [{ ...good(), price: 1 }] }, "operations[0]"],
      [{ operations: [op("set_quantity", 1, { quantity: 1 })] }, "operations[0]"],
      [{ operations: [{ ...good(), metadata: { a: "\u0000" } }] }, "zero byte"],
      [{ operations: [{ ...good(), metadata: { raw_a: 1 } }] }, "raw_a"],
    ]
    for (const [body, message] of wrong) {
      const answer = await send("POST", `/store/carts/${cart.id}/operations`, body)
      expect([message, answer.status]).toEqual([message, 400])
      expect(messageOf(answer)).toContain(message)
    }
    await nothing()
  })

  it("what is in no order", async () => {
    const twice = good()
    const later = good()
    const lists = [
      [twice, good(), twice],
      [
        op("add_line", 1, { variant_id: variant(1), quantity: 1 }),
        op("add_line", 0, { variant_id: variant(1), quantity: 1 }),
      ],
      [op("remove_line", 1, { line: { operation_id: later.id } }), later],
    ]
    for (const list of lists) {
      const answer = await operations(cart.id, "phone", list)
      expect([answer.status, codeOf(answer)]).toEqual([400, "operations_out_of_order"])
    }
    await nothing()
  })

  it("without a publishable key, or of a cart that is not there or is another's", async () => {
    const body = JSON.stringify({ operations: [good()] })
    const without = await ask(shop.counter.url, `/store/carts/${cart.id}/operations`, {
      ...{ method: "POST", body, headers: { "content-type": "application/json" } },
    })
    expect(without.status).toBe(400)
    expect((await operations("cart_none", "phone", [good()])).status).toBe(404)
    const headers = await customer()
    await fine("POST", `/store/carts/${cart.id}/customer`, undefined, headers)
    const stranger = await operations(cart.id, "phone", [good()])
    const missing = await operations("cart_none", "phone", [good()])
    expect([stranger.status, messageOf(stranger).replace(cart.id, "cart_none")]).toEqual([404, messageOf(missing)])
    expect((await operations(cart.id, "phone", [good()], await customer())).status).toBe(404)
    expect((await operations(cart.id, "phone", [good()], headers)).status).toBe(200)
  })
})

it("an id that another cart has used is refused there, and tells nothing of that cart", async () => {
  const mine = op("add_line", 1, { variant_id: variant(1), quantity: 1 })
  await applied(cart.id, "phone", [mine])
  const another = await newCart()
  const { results, version } = await applied(another.id, "phone", [mine])
  expect([results, version]).toEqual([
    [{ id: mine.id, outcome: "rejected", reason: "operation_of_another_cart", version: 1 }],
    1,
  ])
})

it("a cart that is an order takes no operations, says which order it is, and still tells what it did before", async () => {
  const before = op("add_line", 1, { variant_id: variant(1), quantity: 1 })
  await applied(cart.id, "phone", [before])
  await shop.database.sql`
    insert into order_cart (id, cart_id, order_id) values (${`ordercart_${cart.id}`}, ${cart.id}, 'order_1')`
  await shop.database.sql`update cart set completed_at = now() where id = ${cart.id}`
  const { results, version } = await applied(cart.id, "phone", [before, op("add_promotion", 2, { code: "X" })])
  expect(said(results)).toEqual(["applied", "rejected cart_completed"])
  expect([results[0]?.replayed, results[1]?.order_id, version]).toEqual([true, "order_1", 2])
})

it("five hundred operations are applied at once", async () => {
  const list = Array.from({ length: 500 }, (_, i) => op("add_line", 1, { variant_id: variant(i % 3), quantity: 1 }))
  const { results, version, cart: after } = await applied(cart.id, "phone", list)
  expect([results.every((it) => it.outcome === "applied"), version]).toEqual([true, 501])
  expect(after.items.reduce((sum, it) => sum + it.quantity, 0)).toBe(502)
})

it("of a list whose process dies in the middle nothing is applied, and all of it when it is sent again", async () => {
  const { sql } = shop.database
  const list = [1, 2].map((quantity) => op("add_line", 1, { variant_id: variant(1), quantity }))
  // The last statement, after that which keeps the operations, waits for the table of events.
  const waiting = async () =>
    await sql<{ pid: number }[]>`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and query like 'with turn as%'`
  const answer = await sql.begin(async (tx) => {
    await tx`lock table mostrador.event in share mode`
    const sent = operations(cart.id, "phone", list)
    await until("it is about to write", async () => (await waiting()).length > 0)
    const [writer] = await waiting()
    await sql`select pg_terminate_backend(${writer?.pid ?? 0})`
    return await sent
  })
  expect(answer.status).toBeGreaterThanOrEqual(500)
  const before = await read(cart.id)
  expect([versionOf(before), quantities(cartOf(before))]).toEqual([1, { [variant(0)]: 2 }])
  const { results, cart: after } = await applied(cart.id, "phone", list)
  expect([said(results), results.some((it) => it.replayed)]).toEqual([["applied", "applied"], false])
  expect(quantities(after)).toEqual({ [variant(0)]: 2, [variant(1)]: 3 })
})

it("operations are forgotten after thirty days", async () => {
  const old = op("add_line", 1, { variant_id: variant(1), quantity: 1 })
  const young = op("add_line", 1, { variant_id: variant(1), quantity: 1 })
  await applied(cart.id, "phone", [old, young])
  const { sql } = shop.database
  await sql`update mostrador.cart_operation set created_at = now() - interval '31 days' where id = ${old.id}`
  await pruneSomeOperations(sql)
  const left = await sql`select id from mostrador.cart_operation where cart_id = ${cart.id}`
  expect(left.map((it) => it.id)).toEqual([young.id])
})

describe("three devices that were offline", { timeout: 120_000 + RUNS * 20_000 }, () => {
  /** What a device does, before it is known which ids cart and lines will have. */
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        is: fc.constant("add" as const),
        variant: fc.nat(2),
        quantity: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant("set" as const),
        line: fc.nat(1),
        quantity: fc.integer({ min: 0, max: 6 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant("set_own" as const),
        nth: fc.nat(2),
        quantity: fc.integer({ min: 1, max: 6 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ is: fc.constant("remove" as const), line: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant("remove_own" as const), nth: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant("code" as const), isOn: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({ is: fc.constant("note" as const), name: fc.constantFrom("a", "b"), value: fc.nat(9) }),
    },
  )
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
  const device = fc.record({
    base: fc.integer({ min: 1, max: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  })
  /** Who is heard next, with how many operations, and whether he sends what was sent already once more. */
  const turns = fc.array(fc.record({ device: fc.nat(2), count: fc.integer({ min: 1, max: 3 }), again: fc.boolean() }), {
    maxLength: 12,
  })

  function listOf({ base, steps }: { base: number; steps: Step[] }, lines: string[]): Op[] {
    const own: string[] = []
    return steps.flatMap((it): Op[] => {
      const line = "nth" in it ? { line: { operation_id: own[it.nth % Math.max(own.length, 1)] } } : {}
      if ("nth" in it && own.length === 0) return []
      if (it.is === "add") {
        const made = op("add_line", base, { variant_id: variant(it.variant), quantity: it.quantity })
        own.push(made.id)
        return [made]
      }
      if (it.is === "set") return [op("set_quantity", base, { line_id: lines[it.line], quantity: it.quantity })]
      if (it.is === "set_own") return [op("set_quantity", base, { ...line, quantity: it.quantity })]
      if (it.is === "remove") return [op("remove_line", base, { line_id: lines[it.line] })]
      if (it.is === "remove_own") return [op("remove_line", base, line)]
      if (it.is === "code")
        return [op(it.isOn ? "add_promotion" : "remove_promotion", base, { code: demo().promotions.code })]
      return [op("update_cart", base, { metadata: { [it.name]: it.value } })]
    })
  }

  /** A cart of two lines, one of which has been changed online; each device has seen one of its versions. */
  async function outcomeOf(
    devices: { base: number; steps: Step[] }[],
    order: { device: number; count: number; again: boolean }[],
  ) {
    const fresh = await newCart([variant(0), 2], [variant(1), 1])
    const lines = [lineOf(fresh, variant(0)), lineOf(fresh, variant(1))]
    await fine("POST", `/store/carts/${fresh.id}/line-items`, { variant_id: variant(0), quantity: 1 })
    await fine("POST", `/store/carts/${fresh.id}/line-items/${lines[1]}`, { quantity: 3 })
    const lists = devices.map((it) => listOf(it, lines))
    const sent = lists.map(() => 0)
    const rest = devices.map((_, device) => ({ device, count: 99, again: true }))
    for (const { device, count, again } of [...order, ...rest]) {
      const list = lists[device] ?? []
      const from = sent[device] ?? 0
      const part = list.slice(again ? 0 : from, from + count)
      if (part.length === 0) continue
      const { results } = await applied(fresh.id, `device-${device}`, part)
      expect(results.filter((it) => it.replayed)).toHaveLength(again ? Math.min(from, list.length) : 0)
      sent[device] = Math.min(list.length, from + count)
    }
    const { items, metadata, promotions } = cartOf(await read(fresh.id))
    const state = items.map((it) => `${variants.indexOf(it.variant_id)}: ${it.quantity}`).sort()
    return { items: state, metadata: metadata ?? {}, promotions: promotions.map((it) => it.code).sort() }
  }

  it("come to the same cart, whichever is heard first, in whatever parts", async () => {
    const scenario = fc.record({
      devices: fc.tuple(device, device, device),
      orders: fc.array(turns, { minLength: 3, maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(scenario, async ({ devices, orders }) => {
        const whole = [
          [0, 1, 2],
          [2, 1, 0],
        ].map((them) => them.map((device) => ({ device, count: 99, again: false })))
        const [first, ...others] = await Promise.all([...whole, ...orders].map((order) => outcomeOf(devices, order)))
        for (const it of others) expect(it).toEqual(first)
      }),
      { numRuns: RUNS },
    )
  })
})
