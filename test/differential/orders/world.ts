import { randomUUID } from "node:crypto"
import { expect } from "vitest"
import { demo } from "../../support/counter.ts"
import { type CartShop, keyOf, SPANISH } from "../carts/shop.ts"
import { type Sides, send } from "../compare.ts"

type Headers = Record<string, string>

/** A customer of these tests alone, so that nobody else's orders are in his list. */
export async function newCustomer({ sides }: CartShop): Promise<Headers> {
  const login = { email: `${randomUUID()}@example.com`, password: "secret-1234" }
  const ask = async (path: string, body: object, headers: Headers = {}) => {
    const answer = await send(sides.medusa, { method: "POST", path, body, headers: { ...keyOf("web"), ...headers } })
    expect([path, answer.status, answer.status === 200 ? "" : answer.text]).toEqual([path, 200, ""])
    return { authorization: `Bearer ${(answer.body as { token: string }).token}` }
  }
  const registered = await ask("/auth/customer/emailpass/register", login)
  await ask("/store/customers", { email: login.email, first_name: "Vega" }, registered)
  return await ask("/auth/customer/emailpass", login)
}

/** What an order is made of. */
export interface Ordered {
  region?: "es" | "gb"
  items?: { variant: "kit" | "shared_a" | "unmanaged"; quantity: number; metadata?: object }[]
  code?: boolean
  billing?: boolean
}

/**
 * Orders through Medusa's Store API.
 *
 * @param placing  who makes an order of the cart
 */
export async function order(
  { medusa, sides }: CartShop,
  headers: Headers,
  { region = "es", items = LINES, code = false, billing = true }: Ordered = {},
  placing: keyof Sides = "medusa",
): Promise<string> {
  const { regions, variants, promotions } = demo()
  const address = { ...SPANISH, country_code: region }
  const body = {
    ...{ region_id: regions[region], email: "vega@example.com", shipping_address: address },
    ...(billing ? { billing_address: { ...address, company: "Vega SL", metadata: { vat: "X1" } } } : {}),
    ...{ promo_codes: code ? [promotions.code] : [], metadata: { from: "web" } },
    items: items.map(({ variant, ...it }) => ({ ...it, variant_id: variants[variant] })),
  }
  const { id } = ((await medusa("POST", "/store/carts", body, headers)).body as { cart: { id: string } }).cart
  const offered = await medusa("GET", `/store/shipping-options?cart_id=${id}`)
  const [option] = (offered.body as { shipping_options: { id: string }[] }).shipping_options
  await medusa("POST", `/store/carts/${id}/shipping-methods`, { option_id: option?.id, data: { door: 3 } })
  const made = await medusa("POST", "/store/payment-collections", { cart_id: id })
  const { id: collection } = (made.body as { payment_collection: { id: string } }).payment_collection
  const session = { provider_id: "pp_system_default" }
  await medusa("POST", `/store/payment-collections/${collection}/payment-sessions`, session, headers)
  const completing = { method: "POST", path: `/store/carts/${id}/complete`, headers: keyOf("web") }
  const completed = await send(sides[placing], completing)
  expect([completed.status, completed.status === 200 ? "" : completed.text]).toEqual([200, ""])
  return (completed.body as { order: { id: string } }).order.id
}

const LINES: NonNullable<Ordered["items"]> = [
  { variant: "kit", quantity: 1, metadata: { gift: true } },
  { variant: "shared_a", quantity: 3 },
  { variant: "unmanaged", quantity: 2 },
]

interface Line {
  id: string
  variant_id: string
}
interface AdminOrder {
  items: Line[]
  fulfillments: { id: string }[]
  payment_collections: { payments: { id: string; amount: number }[] }[]
}

/** What staff do with an order, through Medusa's Admin API. */
export interface Staff {
  capture(order: string, amount?: number): Promise<void>
  refund(order: string, amount: number): Promise<void>
  /** @returns the fulfilment */
  fulfil(order: string, ...quantities: number[]): Promise<string>
  ship(order: string, fulfillment: string, ...quantities: number[]): Promise<void>
  deliver(order: string, fulfillment: string): Promise<void>
  cancelFulfilment(order: string, fulfillment: string): Promise<void>
  cancel(order: string): Promise<void>
  complete(order: string): Promise<void>
  archive(order: string): Promise<void>
  /** @returns the return */
  requestReturn(order: string, ...quantities: number[]): Promise<string>
  receive(order: string, asked: string, ...quantities: number[]): Promise<void>
  /** Adds a unit of the first line and a line of another variant. */
  edit(order: string): Promise<void>
  credit(order: string, amount: number): Promise<void>
}

/** By the lines' order in `LINES`: what is asked of each, and nothing of those of which it is 0. */
export function staffOf({ sides, admin }: CartShop): Staff {
  const ask = async (path: string, body?: object, method = "POST") => {
    const answer = await send(sides.medusa, { method, path: `/admin/${path}`, headers: admin, body })
    expect([path, answer.status, answer.status === 200 ? "" : answer.text]).toEqual([path, 200, ""])
    return answer.body
  }
  const read = async (order: string) => {
    const path = `orders/${order}?fields=*payment_collections.payments,*items,*fulfillments`
    return ((await ask(path, undefined, "GET")) as { order: AdminOrder }).order
  }
  const payment = async (order: string) => (await read(order)).payment_collections[0]?.payments[0]?.id
  const items = async (order: string, quantities: number[]) => {
    const { variants } = demo()
    const wanted = [variants.kit, variants.shared_a, variants.unmanaged]
    const { items: lines } = await read(order)
    return quantities.flatMap((quantity, i) => {
      const line = lines.find((it) => it.variant_id === wanted[i])
      return quantity > 0 && line ? [{ id: line.id, quantity }] : []
    })
  }
  return {
    async capture(order, amount) {
      await ask(`payments/${await payment(order)}/capture`, amount === undefined ? {} : { amount })
    },
    async refund(order, amount) {
      await ask(`payments/${await payment(order)}/refund`, { amount })
    },
    async fulfil(order, ...quantities) {
      const before = new Set((await read(order)).fulfillments.map((it) => it.id))
      const body = { items: await items(order, quantities), location_id: demo().stock_locations.warehouse }
      await ask(`orders/${order}/fulfillments`, body)
      return (await read(order)).fulfillments.find((it) => !before.has(it.id))?.id ?? ""
    },
    async ship(order, fulfillment, ...quantities) {
      const labels = [{ tracking_number: "T1", tracking_url: "https://t.example/1", label_url: "https://t.example/l" }]
      await ask(`orders/${order}/fulfillments/${fulfillment}/shipments`, {
        items: await items(order, quantities),
        labels,
      })
    },
    async deliver(order, fulfillment) {
      await ask(`orders/${order}/fulfillments/${fulfillment}/mark-as-delivered`, {})
    },
    async cancelFulfilment(order, fulfillment) {
      await ask(`orders/${order}/fulfillments/${fulfillment}/cancel`, {})
    },
    async cancel(order) {
      await ask(`orders/${order}/cancel`)
    },
    async complete(order) {
      await ask(`orders/${order}/complete`, {})
    },
    async archive(order) {
      await ask(`orders/${order}/archive`)
    },
    async requestReturn(order, ...quantities) {
      const location_id = demo().stock_locations.warehouse
      const begun = (await ask("returns", { order_id: order, location_id })) as { return: { id: string } }
      const { id } = begun.return
      await ask(`returns/${id}/request-items`, { items: await items(order, quantities) })
      await ask(`returns/${id}/request`, {})
      return id
    },
    async receive(order, asked, ...quantities) {
      await ask(`returns/${asked}/receive`, {})
      await ask(`returns/${asked}/receive-items`, { items: await items(order, quantities) })
      await ask(`returns/${asked}/receive/confirm`, {})
    },
    async edit(order) {
      await ask("order-edits", { order_id: order })
      const [line] = await items(order, [2])
      await ask(`order-edits/${order}/items/item/${line?.id}`, { quantity: 2 })
      await ask(`order-edits/${order}/items`, { items: [{ variant_id: demo().variants.shared_b, quantity: 2 }] })
      await ask(`order-edits/${order}/request`, {})
      await ask(`order-edits/${order}/confirm`, {})
    },
    async credit(order, amount) {
      await ask(`orders/${order}/credit-lines`, { amount, reference: "gift-card", reference_id: "GC1" })
    },
  }
}

/** Orders in all states that staff bring them into, by what they are called here. */
export async function manyOrders(shop: CartShop, customer: Headers): Promise<Record<string, string>> {
  const staff = staffOf(shop)
  const made: Record<string, string> = {}
  const make = async (name: string, ordered: Ordered, work: (id: string) => Promise<unknown> = async () => {}) => {
    const id = await order(shop, customer, ordered)
    made[name] = id
    await work(id)
  }
  await make("placed", {})
  await make("discounted", { code: true, billing: false })
  await make("without tax in its prices", { region: "gb", code: true })
  await make("captured", {}, (id) => staff.capture(id))
  await make("captured in part", {}, (id) => staff.capture(id, 5))
  await make("refunded in part", { code: true }, async (id) => {
    await staff.capture(id)
    await staff.refund(id, 3.21)
  })
  await make("fulfilled in part", {}, (id) => staff.fulfil(id, 0, 2, 0))
  await make("fulfilled", {}, (id) => staff.fulfil(id, 1, 3, 2))
  await make("shipped", { code: true }, async (id) => staff.ship(id, await staff.fulfil(id, 1, 3, 2), 1, 3, 2))
  await make("delivered", {}, async (id) => {
    const parcel = await staff.fulfil(id, 1, 3, 2)
    await staff.ship(id, parcel, 1, 3, 2)
    await staff.deliver(id, parcel)
    await staff.capture(id)
    await staff.complete(id)
  })
  await make("in two parcels", { region: "gb" }, async (id) => {
    await staff.ship(id, await staff.fulfil(id, 1, 0, 0), 1, 0, 0)
    await staff.cancelFulfilment(id, await staff.fulfil(id, 0, 1, 0))
    await staff.fulfil(id, 0, 2, 0)
  })
  await make("unpacked", {}, async (id) => staff.cancelFulfilment(id, await staff.fulfil(id, 1, 3, 2)))
  await make("canceled", { code: true }, (id) => staff.cancel(id))
  await make("captured and canceled", {}, async (id) => {
    await staff.capture(id)
    await staff.cancel(id)
  })
  await make("archived", {}, async (id) => {
    await staff.complete(id)
    await staff.archive(id)
  })
  await make("credited", {}, (id) => staff.credit(id, 2.5))
  await make("coming back", { code: true }, async (id) => {
    await staff.deliver(id, await staff.fulfil(id, 1, 3, 2))
    await staff.requestReturn(id, 0, 2, 0)
  })
  await make("come back", { region: "gb", code: true }, async (id) => {
    await staff.deliver(id, await staff.fulfil(id, 1, 3, 2))
    await staff.receive(id, await staff.requestReturn(id, 1, 2, 0), 1, 1, 0)
  })
  await make("edited", { code: true }, (id) => staff.edit(id))
  return made
}
