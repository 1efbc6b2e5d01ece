import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { loadPricing } from "../../../src/commerce/pricing/index.ts"
import { loadShipping } from "../../../src/commerce/shipping/index.ts"
import type { ChangeFeed } from "../../../src/platform/changes/index.ts"
import { demo } from "../../support/counter.ts"
import { answeredByLane } from "../catalog/shop.ts"
import { expectSame, send } from "../compare.ts"
import { expectForetold, step } from "./methods.ts"
import { bringInto, state } from "./states.ts"
import { CARTS, openWorld, type World } from "./world.ts"

/** Generated requests; `SHIPPING_RUNS` for more. */
const RUNS = Number(process.env.SHIPPING_RUNS ?? 200)
/** Sequences of up to three steps; each takes Medusa half a second. */
const METHOD_RUNS = Number(process.env.SHIPPING_METHOD_RUNS ?? 12)
/** Medusa reads these without an order. */
const LIKENESS = { exactly: true, unordered: ["rules", "prices", "price_rules"] }

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const key = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })
const list = (cart: string, query = "") =>
  expectSame(world.shop.sides, { path: `/store/shipping-options?cart_id=${cart}${query}`, headers: key() }, LIKENESS)

const cartNumber = fc.nat({ max: CARTS - 1 })
/** Where nothing is wrong with the cart's channel and region. */
const chargeable = state.map((it) => {
  const isFine = it.channel === "both" || it.channel === "south"
  return { ...it, channel: isFine ? it.channel : "both", region: it.region ?? "es" }
})
const stillFeed: ChangeFeed = { subscribe() {}, catchUp: async () => {}, close: async () => {} }

const FIELDS = [
  ...["metadata", "+metadata", "id,name", "shipping_option_type_id", "+type.label", "nothing", "type", "*type"],
  ...["+service_zone.fulfillment_set.type,*service_zone.fulfillment_set.location.address", "prices", "-name"],
  ...["calculated_price.calculated_amount", "a.b.c.d.e.f", "", "*prices", "amount", "service_zone.name"],
]
const query = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("is_return=true", "is_return=false", "is_return=TRUE", "is_return=no") },
      { weight: 4, arbitrary: fc.constantFrom(...FIELDS).map((it) => `fields=${encodeURIComponent(it)}`) },
      fc.constantFrom("limit=1", "offset=2", "limit=x", "order=name", "order=-id", "order=nothing"),
      fc.constantFrom("with_deleted=true", "enabled_in_store=false", "cart_id=cart_none", "locale=es-ES"),
    ),
    { maxLength: 2 },
  )
  .map((params) => params.map((it) => `&${it}`).join(""))
// Half of all are asked in the plain way.
const asked = fc.oneof(fc.constant(""), query)

it("what becomes of a cart's shipping methods is foretold as Medusa does it", { timeout: 300_000 }, async () => {
  const reference = {
    shipping: await loadShipping(world.sql, stillFeed),
    pricing: await loadPricing(world.database.db, stillFeed),
  }
  const seen = { done: 0, refused: 0, left: 0 }
  await fc.assert(
    fc.asyncProperty(
      cartNumber,
      chargeable,
      fc.array(step, { minLength: 1, maxLength: 3 }),
      async (number, given, steps) => {
        const cart = world.carts[number] ?? ""
        await bringInto(world, cart, given)
        for (const it of steps) seen[await expectForetold(world, reference, cart, it)]++
      },
    ),
    { numRuns: METHOD_RUNS },
  )
  process.stdout.write(`  shipping methods foretold: ${JSON.stringify(seen)}\n`)
  // A few at least of each: chance decides of how many.
  expect(seen.done).toBeGreaterThan(METHOD_RUNS / 10)
  expect(seen.refused).toBeGreaterThan(METHOD_RUNS / 10)
})

it("any cart is offered what Medusa offers it, at the same prices", { timeout: 300_000 }, async () => {
  const before = await answeredByLane(world.shop.sides)
  const seen = { good: 0, options: 0, insufficient: 0, priceless: 0, free: 0 }
  await fc.assert(
    fc.asyncProperty(cartNumber, state, asked, async (number, given, text) => {
      const cart = world.carts[number] ?? ""
      await bringInto(world, cart, given)
      const answer = await list(cart, text)
      if (answer.status !== 200) return
      seen.good++
      const { shipping_options } = answer.body as {
        shipping_options: { amount?: number; insufficient_inventory: boolean }[]
      }
      seen.options += shipping_options.length
      for (const { amount, insufficient_inventory } of shipping_options) {
        if (insufficient_inventory) seen.insufficient++
        if (amount === undefined) seen.priceless++
        if (amount === 0) seen.free++
      }
    }),
    { numRuns: RUNS },
  )
  const byLane = (await answeredByLane(world.shop.sides)) - before
  process.stdout.write(`  ${RUNS} requests, ${byLane} answered by the lane: ${JSON.stringify(seen)}\n`)
  expect(byLane).toBeGreaterThan(RUNS / 3)
  for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(RUNS / 10)
})

it("a change in the dashboard is in the lane's answer as soon as the admin has his own", async () => {
  const { shop, options, zones, carts, sql } = world
  const [cart = ""] = carts
  await sql`update cart set sales_channel_id = ${world.channels.both ?? ""}, region_id = ${demo().regions.es},
    currency_code = 'eur', shipping_address_id = null where id = ${cart}`
  const byLane = await answeredByLane(shop.sides)
  const told: string[] = []
  const change = async (method: string, path: string, body?: object) => {
    const changed = await send(shop.sides.counter, { method, path: `/admin/${path}`, headers: shop.admin, body })
    expect([path, changed.status]).toEqual([path, 200])
    told.push((await list(cart)).text)
  }
  await change("POST", `shipping-options/${options.city}`, { name: "Bicycle", data: { id: "bicycle" } })
  await change("POST", `shipping-options/${options.zip}`, { prices: [{ currency_code: "eur", amount: 3.5 }] })
  await change("POST", `shipping-options/${options.back}`, { rules: [] })
  await change("POST", `stock-locations/${world.locations.north}`, {
    address: { address_1: "Rúa 2", country_code: "es" },
  })
  await change("DELETE", `shipping-options/${options.britain}`)
  await change("POST", `stock-locations/${world.locations.south}/sales-channels`, { remove: [world.channels.both] })
  await sql`update shipping_option_type set label = 'By hand' where label = 'zip'`
  await change("DELETE", `fulfillment-sets/${world.sets.parcels}/service-zones/${zones.spain}`)
  expect(new Set(told).size).toBe(told.length)
  expect(await answeredByLane(shop.sides)).toBeGreaterThanOrEqual(byLane + told.length)
})

it("of a cart that is not there, or deleted, the same is said", async () => {
  const gone = world.carts.at(-1) ?? ""
  await world.sql`update cart set deleted_at = now() where id = ${gone}`
  for (const cart of ["cart_none", gone, "a%20b"]) expect((await list(cart)).status).toBe(404)
  await list("")
})
