import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openDatabase } from "../../src/platform/db/index.ts"
import type { OpenCounter } from "../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { theMedusa } from "../support/medusa.ts"
import { buy, type Sdk, sdk } from "../support/shopper.ts"

let counter: OpenCounter
let admin: Sdk
beforeAll(async () => {
  counter = await openCounterBeforeMedusa()
  admin = sdk(counter.url)
  await admin.auth.login("user", "emailpass", demo().admin)
})
afterAll(() => counter.close())

describe("a shopper with @medusajs/js-sdk", () => {
  let bought: Awaited<ReturnType<typeof buy>>
  beforeAll(async () => {
    bought = await buy(counter.url, demo(), "vega.montearce@cliente.example")
  })

  it("orders what was in the cart, for what the cart said, with the code's ten percent off", () => {
    const { order, cart, variants } = bought
    expect(variants).toHaveLength(2)
    expect(order.items?.map((item) => [item.variant_id, item.quantity]).sort()).toEqual(
      variants.map((variant) => [variant.id, 2]).sort(),
    )
    expect(order.total).toBe(cart.total)
    expect(order.currency_code).toBe("eur")
    const full = variants.reduce((sum, variant) => sum + 2 * (variant.calculated_price?.calculated_amount ?? 0), 0)
    expect(full).toBeGreaterThan(0)
    expect(order.original_item_total - order.item_total).toBeCloseTo(full * 0.1, 2)
    const codes = new Set(order.items?.flatMap((item) => item.adjustments ?? []).map((it) => it.code))
    expect([...codes]).toEqual([demo().promotions.code])
  })

  it("is an order of that customer and channel in the back office, with its payment", async () => {
    const { order } = await admin.admin.order.retrieve(bought.order.id, {
      fields:
        "id,email,total,sales_channel_id,customer.email,*items,*payment_collections,*payment_collections.payments",
    })
    expect(order).toMatchObject({
      email: "vega.montearce@cliente.example",
      sales_channel_id: demo().channels.web.sales_channel_id,
      total: bought.order.total,
    })
    expect(order.payment_collections?.[0]?.payments?.[0]).toMatchObject({
      provider_id: "pp_system_default",
      amount: order.total,
    })
  })

  it("has reserved its units, once", async () => {
    const { sql, close } = openDatabase(theMedusa().databaseUrl, { connections: 1 })
    const items = bought.order.items ?? []
    // What she bought may be a kit: then each of its parts is reserved.
    const needs = await sql<{ variant_id: string; required_quantity: number }[]>`
      select variant_id, required_quantity from product_variant_inventory_item
      where deleted_at is null and variant_id = any(${items.map((item) => item.variant_id ?? "")})`
    const expected = items.flatMap((item) =>
      needs.filter((it) => it.variant_id === item.variant_id).map((it) => [item.id, 2 * it.required_quantity]),
    )
    expect(expected.length).toBeGreaterThanOrEqual(items.length)
    const { reservations } = await admin.admin.reservation.list({ line_item_id: items.map((item) => item.id) })
    expect(reservations.map((it) => [it.line_item_id, it.quantity]).sort()).toEqual(expected.sort())
    const differing = await sql`
      select level.id from inventory_level level
      left join reservation_item item on item.inventory_item_id = level.inventory_item_id
        and item.location_id = level.location_id and item.deleted_at is null
      where level.deleted_at is null
      group by level.id having level.reserved_quantity <> coalesce(sum(item.quantity), 0)`
    expect(differing).toEqual([])
    await close()
  })

  it("finds the order among her own, and nobody else's", async () => {
    const shop = sdk(counter.url, demo().channels.web.publishable_key)
    await expect(shop.store.order.list()).rejects.toMatchObject({ status: 401 })
    await shop.auth.login("customer", "emailpass", { email: "vega.montearce@cliente.example", password: "secret-1234" })
    const { orders } = await shop.store.order.list()
    expect(orders.map((order) => order.id)).toEqual([bought.order.id])
  })

  it("completes the same cart again and gets the same order", async () => {
    const shop = sdk(counter.url, demo().channels.web.publishable_key)
    const again = await shop.store.cart.complete(bought.cart.id)
    expect(again.type === "order" && again.order.id).toBe(bought.order.id)
  })
})

it("a wrong password, a short one and a foreign token open nothing", async () => {
  const shop = sdk(counter.url, demo().channels.web.publishable_key)
  const { email } = demo().customers[0] ?? { email: "" }
  await expect(shop.auth.login("customer", "emailpass", { email, password: "wrong-password" })).rejects.toMatchObject({
    status: 401,
  })
  const response = await fetch(`${counter.url}/admin/orders`, { headers: { authorization: "Bearer nonsense" } })
  expect(response.status).toBe(401)
})
