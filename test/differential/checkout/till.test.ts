import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { type Headers, send, signIn } from "../../support/desks.ts"
import { until } from "../../support/http.ts"
import { CARDS, openCards, type ReadyCart, readyCart } from "./cards.ts"
import { type OrderRows, readOrderRows } from "./rows.ts"

let counter: OpenCounter
let database: Database
beforeAll(async () => {
  counter = await openCounterBeforeMedusa()
  database = openDatabase(inject("medusa").databaseUrl, { connections: 2 })
}, 120_000)
afterAll(async () => {
  await counter?.close()
  await database?.close()
})

const at = async (base: string, method: string, path: string, headers: Headers, body?: unknown) => {
  const answer = await send(base, method, path, headers, body)
  expect([method, path, answer.status, answer.status < 300 ? "" : answer.text]).toEqual([method, path, 200, ""])
  return answer.body
}

it("a sale at the till leaves the rows that Medusa leaves of an order that is collected, captured and delivered", async () => {
  const { sql } = database
  const medusa = inject("medusa").url
  const { regions, stock_locations, admin } = demo()
  const key = { "x-publishable-api-key": demo().channels.pos.publishable_key }
  const { token } = await at(medusa, "POST", "/auth/user/emailpass", {}, admin)
  const staff = { authorization: `Bearer ${token}` }
  const [variant] = await sql<{ id: string }[]>`
    select variant.id from product_variant variant
    join product_variant_inventory_item part on part.variant_id = variant.id and part.required_quantity = 1
    join inventory_level level on level.inventory_item_id = part.inventory_item_id
    where level.location_id = ${stock_locations.madrid} and level.stocked_quantity - level.reserved_quantity > 10
      and not variant.allow_backorder order by variant.sku limit 1`
  const line = { variant_id: variant?.id, quantity: 2 }

  // Medusa: collected in Madrid, captured and handed over by staff.
  const [shipping_address] = await sql`
    select location.name as company, address_1, city, postal_code, province, country_code, phone from stock_location location
    join stock_location_address address on address.id = address_id where location.id = ${stock_locations.madrid}`
  const { cart } = await at(medusa, "POST", "/store/carts", key, {
    ...{ region_id: regions.es, shipping_address, items: [line] },
  })
  const [pickup] = await sql<{ id: string }[]>`
    select option.id from shipping_option option join service_zone zone on zone.id = option.service_zone_id
    join location_fulfillment_set placed on placed.fulfillment_set_id = zone.fulfillment_set_id
    join fulfillment_set sets on sets.id = zone.fulfillment_set_id and sets.type = 'pickup'
    where placed.stock_location_id = ${stock_locations.madrid} and option.deleted_at is null`
  await at(medusa, "POST", `/store/carts/${cart.id}/shipping-methods`, key, { option_id: pickup?.id })
  const { payment_collection } = await at(medusa, "POST", "/store/payment-collections", key, { cart_id: cart.id })
  const sessions = `/store/payment-collections/${payment_collection.id}/payment-sessions`
  await at(medusa, "POST", sessions, key, { provider_id: "pp_system_default" })
  const { order } = await at(medusa, "POST", `/store/carts/${cart.id}/complete`, key)
  const [payment] = await sql<{ id: string }[]>`
    select id from payment where payment_collection_id = ${payment_collection.id}`
  await at(medusa, "POST", `/admin/payments/${payment?.id}/capture`, staff, {})
  const items = order.items.map((it: { id: string; quantity: number }) => ({ id: it.id, quantity: it.quantity }))
  const sent = `/admin/orders/${order.id}/fulfillments`
  const made = { items, location_id: stock_locations.madrid, shipping_option_id: pickup?.id, no_notification: true }
  await at(medusa, "POST", sent, staff, made)
  const [fulfillment] = await sql<{ fulfillment_id: string }[]>`
    select fulfillment_id from order_fulfillment where order_id = ${order.id}`
  await at(medusa, "POST", `${sent}/${fulfillment?.fulfillment_id}/mark-as-delivered`, staff)

  // The till.
  const till = await signIn({ counter }, "madrid")
  const ours = (await at(counter.url, "POST", "/pos/carts", till, {})).cart
  await at(counter.url, "POST", `/pos/carts/${ours.id}/line-items`, till, line)
  const paid = await at(counter.url, "POST", `/pos/carts/${ours.id}/pay`, till, { tender: "cash", amount: 9_000 })
  await until(
    "Medusa knows that it was handed over",
    async () =>
      (await sql`select from mostrador.till_payment where order_id = ${paid.order.id} and handed_over_at is not null`)
        .length > 0,
    60,
  )
  expect(named(await readOrderRows(sql, paid.order.id))).toEqual(named(await readOrderRows(sql, order.id)))
}, 180_000)

it("the till closes the form for cards that the customer opened on the web, as Medusa deletes its session", async () => {
  const { stripe: config } = inject("medusa")
  const cards = await openCards()
  const withCards = await openCounterBeforeMedusa({ stripe: config })
  const { url } = withCards
  const web = { "x-publishable-api-key": demo().channels.web.publishable_key }
  try {
    const ask = (method: "GET" | "POST", path: string, body?: object) => at(url, method, path, web, body)
    const { id, sessions } = (await readyCart(ask, { variant: demo().variants.unmanaged })) as ReadyCart
    const { payment_collection } = await ask("POST", sessions, { provider_id: CARDS })
    const [session] = payment_collection.payment_sessions
    const { handoff } = await ask("POST", `/store/carts/${id}/handoff`, { to: "pos" })
    const till = await signIn({ counter: withCards }, "madrid")
    await at(url, "POST", `/pos/handoffs/${handoff.code}/claim`, till)
    const line = { variant_id: demo().variants.unmanaged, quantity: 1 }
    await at(url, "POST", `/pos/carts/${id}/line-items`, till, line)
    expect((await cards.stripe.paymentIntents.retrieve(session.data.id)).status).toBe("canceled")
    expect(await cards.sql`select from payment_session where id = ${session.id}`).toHaveLength(0)
    const paid = await at(url, "POST", `/pos/carts/${id}/pay`, till, { tender: "cash", amount: 9_000 })
    await until(
      "Medusa knows that it was handed over",
      async () =>
        (
          await cards.sql`
            select from mostrador.till_payment where order_id = ${paid.order.id} and handed_over_at is not null`
        ).length > 0,
      60,
    )
    const payments = await cards.sql`
      select provider_id, captured_at is not null as is_captured from payment
      where payment_collection_id = ${payment_collection.id}`
    expect([...payments]).toEqual([{ provider_id: "pp_system_default", is_captured: true }])
  } finally {
    await withCards.close()
    await cards.close()
  }
}, 180_000)

it("what was sold at a till that has no pickup option yet nobody cancels, and Medusa is told when it has one", async () => {
  const { sql } = database
  const { stock_locations, admin, variants } = demo()
  const pickups = sql`
    select zone.id from service_zone zone
    join location_fulfillment_set placed on placed.fulfillment_set_id = zone.fulfillment_set_id
    join fulfillment_set sets on sets.id = zone.fulfillment_set_id and sets.type = 'pickup'
    where placed.stock_location_id = ${stock_locations.madrid}`
  const { token } = await at(inject("medusa").url, "POST", "/auth/user/emailpass", {}, admin)
  const staff = { authorization: `Bearer ${token}` }
  const offered = await sql<{ id: string }[]>`
    update shipping_option set deleted_at = now() where service_zone_id in (${pickups}) and deleted_at is null returning id`
  expect(offered.length).toBeGreaterThan(0)
  let order = ""
  const cancel = () => send(inject("medusa").url, "POST", `/admin/orders/${order}/cancel`, staff)
  const state = async () => {
    const [row] = await sql<{ is_canceled: boolean; refunds: number; is_told: boolean; tries: number }[]>`
      select "order".canceled_at is not null as is_canceled, handed_over_at is not null as is_told, tries,
        (select count(*)::int from order_transaction where order_id = "order".id and amount < 0) as refunds
      from "order" join mostrador.till_payment paid on paid.order_id = "order".id where "order".id = ${order}`
    return row
  }
  try {
    const till = await signIn({ counter }, "madrid")
    const { cart } = await at(counter.url, "POST", "/pos/carts", till, {})
    await at(counter.url, "POST", `/pos/carts/${cart.id}/line-items`, till, {
      ...{ variant_id: variants.unmanaged, quantity: 1 },
    })
    const paid = await at(counter.url, "POST", `/pos/carts/${cart.id}/pay`, till, { tender: "cash", amount: 9_000 })
    order = paid.order.id
    await until("it was tried to tell Medusa", async () => ((await state())?.tries ?? 0) > 0, 60)
    const refused = await cancel()
    expect([refused.status, refused.body.code]).toEqual([400, "order_handed_over"])
    expect(await state()).toMatchObject({ is_canceled: false, is_told: false, refunds: 0 })
  } finally {
    await sql`update shipping_option set deleted_at = null where id in ${sql(offered.map((it) => it.id))}`
  }
  await sql`update mostrador.till_payment set try_at = now() where order_id = ${order}`
  await until("Medusa knows that it was handed over", async () => (await state())?.is_told ?? false, 60)
  const refused = await cancel()
  expect([refused.status, refused.body.code]).toEqual([400, undefined])
  expect(await state()).toMatchObject({ is_canceled: false, refunds: 0 })
}, 180_000)

/** Who has captured and packed is another; and Medusa's rows came one after the other. */
const named = (rows: OrderRows) =>
  Object.fromEntries(
    Object.entries(rows).map(([table, all]) => [
      table,
      all.map((it) => it.replace(/"created_by":("[^"]*"|null)/g, '"created_by":"..."')).sort(),
    ]),
  )
