import { afterAll, beforeAll, expect, it } from "vitest"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { type Headers, send, signIn } from "../../support/desks.ts"
import { until } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { CARDS, openCards, type ReadyCart, readyCart } from "./cards.ts"
import { type OrderRows, readOrderRows } from "./rows.ts"

let counter: OpenCounter
let database: Database
beforeAll(async () => {
  counter = await openCounterBeforeMedusa()
  database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
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
  const medusa = theMedusa().url
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
  const { stripe: config } = theMedusa()
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

it("a till may stand anywhere: a location gets the pickup option that it lacks with its first sale, and no shopper is offered it", async () => {
  const { sql } = database
  const { url } = counter
  const medusa = theMedusa().url
  const { channels, regions } = demo()
  const { token } = await at(medusa, "POST", "/auth/user/emailpass", {}, demo().admin)
  const staff = { authorization: `Bearer ${token}` }
  const make = (path: string, body: unknown, method = "POST") => at(medusa, method, `/admin/${path}`, staff, body)
  const own = (path: string, body: unknown) => at(url, "POST", `/admin/omnichannel/${path}`, staff, body)
  const named = { name: "Tienda Bilbao", address: { address_1: "Calle del Ancla 3", country_code: "ES" } }
  const { stock_location: place } = await make("stock-locations", named)
  const [variant] = await sql<{ id: string; item: string }[]>`
    select variant.id, part.inventory_item_id as item from product_variant variant
    join product_variant_inventory_item part on part.variant_id = variant.id and part.required_quantity = 1
    where variant.manage_inventory and not variant.allow_backorder order by variant.sku limit 1`
  const levels = `inventory-items/${variant?.item}/location-levels`
  await make(`stock-locations/${place.id}/sales-channels`, { add: [channels.pos.sales_channel_id] })
  await make(levels, { location_id: place.id, stocked_quantity: 2 })
  const [cashier] = await sql<{ user_id: string; stock_location_ids: string[] }[]>`
    select user_id, stock_location_ids from mostrador.staff_member
    join "user" on "user".id = user_id where email = ${demo().staff.cashier.email}`
  const member = `staff/${cashier?.user_id}`
  const options = async () =>
    await sql<{ id: string; set_id: string }[]>`
      select option.id, sets.id as set_id from shipping_option option join service_zone zone on zone.id = option.service_zone_id
      join fulfillment_set sets on sets.id = zone.fulfillment_set_id and sets.type = 'pickup'
      join location_fulfillment_set placed on placed.fulfillment_set_id = sets.id
      where placed.stock_location_id = ${place.id} and option.deleted_at is null`
  let till = ""
  try {
    await own(member, { stock_location_ids: [...(cashier?.stock_location_ids ?? []), place.id] })
    const made = await own("tills", {
      ...{ name: "Caja Bilbao", stock_location_id: place.id, channel_id: channels.pos.channel_id },
    })
    till = made.till.id
    const { pairing_code } = await own(`tills/${till}/pairing-code`, {})
    const device = await at(url, "POST", "/pos/pair", {}, { code: pairing_code.code })
    const shown = { authorization: `Bearer ${device.token}` }
    const { session } = await at(url, "POST", "/pos/sessions", shown, demo().staff.cashier)
    const headers = { ...shown, "x-till-session": session.token }
    const sell = async (): Promise<string> => {
      const { cart } = await at(url, "POST", "/pos/carts", headers, {})
      await at(url, "POST", `/pos/carts/${cart.id}/line-items`, headers, { variant_id: variant?.id, quantity: 1 })
      const paid = await at(url, "POST", `/pos/carts/${cart.id}/pay`, headers, { tender: "cash", amount: 9_000 })
      await until("Medusa knows that it was handed over", async () => await isHandedOver(paid.order.id), 60)
      return paid.order.id
    }
    const isHandedOver = async (order: string) =>
      (await sql`select from mostrador.till_payment where order_id = ${order} and handed_over_at is not null`).length >
      0
    const delivered = async (order: string) =>
      await sql`
        select shipping_option_id, location_id, delivered_at is not null as is_delivered from fulfillment
        join order_fulfillment link on link.fulfillment_id = fulfillment.id where link.order_id = ${order}`

    expect(await options()).toEqual([])
    const first = await sell()
    const [option] = await options()
    const handed = { shipping_option_id: option?.id, location_id: place.id, is_delivered: true }
    expect(await delivered(first)).toEqual([handed])
    // The next order says itself how it was handed over: by the same.
    // What staff change holds here at once, with all that was changed before it.
    await own(`tills/${till}`, { name: "Caja Bilbao 1" })
    const second = await sell()
    expect([await delivered(second), await options()]).toEqual([[handed], [option]])
    const methods = await sql`
      select distinct method.shipping_option_id as id, method.amount::float8 as amount from order_shipping link
      join order_shipping_method method on method.id = link.shipping_method_id where link.order_id = ${second}`
    expect(methods).toEqual([{ id: option?.id, amount: 0 }])
    const [level] = await sql`
      select stocked_quantity::int as stocked, reserved_quantity::int as reserved from inventory_level
      where location_id = ${place.id} and deleted_at is null`
    expect(level).toEqual({ stocked: 0, reserved: 0 })
    const key = { "x-publishable-api-key": channels.pos.publishable_key }
    const { cart } = await at(medusa, "POST", "/store/carts", key, { region_id: regions.es })
    const { shipping_options } = await at(medusa, "GET", `/store/shipping-options?cart_id=${cart.id}`, key)
    expect(shipping_options.map((it: { id: string }) => it.id)).not.toContain(option?.id)
  } finally {
    await own(member, { stock_location_ids: cashier?.stock_location_ids })
    await sql`delete from mostrador.till_session where till_id = ${till}`
    await sql`delete from mostrador.till where id = ${till}`
    for (const { set_id } of await options()) await make(`fulfillment-sets/${set_id}`, undefined, "DELETE")
    await make(`stock-locations/${place.id}`, undefined, "DELETE")
  }
}, 180_000)

it("what was sold at a till nobody cancels, whether or not Medusa has been told of it", async () => {
  const { sql } = database
  const { admin, variants } = demo()
  const { token } = await at(theMedusa().url, "POST", "/auth/user/emailpass", {}, admin)
  const staff = { authorization: `Bearer ${token}` }
  const till = await signIn({ counter }, "madrid")
  const { cart } = await at(counter.url, "POST", "/pos/carts", till, {})
  await at(counter.url, "POST", `/pos/carts/${cart.id}/line-items`, till, {
    variant_id: variants.unmanaged,
    quantity: 1,
  })
  const { order } = await at(counter.url, "POST", `/pos/carts/${cart.id}/pay`, till, { tender: "cash", amount: 9_000 })
  const cancel = () => send(theMedusa().url, "POST", `/admin/orders/${order.id}/cancel`, staff)
  const state = async () => {
    const [row] = await sql<{ is_canceled: boolean; refunds: number; is_told: boolean }[]>`
      select "order".canceled_at is not null as is_canceled, handed_over_at is not null as is_told,
        (select count(*)::int from order_transaction where order_id = "order".id and amount < 0) as refunds
      from "order" join mostrador.till_payment paid on paid.order_id = "order".id where "order".id = ${order.id}`
    return row
  }
  await until("Medusa knows that it was handed over", async () => (await state())?.is_told ?? false, 60)
  const told = await cancel()
  expect([told.status, told.body.code]).toEqual([400, undefined])
  // As it is until Medusa knows: while that takes, or it is down.
  const [{ handed_over_at } = {}] = await sql`
    select handed_over_at::text from mostrador.till_payment where order_id = ${order.id}`
  await sql`
    update mostrador.till_payment set handed_over_at = null, try_at = now() + interval '1 hour' where order_id = ${order.id}`
  await sql`update order_fulfillment set deleted_at = now() where order_id = ${order.id}`
  const untold = await cancel()
  expect([untold.status, untold.body.code]).toEqual([400, "order_handed_over"])
  await sql`update order_fulfillment set deleted_at = null where order_id = ${order.id}`
  await sql`update mostrador.till_payment set handed_over_at = ${handed_over_at} where order_id = ${order.id}`
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
