import { afterAll, beforeAll, expect, it } from "vitest"
import type { OpenCounter } from "../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { type Headers, send, signIn } from "../support/desks.ts"
import { follow } from "../support/events.ts"
import { until } from "../support/http.ts"

let counter: OpenCounter
beforeAll(async () => {
  counter = await openCounterBeforeMedusa({ cartMerge: "sum" })
}, 120_000)
afterAll(() => counter?.close())

const call = async (method: string, path: string, headers: Headers, body?: unknown) => {
  const answer = await send(counter.url, method, path, headers, body)
  expect([method, path, answer.status, answer.status < 300 ? "" : answer.text]).toEqual([method, path, 200, ""])
  return answer.body
}
const logIn = async (actor: "customer" | "user", { email, password }: { email: string; password: string }) => ({
  authorization: `Bearer ${(await call("POST", `/auth/${actor}/emailpass`, {}, { email, password })).token}`,
})
const keyOf = (channel: "web" | "app") => ({ "x-publishable-api-key": demo().channels[channel].publishable_key })

interface Level {
  location_id: string
  stocked_quantity: number
  reserved_quantity: number
}

it("a cart is begun as a guest on the web, met on the app, changed by an agent, and closed at the till in Madrid", {
  timeout: 180_000,
}, async () => {
  const shopper = demo().customers[3]
  if (!shopper) throw new Error("the demo shop has four customers")
  const { es } = demo().regions
  const { madrid } = demo().stock_locations
  const staff = await logIn("user", demo().admin)
  const agent = await logIn("user", demo().staff.agent)
  const stockOf = async (variant: string): Promise<Level[]> =>
    (await call("GET", `/admin/omnichannel/stock?variant_id=${variant}&limit=100`, staff)).stock_levels

  // Things that lie in Madrid, by their codes.
  const { products } = await call("GET", `/store/products?limit=40&fields=id,*variants&region_id=${es}`, keyOf("web"))
  const coded = products.flatMap((it: { variants: { id: string; ean: string | null; manage_inventory: boolean }[] }) =>
    it.variants.filter(({ ean, manage_inventory }) => ean && manage_inventory).slice(0, 1),
  )
  const goods: { id: string; ean: string }[] = []
  for (const it of coded) {
    const levels = await stockOf(it.id)
    const here = levels.filter((level) => level.location_id === madrid)
    if (here.length === 1 && levels.length > 1 && here.every((level) => level.stocked_quantity > 5)) goods.push(it)
    if (goods.length === 4) break
  }
  const [one, two, other, added] = goods
  if (!one || !two || !other || !added) throw new Error("too little lies in Madrid")
  const before = await stockOf(one.id)

  // The guest, on the web.
  const guest = (await call("POST", "/store/carts", keyOf("web"), { region_id: es })).cart
  for (const { id } of [one, two]) {
    await call("POST", `/store/carts/${guest.id}/line-items`, keyOf("web"), { variant_id: id, quantity: 1 })
  }
  // The customer, on the app, with another cart.
  const token = await logIn("customer", shopper)
  const app = { ...keyOf("app"), ...token }
  const web = { ...keyOf("web"), ...token }
  const his = (await call("GET", `/store/customers/me/cart?region_id=${es}`, app)).cart
  await call("POST", `/store/carts/${his.id}/line-items`, app, { variant_id: other.id, quantity: 1 })
  const met = await call("POST", `/store/carts/${guest.id}/customer`, app, {})
  expect([met.cart.id, met.cart.items.length, met.merge.dropped]).toEqual([guest.id, 3, []])
  for (const [headers, id] of [[web, guest.id] as const, [app, his.id] as const]) {
    expect((await call("GET", `/store/carts/${id}`, headers)).cart.items).toHaveLength(3)
  }
  const devices = await Promise.all([
    follow(`${counter.url}/store/carts/${guest.id}/stream`, web),
    follow(`${counter.url}/store/carts/${his.id}/stream`, app),
  ])

  // The agent, on the telephone.
  const spoken = encodeURIComponent(shopper.phone.replace("+34", "0034 "))
  const { customers } = await call("GET", `/agent/customers?phone=${spoken}`, agent)
  expect(customers).toEqual([expect.objectContaining({ id: shopper.id, cart_id: guest.id })])
  const cart = (await call("GET", `/agent/customers/${shopper.id}/cart`, agent)).cart
  await call("POST", `/agent/carts/${cart.id}/line-items`, agent, { variant_id: added.id, quantity: 1 })

  // A code takes it to the till.
  const { handoff } = await call("POST", `/store/carts/${guest.id}/handoff`, web, { to: "pos" })
  const till = await signIn({ counter }, "madrid")
  const claimed = (await call("POST", `/pos/handoffs/${handoff.code}/claim`, till)).cart
  expect([claimed.id, claimed.items.length]).toEqual([guest.id, 4])
  await call("POST", `/pos/carts/${guest.id}/scan`, till, { barcode: one.ean })
  const line = claimed.items.find((it: { variant_id: string }) => it.variant_id === two.id)
  await call("DELETE", `/pos/carts/${guest.id}/line-items/${line.id}`, till)
  const paid = await call("POST", `/pos/carts/${guest.id}/pay`, till, { tender: "cash", amount: 5_000 })
  expect(paid.receipt).toMatchObject({ number: expect.stringMatching(/^MAD-\d{6}$/), total: paid.order.total })
  expect(paid.receipt.lines.map((it: { quantity: number }) => it.quantity).sort()).toEqual([1, 1, 2])

  // Web and app see the order at once.
  for (const device of devices) {
    await until("the order is told", () => device.events.some((it) => it.name === "order.placed"), 1)
    const told = device.events.map((it) => it.name).filter((it) => it !== "presence")
    expect(told).toEqual([
      ...["cart.line_added", "cart.handed_over", "cart.line_added", "cart.line_removed"],
      ...told.slice(4),
    ])
    device.leave()
  }
  const { orders } = await call("GET", "/store/orders?limit=100&fields=id", app)
  expect(orders.filter((it: { id: string }) => it.id === paid.order.id)).toHaveLength(1)

  // Medusa knows that it was handed over, and took it off the shelves of Madrid alone.
  let delivered: { fulfillment_status: string; payment_status: string } | undefined
  await until(
    "it is delivered",
    async () => {
      delivered = (await call("GET", `/store/orders/${paid.order.id}`, app)).order
      return delivered?.fulfillment_status === "delivered"
    },
    60,
  )
  expect(delivered?.payment_status).toBe("captured")
  const levels = (rows: Level[]) =>
    new Map(rows.map((it) => [it.location_id, it.stocked_quantity - it.reserved_quantity]))
  const was = levels(before)
  was.set(madrid, (was.get(madrid) ?? 0) - 2)
  expect(levels(await stockOf(one.id))).toEqual(was)

  // The history tells all of it, in order.
  const { history } = await call("GET", `/admin/omnichannel/carts/${guest.id}/history?limit=200`, staff)
  const story = history.map((it: { name: string; actor: { type: string } }) => `${it.name} ${it.actor.type}`)
  const wanted = [
    ...["cart.created guest", "cart.line_added guest", "cart.line_added guest", "cart.line_added customer"],
    ...["cart.merged customer", "cart.line_added agent", "cart.handed_over cashier", "cart.line_added cashier"],
    ...["cart.line_removed cashier", "order.placed cashier"],
  ]
  let at = -1
  for (const it of wanted) {
    const next = story.indexOf(it, at + 1)
    expect([it, next > at, story]).toEqual([it, true, story])
    at = next
  }
})
