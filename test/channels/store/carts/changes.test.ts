import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { takeCart } from "../../../../src/commerce/carts/index.ts"
import type { OpenCounter } from "../../../../src/server.ts"
import { counterForFile, demo, openTestCounter } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { type Answer, ask } from "../../../support/http.ts"

/** How often what happens at once is tried: 3 times, or `CART_RACES` times. */
const TIMES = Number(process.env.CART_RACES ?? 3)

// No Medusa is there: what a lane does not do itself fails.
const shop = counterForFile()
/** What one process arranges among its requests, two have to leave to the database. */
let other: OpenCounter
afterAll(async () => await other?.close())
beforeAll(async () => {
  other = await openTestCounter(shop.database.url)
  await untilBuilt(shop.database, 60)
})

type Line = { id: string; quantity: number; variant_id: string; adjustments: { code: string }[] }
type Cart = { id: string; items: Line[]; promotions: { code: string }[]; total: number }
const cartOf = ({ body }: Answer) => (body as { cart: Cart }).cart
const versionOf = ({ headers }: Answer) => Number(headers.get("etag")?.match(/^"(\d+)"$/)?.[1])
const codeOf = ({ body }: Answer) => (body as { code?: string }).code

let asked = 0
function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(asked++ % 2 ? shop.counter.url : other.url, path, {
    method,
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
}

let cart: string
beforeEach(async () => {
  const created = await send("POST", "/store/carts", { region_id: demo().regions.es })
  expect([created.status, versionOf(created)]).toEqual([200, 1])
  cart = cartOf(created).id
})

const add = (variant_id: string, quantity: number, headers = {}, metadata?: object) =>
  send("POST", `/store/carts/${cart}/line-items`, { variant_id, quantity, metadata }, headers)
const set = (line: string, quantity: number) => send("POST", `/store/carts/${cart}/line-items/${line}`, { quantity })

/** So many units of what a variant is made of are there, at one location. */
async function stock(variant: string, units: number): Promise<void> {
  await shop.database.sql`
    update inventory_level set reserved_quantity = 0, raw_reserved_quantity = '{"value":"0","precision":20}',
      stocked_quantity = case when inventory_level.id = chosen.id then ${units} else 0 end,
      raw_stocked_quantity = case when inventory_level.id = chosen.id then ${JSON.stringify({ value: String(units), precision: 20 })}::text::jsonb
        else '{"value":"0","precision":20}' end
    from (
      select level.inventory_item_id as item, min(level.id) as id from inventory_level level
      join product_variant_inventory_item link on link.inventory_item_id = level.inventory_item_id
      where link.variant_id = ${variant} and level.deleted_at is null group by 1) chosen
    where inventory_item_id = chosen.item`
}

describe("lines that are made of the same thing (medusajs/medusa issue 16502)", () => {
  it("are promised no more than there is of it, and less of one can always be had", async () => {
    const { shared_a, shared_b } = demo().variants
    await stock(shared_a, 5)
    expect((await add(shared_a, 3)).status).toBe(200)
    const refused = await add(shared_b, 3)
    expect([refused.status, codeOf(refused)]).toEqual([400, "insufficient_inventory"])
    const added = await add(shared_b, 1)
    expect(added.status).toBe(200)
    const [a, b] = cartOf(added).items.sort((one) => (one.variant_id === shared_a ? -1 : 1))
    expect((await set(a?.id ?? "", 5)).status).toBe(400)

    // Sold from under them: what they have together is not there any more.
    await stock(shared_a, 2)
    const less = await set(a?.id ?? "", 2)
    expect([
      less.status,
      cartOf(less)
        .items.map((it) => it.quantity)
        .sort(),
    ]).toEqual([200, [1, 2]])
    expect((await set(b?.id ?? "", 0)).status).toBe(200)
  })
})

it("tells Medusa's subscribers of the links to promotions that are cut, by the ids that they had", async () => {
  expect((await add(demo().variants.kit, 1)).status).toBe(200)
  const body = { promo_codes: [demo().promotions.code] }
  expect((await send("POST", `/store/carts/${cart}/promotions`, body)).status).toBe(200)
  const links = await shop.database.sql`select id from cart_promotion where cart_id = ${cart} and deleted_at is null`
  expect(links).toHaveLength(1)
  expect((await send("DELETE", `/store/carts/${cart}/promotions`, body)).status).toBe(200)
  const [last] = await shop.database.sql`
    select messages from mostrador.medusa_outbox where subject_id = ${cart} order by position desc limit 1`
  expect(last?.messages).toContainEqual({ table: "cart_promotion", action: "deleted", ids: [links[0]?.id] })
})

it("lines stay in the order in which they were put into the cart, whichever is changed", async () => {
  const { unmanaged, backorder, kit } = demo().variants
  for (const it of [unmanaged, backorder, kit]) expect((await add(it, 1)).status).toBe(200)
  const orderOf = (answer: Answer) => cartOf(answer).items.map((it) => it.variant_id)
  const [first] = cartOf(await send("GET", `/store/carts/${cart}`)).items
  const changed = await set(first?.id ?? "", 2)
  expect(orderOf(changed)).toEqual([unmanaged, backorder, kit])
  expect(orderOf(await send("GET", `/store/carts/${cart}`))).toEqual([unmanaged, backorder, kit])
})

describe("what is done at once", { timeout: 60_000 + TIMES * 20_000 }, () => {
  it("by fifty writers to one cart is all in it, with a version for each", async () => {
    const { unmanaged, backorder } = demo().variants
    for (let time = 0; time < TIMES; time++) {
      const { status, body } = await send("POST", "/store/carts", { region_id: demo().regions.es })
      expect(status).toBe(200)
      cart = (body as { cart: Cart }).cart.id
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => add(i % 2 ? unmanaged : backorder, 1 + (i % 3))),
      )
      expect(answers.map((it) => it.status)).toEqual(answers.map(() => 200))
      expect(answers.map(versionOf).sort((a, b) => a - b)).toEqual(answers.map((_, i) => i + 2))
      const wanted = answers.reduce((sum, _, i) => sum + 1 + (i % 3), 0)
      const read = await send("GET", `/store/carts/${cart}`)
      expect(cartOf(read).items.reduce((sum, it) => sum + it.quantity, 0)).toBe(wanted)
      expect([cartOf(read).items.length, versionOf(read)]).toEqual([2, 51])
    }
  })

  it("under one key is done once", async () => {
    for (let time = 0; time < TIMES; time++) {
      const key = { "idempotency-key": randomUUID() }
      const before = versionOf(await send("GET", `/store/carts/${cart}`))
      const answers = await Promise.all(Array.from({ length: 20 }, () => add(demo().variants.unmanaged, 1, key)))
      const [first] = answers.filter((it) => it.status === 200)
      for (const it of answers) {
        if (it.status === 200) expect(it.text).toBe(first?.text)
        else expect([it.status, codeOf(it)]).toEqual([409, "idempotency_key_in_use"])
      }
      const again = await add(demo().variants.unmanaged, 1, key)
      expect([again.text, again.headers.get("idempotency-replayed"), versionOf(again)]).toEqual([
        ...[first?.text, "true", before + 1],
      ])
    }
    expect(cartOf(await send("GET", `/store/carts/${cart}`)).items.map((it) => it.quantity)).toEqual([TIMES])
  })

  it("with promotions gives each line each discount once (medusajs/medusa issue 15360)", async () => {
    const { promotions, variants } = demo()
    for (const it of [variants.unmanaged, variants.kit]) expect((await add(it, 1)).status).toBe(200)
    for (let time = 0; time < TIMES; time++) {
      const promote = () => send("POST", `/store/carts/${cart}/promotions`, { promo_codes: [promotions.code] })
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 4 ? promote() : add(variants.unmanaged, 1))),
      )
      expect(answers.map((it) => it.status)).toEqual(answers.map(() => 200))
      const rows = await shop.database.sql`
        select adjustment.item_id, adjustment.promotion_id from cart_line_item_adjustment adjustment
        join cart_line_item line on line.id = adjustment.item_id
        where line.cart_id = ${cart} and adjustment.deleted_at is null`
      expect(rows.length).toBeGreaterThan(0)
      expect(new Set(rows.map((it) => `${it.item_id} ${it.promotion_id}`)).size).toBe(rows.length)
    }
  })
})

it("a change that is meant for another version is refused with the cart as it is, and changes nothing", async () => {
  const first = await add(demo().variants.unmanaged, 1, { "if-match": '"1"' })
  expect([first.status, versionOf(first)]).toEqual([200, 2])
  const late = await add(demo().variants.unmanaged, 1, { "if-match": '"1"' })
  expect([late.status, codeOf(late), versionOf(late)]).toEqual([412, "version_conflict", 2])
  expect(cartOf(late)).toEqual(cartOf(await send("GET", `/store/carts/${cart}`)))
  expect((await add(demo().variants.unmanaged, 1, { "if-match": '"2"' })).status).toBe(200)
})

it("what is wrong is told, and leaves nothing behind", async () => {
  const { unmanaged } = demo().variants
  const { id } = cartOf(await add(unmanaged, 1)).items[0] ?? { id: "" }
  const rows = async () => {
    const { sql } = shop.database
    const [lines] = await sql`select count(*)::int as count, sum(quantity)::int as sum from cart_line_item`
    const [events] = await sql`select count(*)::int as count from mostrador.event`
    return [lines?.count, lines?.sum, events?.count]
  }
  const before = await rows()
  const wrong: [number, Promise<Answer>][] = [
    [404, send("POST", "/store/carts/cart_none/line-items", { variant_id: unmanaged, quantity: 1 })],
    [404, send("DELETE", "/store/carts/cart_none/line-items/cali_none")],
    [404, send("POST", "/store/carts/cart_none/promotions", { promo_codes: [] })],
    [404, set("cali_none", 2)],
    [400, add("variant_none", 1)],
    [400, add(unmanaged, 3_000_000_000)],
    [400, set(id, 3_000_000_000)],
    [400, send("POST", `/store/carts/${cart}`, { metadata: { text: "a\u0000b" } })],
    [400, send("POST", `/store/carts/${cart}`, { metadata: { text: "\ud800" } })],
    [400, add(unmanaged, 1, {}, { "\udc00": 1 })],
    [400, send("POST", `/store/carts/${cart}`, { metadata: nested(1_001) })],
    [400, send("POST", `/store/carts/${cart}`, { metadata: nested(3_000) })],
    [413, send("POST", `/store/carts/${cart}`, { metadata: { text: "x".repeat(1_100_000) } })],
    [
      400,
      send(
        "POST",
        `/store/carts/${cart}/line-items`,
        { variant_id: unmanaged, quantity: 1 },
        { "x-publishable-api-key": "" },
      ),
    ],
  ]
  for (const [status, answer] of wrong) {
    const { status: given, body, text } = await answer
    expect([given, typeof (body as { message?: unknown })?.message], text).toEqual([status, "string"])
  }
  expect(await rows()).toEqual(before)
})

/** So deep that whoever goes into it may not come out. */
const nested = (depth: number) => JSON.parse(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`)

it("a body that is none is Medusa's to refuse, also where none is read", async () => {
  const { id } = cartOf(await add(demo().variants.unmanaged, 1)).items[0] ?? { id: "" }
  const key = { "x-publishable-api-key": demo().channels.web.publishable_key }
  for (const [type, body] of [
    ["application/json", "{bad"],
    ["application/json", '"x"'],
    ["application/json; charset=foo", "{}"],
    ["application/json", `{"a":"${"x".repeat(110_000)}"}`],
  ] as const) {
    const headers = { ...key, "content-type": type }
    const answer = await ask(shop.counter.url, `/store/carts/${cart}/line-items/${id}`, {
      ...{ method: "DELETE", headers, body },
    })
    // There is no Medusa here.
    expect([type, answer.status]).toEqual([type, 503])
  }
  expect(cartOf(await send("GET", `/store/carts/${cart}`)).items).toHaveLength(1)
})

it("carts that are in others' hands keep no connection from other carts", async () => {
  const few = await openTestCounter(shop.database.url, { databaseConnections: 2 })
  const ask_ = (method: string, path: string, body?: unknown) => {
    const headers = { "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" }
    return ask(few.url, path, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  }
  try {
    const carts = await Promise.all(
      Array.from(
        { length: 4 },
        async () => cartOf(await ask_("POST", "/store/carts", { region_id: demo().regions.es })).id,
      ),
    )
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let taken = () => {}
    const isTaken = new Promise<void>((resolve) => (taken = resolve))
    const holding = shop.database.sql.begin(async (tx) => {
      for (const it of carts) await takeCart(tx, it)
      taken()
      await held
    })
    await isTaken
    const line = { variant_id: demo().variants.unmanaged, quantity: 1 }
    const waiting = Promise.all(carts.map((it) => ask_("POST", `/store/carts/${it}/line-items`, line)))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const read = await Promise.race([ask_("GET", `/store/carts/${cart}`), waiting])
    expect((read as Answer).status).toBe(200)
    release()
    await holding
    expect((await waiting).map((it) => [it.status, versionOf(it)])).toEqual(carts.map(() => [200, 2]))
  } finally {
    await few.close()
  }
})

it("tells of promotions those that the cart had and has", async () => {
  const { promotions, variants } = demo()
  await add(variants.kit, 1)
  await send("POST", `/store/carts/${cart}/promotions`, { promo_codes: [promotions.code, promotions.limited_code] })
  await send("DELETE", `/store/carts/${cart}/promotions`, { promo_codes: [promotions.code] })
  const events = await shop.database.sql`
    select data->'before'->'promotions' as before, data->'after'->'promotions' as after from mostrador.event
    where subject_id = ${cart} and name = 'cart.promotions_changed' order by position`
  expect(events.map((it) => [it.before, it.after.sort()])).toEqual([
    [[], [promotions.code, promotions.limited_code].sort()],
    [expect.arrayContaining([promotions.code, promotions.limited_code]), [promotions.limited_code]],
  ])
})

it("every change is recorded with what was different, who did it and through what", async () => {
  const added = await add(demo().variants.unmanaged, 2, { "x-device-id": "till-7" })
  const line = cartOf(added).items[0]
  await set(line?.id ?? "", 5)
  await send("DELETE", `/store/carts/${cart}/line-items/${line?.id}`)
  await send("POST", `/store/carts/${cart}`, { email: "vega@example.com" })
  const events = await shop.database.sql`
    select name, version::int as version, channel, actor, device, data from mostrador.event
    where subject_id = ${cart} order by position`
  expect(events.map((it) => [it.name, it.version])).toEqual([
    ...[
      ["cart.created", 1],
      ["cart.line_added", 2],
      ["cart.line_updated", 3],
    ],
    ...[
      ["cart.line_removed", 4],
      ["cart.updated", 5],
    ],
  ])
  expect(events[1]).toMatchObject({
    ...{ channel: demo().channels.web.sales_channel_id, actor: { type: "guest", id: null }, device: "till-7" },
    data: { before: { items: [] }, after: { items: [{ id: line?.id, quantity: 2 }] } },
  })
  expect(events[2]?.data).toMatchObject({ before: { items: [{ quantity: 2 }] }, after: { items: [{ quantity: 5 }] } })
  expect(events[4]?.data).toMatchObject({ before: { email: null }, after: { email: "vega@example.com" } })
})

it("a row of the cart that somebody else has locked is waited for, once and without holding up other carts", async () => {
  const { sql } = shop.database
  const added = await send("POST", `/store/carts/${cart}/line-items`, {
    variant_id: demo().variants.unmanaged,
    quantity: 1,
  })
  const id = cartOf(added).items[0]?.id
  const { changing, others } = await sql
    .begin(async (tx) => {
      await tx`select from cart_line_item where id = ${id ?? ""} for update`
      const changing = send("POST", `/store/carts/${cart}/line-items/${id}`, { quantity: 4 })
      // Longer than a shared connection waits for a lock.
      await new Promise((resolve) => setTimeout(resolve, 400))
      const others = await Promise.race([send("POST", "/store/carts", { region_id: demo().regions.es }), changing])
      return { changing, others }
    })
    .then(async ({ changing, others }) => ({ changing: await changing, others }))
  expect([others.status, cartOf(others).items]).toEqual([200, []])
  expect([changing.status, versionOf(changing), cartOf(changing).items[0]?.quantity]).toEqual([
    200,
    versionOf(added) + 1,
    4,
  ])
})
