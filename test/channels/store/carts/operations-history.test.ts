import { randomUUID } from "node:crypto"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type Operation, readPast } from "../../../../src/commerce/carts/index.ts"
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
async function fine(path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await ask(shop.counter.url, path, {
    method: "POST",
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body ? JSON.stringify(body) : null,
  })
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
