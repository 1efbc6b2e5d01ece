import { randomUUID } from "node:crypto"
import { sign } from "hono/jwt"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type Operation, readPast } from "../../../../src/commerce/carts/index.ts"
import { loadConfig } from "../../../../src/config.ts"
import { counterForFile, demo } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { ask } from "../../../support/http.ts"

const shop = counterForFile({ cartMerge: "sum", cartAccess: "owner" })
/** Two of as many products, of which nobody counts the units. */
let variants: string[]
beforeAll(async () => {
  const { sql } = shop.database
  const rows = await sql<{ id: string }[]>`
    select min(variant.id) as id from product_variant variant join product on product.id = variant.product_id
    join product_sales_channel link on link.product_id = product.id and link.deleted_at is null
      and link.sales_channel_id = ${demo().channels.web.sales_channel_id}
    where variant.deleted_at is null and product.status = 'published' and product.deleted_at is null
      and variant.id not in ${sql(Object.values(demo().variants))}
    group by product.id order by 1 limit 2`
  variants = rows.map((it) => it.id)
  await sql`update product_variant set manage_inventory = false where id in ${sql(variants)}`
  await untilBuilt(shop.database, 60)
})
const variant = (at: number) => variants[at] ?? ""

interface Cart {
  id: string
  email: string | null
  items: { id: string; variant_id: string; quantity: number }[]
  metadata: Record<string, unknown> | null
  promotions: { code: string }[]
}
interface Result {
  id: string
  outcome: string
  reason?: string
  replayed?: true
}
const post = (path: string, body?: object, headers: Record<string, string> = {}) =>
  ask(shop.counter.url, path, {
    method: "POST",
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body ? JSON.stringify(body) : null,
  })
async function fine(path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await post(path, body, headers)
  expect([path, answer.status, answer.status < 400 ? "" : answer.text]).toEqual([path, 200, ""])
  return answer.body as { cart: Cart; results: Result[]; version: number }
}
const newCart = async (...items: object[]) => (await fine("/store/carts", { region_id: demo().regions.es, items })).cart
const applied = (id: string, device: string, list: object[], headers: Record<string, string> = {}) =>
  fine(`/store/carts/${id}/operations`, { operations: list }, { "x-device-id": device, ...headers })
const op = (type: string, base_version: number, more: object = {}) => ({
  id: randomUUID(),
  type,
  base_version,
  ...more,
})
const said = (results: Result[]) => results.map(({ outcome, reason }) => (reason ? `${outcome} ${reason}` : outcome))
const quantities = ({ items }: Cart) => Object.fromEntries(items.map((it) => [it.variant_id, it.quantity]))

/** So many of a variant are all that there is, at one location. */
async function stock(variantId: string, units: number): Promise<void> {
  const { sql } = shop.database
  const raw = (value: string) => JSON.stringify({ value, precision: 20 })
  await sql`
    update inventory_level set reserved_quantity = 0, raw_reserved_quantity = ${raw("0")}::text::jsonb,
      stocked_quantity = case when inventory_level.id = chosen.id then ${units}::numeric else 0 end,
      raw_stocked_quantity = case when inventory_level.id = chosen.id then ${raw(String(units))}::text::jsonb
        else ${raw("0")}::text::jsonb end
    from (
      select level.inventory_item_id as item, min(level.id) as id from inventory_level level
      join product_variant_inventory_item link on link.inventory_item_id = level.inventory_item_id
      join sales_channel_stock_location channel on channel.stock_location_id = level.location_id
        and channel.deleted_at is null and channel.sales_channel_id = ${demo().channels.web.sales_channel_id}
      where link.variant_id = ${variantId} and level.deleted_at is null group by 1) chosen
    where inventory_item_id = chosen.item`
}

const SECRET = loadConfig({}).jwtSecret
async function customer() {
  const id = `cus_${randomUUID()}`
  await shop.database.sql`insert into customer (id, email, has_account) values (${id}, ${`${id}@example.com`}, true)`
  const exp = Math.floor(Date.now() / 1000) + 3600
  return { authorization: `Bearer ${await sign({ exp, actor_type: "customer", actor_id: id }, SECRET, "HS256")}` }
}

describe("a cart with a long history", () => {
  let cart: Cart
  beforeEach(async () => {
    cart = await newCart({ variant_id: variant(0), quantity: 1 })
  })
  const line = () => cart.items[0]?.id ?? ""

  it("is read from what a device has not seen on, and older only where it still counts", async () => {
    const list = Array.from({ length: 60 }, (_, i) => op("set_quantity", 1, { line_id: line(), quantity: 1 + (i % 7) }))
    const { version } = await applied(cart.id, "phone", list)
    const next = op("add_line", version, { variant_id: variant(1), quantity: 1 }) as Operation
    const past = await readPast(shop.database.sql, cart.id, [next])
    // What the version itself has brought is the last word on the line, too.
    expect(past.operations.map((it) => it.id)).toEqual([list.at(-1)?.id])
    const stale = await readPast(shop.database.sql, cart.id, [{ ...next, base_version: version - 10 }])
    expect(stale.operations.map((it) => it.id)).toEqual(list.slice(-11).map((it) => it.id))
  })

  it("still knows what could not be had long ago, codes that wait, and who made a line", async () => {
    const { code } = demo().promotions
    const { scarce } = demo().variants
    const empty = await newCart()
    await stock(scarce, 5)
    const notes = (base: number) =>
      Array.from({ length: 9 }, (_, i) => op("update_cart", base, { metadata: { [`n${i}`]: base } }))
    await applied(empty.id, "phone", [op("add_promotion", 1, { code })])
    const { version: second } = await applied(empty.id, "tablet", notes(1))
    const made = op("add_line", second, { variant_id: variant(0), quantity: 2 })
    const asked = op("add_line", second, { variant_id: scarce, quantity: 7 })
    const first = await applied(empty.id, "phone", [made, asked])
    expect(said(first.results)).toEqual(["applied", "merged insufficient_inventory"])
    expect(first.cart.promotions.map((it) => it.code)).toContain(code)
    const { version: third } = await applied(empty.id, "tablet", notes(second))
    await stock(scarce, 20)
    const { results, cart: after } = await applied(empty.id, "phone", [
      op("set_quantity", third, { line: { operation_id: made.id }, quantity: 5 }),
      op("add_line", third, { variant_id: scarce, quantity: 1 }),
    ])
    expect(said(results)).toEqual(["applied", "applied"])
    expect(quantities(after)).toEqual({ [variant(0)]: 5, [scarce]: 8 })
  })
})

describe("what a device says of a cart that was merged into another", () => {
  /** As one cart has it before the merge, in version 2, and the other, in a much later one. */
  async function merged({ other = [] as object[], more = 6 } = {}) {
    const headers = await customer()
    const old = await newCart({ variant_id: variant(0), quantity: 1 })
    await fine(`/store/carts/${old.id}/customer`, undefined, headers)
    const fresh = await newCart({ variant_id: variant(1), quantity: 1 })
    for (let at = 0; at < more; at++) await fine(`/store/carts/${fresh.id}`, { metadata: { count: at } })
    for (const it of other) await fine(`/store/carts/${fresh.id}`, it)
    const join = async () => (await fine(`/store/carts/${fresh.id}/customer`, undefined, headers)).cart
    return { old, fresh, headers, join }
  }
  const sent = async (id: string, device: string, headers: Record<string, string>, ...list: object[]) => {
    const { results, cart } = await applied(id, device, list, headers)
    return { results: said(results), cart }
  }
  const note = (base: number, text: string) => op("update_cart", base, { metadata: { note: text } })

  it("is judged by that cart's own past, not by what the other had been through by then", async () => {
    const { old, fresh, headers, join } = await merged({ other: [{ metadata: { note: "the other's" } }] })
    expect((await join()).id).toBe(fresh.id)
    const list = [note(2, "mine"), op("update_cart", 2, { email: "mine@example.com" })]
    const { results, cart } = await sent(old.id, "phone", headers, ...list)
    expect(results).toEqual(["applied", "applied"])
    expect([cart.id, cart.metadata?.note, cart.email]).toEqual([fresh.id, "mine", "mine@example.com"])
  })

  it("is overtaken by what was said of that cart itself, and by what was said since they are one", async () => {
    const { old, headers, join } = await merged()
    await fine(`/store/carts/${old.id}`, { metadata: { note: "newer", gift: "newer" } }, headers)
    await join()
    const { results } = await sent(old.id, "phone", headers, note(2, "mine"))
    expect(results).toEqual(["rejected newer_change"])
    const seen = await sent(old.id, "phone", headers, note(3, "mine"))
    expect([seen.results, seen.cart.metadata?.note]).toEqual([["applied"], "mine"])
    const { version } = await fine(
      `/store/carts/${old.id}/operations`,
      {
        operations: [op("update_cart", 3, { metadata: { other: 1 } })],
      },
      headers,
    )
    await fine(`/store/carts/${old.id}`, { metadata: { note: "since" } }, headers)
    const late = [note(3, "late"), note(version, "late"), note(version + 1, "seen")]
    expect((await sent(old.id, "tablet", headers, ...late)).results).toEqual([
      ...["rejected newer_change", "rejected newer_change", "applied"],
    ])
  })

  it("is not judged by the merge, which has left what that cart said as it was", async () => {
    const { old, fresh, headers, join } = await merged()
    await fine(`/store/carts/${old.id}`, { metadata: { note: "old" } }, headers)
    expect((await join()).metadata?.note).toBe("old")
    expect((await sent(old.id, "phone", headers, note(3, "mine"))).results).toEqual(["applied"])
    // Whose cart got the note by the merge has not seen it.
    expect((await sent(fresh.id, "tablet", headers, note(2, "the other's"))).results).toEqual(["rejected newer_change"])
  })

  it("leaves the other's devices to their own past, too", async () => {
    const { old, fresh, headers, join } = await merged({ more: 0, other: [{ metadata: { note: "other" } }] })
    for (const text of ["a", "b", "c"]) await fine(`/store/carts/${old.id}`, { metadata: { note: text } }, headers)
    await sent(old.id, "phone", headers, note(5, "of the phone"))
    await join()
    const { results, cart } = await sent(fresh.id, "tablet", headers, note(2, "mine"))
    expect([results, cart.metadata?.note]).toEqual([["applied"], "mine"])
  })

  it("does the same with codes, and with what devices said of either cart", async () => {
    const { code } = demo().promotions
    const { old, fresh, headers, join } = await merged()
    await sent(fresh.id, "tablet", {}, op("add_promotion", 7, { code }), note(7, "of the tablet"))
    await sent(old.id, "watch", headers, note(2, "of the watch"))
    const both = await join()
    expect(both.promotions.map((it) => it.code)).toEqual([code])
    const list = [note(2, "mine"), op("remove_promotion", 2, { code }), note(3, "mine")]
    const { results, cart } = await sent(old.id, "phone", headers, ...list)
    expect(results).toEqual(["rejected newer_change", "applied", "applied"])
    expect([cart.metadata?.note, cart.promotions]).toEqual(["mine", []])
  })

  it("comes to the same whichever of two devices is heard first", async () => {
    const outcomes = []
    for (const first of [0, 1]) {
      const { old, fresh, headers, join } = await merged({ other: [{ metadata: { note: "other" } }] })
      await join()
      const devices = [
        () => sent(old.id, "phone", headers, note(2, "of the phone")),
        () => sent(fresh.id, "tablet", headers, note(8, "of the tablet")),
      ]
      await devices[first]?.()
      await devices[1 - first]?.()
      outcomes.push(
        (await sent(fresh.id, "watch", headers, op("remove_line", 1, { line_id: "none" }))).cart.metadata?.note,
      )
    }
    expect(outcomes).toEqual(["of the tablet", "of the tablet"])
  })

  it("through several merges", async () => {
    const headers = await customer()
    const [first, second, third] = [await newCart(), await newCart(), await newCart()]
    await fine(`/store/carts/${first.id}/customer`, undefined, headers)
    for (const it of [second, third]) {
      for (let at = 0; at < 5; at++) await fine(`/store/carts/${it.id}`, { metadata: { note: at } })
      await fine(`/store/carts/${it.id}/customer`, undefined, headers)
    }
    const mine = await sent(first.id, "phone", headers, note(2, "mine"))
    expect([mine.cart.id, mine.results]).toEqual([third.id, ["applied"]])
    await fine(`/store/carts/${second.id}`, { metadata: { note: "since" } }, headers)
    for (const it of [first, second]) {
      expect((await sent(it.id, "phone", headers, note(2, "mine"))).results).toEqual(["rejected newer_change"])
    }
  })
})

describe("an operation's id in other letters", () => {
  const ulid = () => `01${randomUUID().replaceAll("-", "").slice(0, 24).toUpperCase()}`

  it.each([
    ["a UUID", randomUUID],
    ["a ULID", ulid],
  ])("%s, is the same operation, which is done once and answered as it was asked", async (_, newId) => {
    const cart = await newCart()
    const id = newId()
    const add = { ...op("add_line", 1, { variant_id: variant(0), quantity: 2 }), id: id.toUpperCase() }
    const first = await applied(cart.id, "phone", [add])
    expect(first.results[0]).toMatchObject({ id: id.toUpperCase(), outcome: "applied" })
    const again = await applied(cart.id, "phone", [
      { ...add, id: id.toLowerCase() },
      op("update_cart", 1, { metadata: {} }),
    ])
    expect(again.results[0]).toMatchObject({ id: id.toLowerCase(), outcome: "applied", replayed: true })
    expect(quantities(again.cart)).toEqual({ [variant(0)]: 2 })
    const [told] = await shop.database.sql<{ id: string }[]>`
      select data->'after'->'operation'->>'id' as id from mostrador.event where subject_id = ${cart.id} and version = 2`
    expect(told?.id).toBe(id.toUpperCase())
  })

  it("names the line that it has made", async () => {
    const cart = await newCart({ variant_id: variant(0), quantity: 1 })
    const id = randomUUID()
    const own = { line: { operation_id: id.toLowerCase() } }
    const { results, cart: after } = await applied(cart.id, "phone", [
      { ...op("add_line", 1, { variant_id: variant(0), quantity: 2 }), id: id.toUpperCase() },
      op("set_quantity", 1, { ...own, quantity: 4 }),
      op("set_quantity", 1, { line: { operation_id: id.toUpperCase() }, quantity: 5 }),
    ])
    expect([said(results), quantities(after)]).toEqual([["applied", "merged", "merged"], { [variant(0)]: 6 }])
  })

  it("does not stand in a list twice", async () => {
    const cart = await newCart()
    const add = op("add_line", 1, { variant_id: variant(0), quantity: 1 })
    const answer = await post(`/store/carts/${cart.id}/operations`, {
      operations: [add, { ...add, id: add.id.toUpperCase() }],
    })
    expect([answer.status, (answer.body as { code?: string }).code]).toEqual([400, "operations_out_of_order"])
  })

  it("is another cart's, also for who spells it otherwise", async () => {
    const [cart, another] = [await newCart(), await newCart()]
    const add = op("add_line", 1, { variant_id: variant(0), quantity: 1 })
    await applied(cart.id, "phone", [add])
    const { results, cart: after } = await applied(another.id, "phone", [{ ...add, id: add.id.toUpperCase() }])
    expect([said(results), results[0]?.id, after.items]).toEqual([
      ...[["rejected operation_of_another_cart"], add.id.toUpperCase(), []],
    ])
  })
})
