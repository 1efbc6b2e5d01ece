import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { demo } from "../../support/counter.ts"
import type { Answer } from "../../support/http.ts"
import { openWorld, type World } from "../carts/sequences/world.ts"
import { SPANISH } from "../carts/shop.ts"
import { answeredByLane } from "../catalog/shop.ts"
import { send } from "../compare.ts"
import { fillShelves } from "../shelves.ts"
import { alike, readOrderRows } from "./rows.ts"

/** `AFTERWARDS_RUNS` for more; each is of a cart of its own. */
const RUNS = Number(process.env.AFTERWARDS_RUNS ?? 5)

const told = { orders: 0, byLane: 0 }
let world: World
let admin: Record<string, string>
let tidyUp: (() => Promise<void>) | undefined
beforeAll(async () => {
  world = await openWorld()
  const { email, password } = demo().admin
  const login = await send(world.sides.medusa, {
    ...{ method: "POST", path: "/auth/user/emailpass", body: { email, password } },
  })
  admin = { authorization: `Bearer ${(login.body as { token: string }).token}` }
  // All are ordered twice, and more than there is of anything in the shop.
  tidyUp = await fillShelves(world.sql)
}, 300_000)
afterAll(async () => {
  process.stdout.write(`  ${told.orders} orders, ${told.byLane} of them placed by the lane\n`)
  await tidyUp?.()
  await world?.close()
})

/** What is done with an order when it is placed. */
const DEEDS = ["refund", "return", "exchange", "claim", "edit"] as const
type Deed = (typeof DEEDS)[number]

interface Made {
  region: "es" | "fr" | "gb"
  /** How many of a variant that is of no stock, which some of what is done is done with. */
  plain: number
  items: { variant: string; quantity: number }[]
  codes: string[]
  customer: "member" | "plain" | undefined
  /** Taken off by a gift card, in the major unit. */
  credit: number
}

const made = fc.record<Made>({
  region: fc.constantFrom("es", "fr", "gb"),
  plain: fc.integer({ min: 2, max: 6 }),
  items: fc.uniqueArray(
    fc.record({
      variant: fc.constantFrom("kit", "shared_a", "shared_b", "backorder", "gift", "bulky", "tiny", "sale", "tiers"),
      quantity: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 4, selector: (it) => it.variant },
  ),
  codes: fc.subarray(
    ["across", "each", "half", "order", "parcel", "postage", "pounds", "inclusive", "dear", "bundle"],
    { maxLength: 4 },
  ),
  customer: fc.constantFrom(undefined, "member", "plain"),
  credit: fc.constantFrom(0, 0, 3.33),
})

type Path<T> = T & Record<string, unknown>

/** Sends, and expects that it is done. */
async function fine<T>(side: "counter" | "medusa", method: string, path: string, body?: object, headers = {}) {
  const answer = await send(world.sides[side], { method, path, body, headers: { ...world.keys.web, ...headers } })
  expect([path, answer.status, answer.status < 400 ? "" : answer.text]).toEqual([path, 200, ""])
  return answer.body as Path<T>
}
const staff = <T = object>(path: string, body: object = {}) => fine<T>("medusa", "POST", `/admin/${path}`, body, admin)

/** Makes a cart through Medusa of which nothing is left but to place its order; of a big one its parcels come apart. */
async function make({ region, plain, items, codes, customer, credit }: Made): Promise<string> {
  const { regions, variants, sql } = world
  const headers = customer ? world.tokens[customer] : {}
  const country_code = region
  const address = { ...SPANISH, country_code }
  const idOf = (name: string) => variants[name as keyof typeof variants]
  // Only to Spain it is known what bulky things cost.
  const wanted = items.filter((it) => it.variant !== "bulky" || region === "es")
  const { cart } = await fine<{ cart: { id: string } }>(
    "medusa",
    "POST",
    "/store/carts",
    {
      ...{ region_id: regions[region], email: world.emails.guest, shipping_address: address, billing_address: address },
      promo_codes: codes.map((it) => world.codes[it as keyof typeof world.codes].code),
      items: [
        { variant_id: idOf("plain"), quantity: plain },
        ...wanted.map(({ variant, quantity }) => ({ variant_id: idOf(variant), quantity })),
      ],
    },
    headers,
  )
  const { shipping_options } = await fine<{
    shipping_options: { id: string; shipping_profile_id: string; amount?: number }[]
  }>("medusa", "GET", `/store/shipping-options?cart_id=${cart.id}`)
  const priced = shipping_options.filter((it) => typeof it.amount === "number")
  const profiles = new Map(priced.map((it) => [it.shipping_profile_id, it.id]))
  for (const option_id of [...profiles.values()].sort()) {
    await fine("medusa", "POST", `/store/carts/${cart.id}/shipping-methods`, { option_id })
  }
  if (credit > 0) {
    await sql`
      insert into credit_line (id, cart_id, reference, reference_id, amount, raw_amount)
      values (${`cacl_${cart.id}`}, ${cart.id}, 'gift-card', 'GC1', ${credit},
        ${`{"value":"${credit}","precision":20}`}::text::jsonb)`
  }
  const { payment_collection } = await fine<{ payment_collection: { id: string } }>(
    "medusa",
    "POST",
    "/store/payment-collections",
    { cart_id: cart.id },
  )
  const sessions = `/store/payment-collections/${payment_collection.id}/payment-sessions`
  await fine("medusa", "POST", sessions, { provider_id: "pp_system_default" }, headers)
  return cart.id
}

interface AdminOrder {
  total: number
  items: { id: string; variant_id: string; quantity: number }[]
  shipping_methods: { shipping_option_id: string }[]
  payment_collections: { payments: { id: string; amount: number }[] }[]
}
const readAsStaff = async (order: string) =>
  (
    await fine<{ order: AdminOrder }>(
      "medusa",
      "GET",
      `/admin/orders/${order}?fields=*payment_collections.payments`,
      undefined,
      admin,
    )
  ).order

/** Does it, as the dashboard would. */
async function done(deed: Deed, order_id: string): Promise<void> {
  const order = await readAsStaff(order_id)
  const payment = order.payment_collections[0]?.payments[0]
  const line = order.items.find((it) => it.variant_id === world.variants.plain)
  if (!payment || !line) throw new Error("an order has a payment and what was bought")
  const some = [{ id: line.id, quantity: 1 }]
  const other = [{ variant_id: world.variants.plain, quantity: 1 }]
  if (deed === "edit") {
    await staff("order-edits", { order_id })
    await staff(`order-edits/${order_id}/items/item/${line.id}`, { quantity: line.quantity + 1 })
    await staff(`order-edits/${order_id}/items`, { items: [{ variant_id: world.variants.tiny, quantity: 3 }] })
    await staff(`order-edits/${order_id}/request`)
    await staff(`order-edits/${order_id}/confirm`)
    return
  }
  await staff(`payments/${payment.id}/capture`)
  if (deed === "refund") {
    await staff(`payments/${payment.id}/refund`, { amount: payment.amount })
    return
  }
  const { order: fulfilled } = await staff<{ order: { fulfillments: { id: string }[] } }>(
    `orders/${order_id}/fulfillments?fields=*fulfillments`,
    {
      ...{ items: [{ id: line.id, quantity: line.quantity }], location_id: demo().stock_locations.warehouse },
      shipping_option_id: order.shipping_methods.find((it) => it.shipping_option_id !== world.options.bulky)
        ?.shipping_option_id,
    },
  )
  await staff(`orders/${order_id}/fulfillments/${fulfilled.fulfillments[0]?.id}/mark-as-delivered`)
  if (deed === "return") {
    const { return: it } = await staff<{ return: { id: string } }>("returns", {
      ...{ order_id, location_id: demo().stock_locations.madrid },
    })
    await staff(`returns/${it.id}/request-items`, { items: some })
    await staff(`returns/${it.id}/request`)
    await staff(`returns/${it.id}/receive`)
    await staff(`returns/${it.id}/receive-items`, { items: some })
    await staff(`returns/${it.id}/receive/confirm`)
    await staff(`payments/${payment.id}/refund`, { amount: 1.5 })
  } else if (deed === "exchange") {
    const { exchange } = await staff<{ exchange: { id: string } }>("exchanges", { order_id })
    await staff(`exchanges/${exchange.id}/inbound/items`, { items: some })
    await staff(`exchanges/${exchange.id}/outbound/items`, { items: other })
    await staff(`exchanges/${exchange.id}/request`)
  } else {
    const { claim } = await staff<{ claim: { id: string } }>("claims", { order_id, type: "replace" })
    await staff(`claims/${claim.id}/claim-items`, { items: [{ ...some[0], reason: "production_failure" }] })
    await staff(`claims/${claim.id}/inbound/items`, { items: some })
    await staff(`claims/${claim.id}/outbound/items`, { items: other })
    await staff(`claims/${claim.id}/request`)
  }
}

const orderIn = ({ body }: Answer) => (body as { order: { id: string } }).order.id
const complete = (side: "counter" | "medusa", cart: string) =>
  send(world.sides[side], { method: "POST", path: `/store/carts/${cart}/complete`, headers: world.keys.web })

/** Medusa alone can tell how several discounts of one way of shipping are shared. */
const isOrdinary = async (cart: string) => {
  const several = await world.sql`
    select from cart_shipping_method_adjustment adjustment
    join cart_shipping_method method on method.id = adjustment.shipping_method_id
    where cart_id = ${cart} and adjustment.deleted_at is null and method.deleted_at is null
    group by method.id having count(*) > 1`
  return several.length === 0
}

async function expectSameStory(wanted: Made, deed: Deed): Promise<void> {
  const [theirCart, ourCart] = [await make(wanted), await make(wanted)]
  const theirs = await complete("medusa", theirCart)
  const before = await answeredByLane(world.sides)
  const ours = await complete("counter", ourCart)
  const byLane = (await answeredByLane(world.sides)) - before
  expect(byLane).toBe((await isOrdinary(ourCart)) ? 1 : 0)
  told.orders++
  told.byLane += byLane
  expect([theirs.status, theirs.status === 200 ? "" : theirs.text]).toEqual([200, ""])
  expect({ status: ours.status, body: alike(ours.body) }).toEqual({ status: 200, body: alike(theirs.body) })
  const orders = [orderIn(theirs), orderIn(ours)] as const
  const expectSame = async () => {
    expect(await readOrderRows(world.sql, orders[1])).toEqual(await readOrderRows(world.sql, orders[0]))
    expect(alike(await readAsStaff(orders[1]))).toEqual(alike(await readAsStaff(orders[0])))
  }
  await expectSame()
  for (const order of orders) await done(deed, order)
  await expectSame()
}

describe("an order of the counter's and one of Medusa's stay equal, whatever staff do with them", () => {
  it.each(DEEDS.map((deed, i) => [deed, i] as const))("%s", { timeout: RUNS * 30_000 }, async (deed, i) => {
    const runs = Math.floor(RUNS / DEEDS.length) + (i < RUNS % DEEDS.length ? 1 : 0)
    if (runs === 0) return
    await fc.assert(
      fc.asyncProperty(made, (it) => expectSameStory(it, deed)),
      {
        numRuns: runs,
        endOnFailure: true,
        ...(process.env.AFTERWARDS_SEED ? { seed: Number(process.env.AFTERWARDS_SEED) } : {}),
      },
    )
  })
})
