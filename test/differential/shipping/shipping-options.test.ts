import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { demo } from "../../support/counter.ts"
import { answeredByLane } from "../catalog/shop.ts"
import { expectSame } from "../compare.ts"
import { openWorld, type World } from "./world.ts"

/** Generated requests; `SHIPPING_RUNS` for more. */
const RUNS = Number(process.env.SHIPPING_RUNS ?? 200)
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

/** What a cart is made before it is asked for its options. */
interface State {
  channel: string | null
  region: "es" | "fr" | "gb" | null
  currency: string
  address: {
    country_code: string | null
    province: string | null
    city: string | null
    postal_code: string | null
  } | null
  customer: number | null
  email: string | null
  locale: string | null
  quantity: number
  price: number
  taxInside: boolean
}

const often = <T>(value: T, ...others: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, fc.constantFrom(...others))
const state: fc.Arbitrary<State> = fc.record({
  channel: fc.oneof(
    { weight: 12, arbitrary: fc.constant("both") },
    { weight: 3, arbitrary: fc.constantFrom("south", "nowhere", "web") },
    fc.constantFrom("twice", "closed", null),
  ),
  region: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("es" as const, "es" as const, "fr" as const, "gb" as const) },
    fc.constant(null),
  ),
  currency: often("eur", "gbp", "usd"),
  address: fc.option(
    fc.record({
      country_code: often<string | null>("es", "fr", "gb", "ES", "", null),
      province: fc.constantFrom("MD", "MD", "GAL", "md", "", null),
      city: fc.constantFrom("Madrid", "Madrid", "madrid", "Vigo", "", null),
      postal_code: fc.constantFrom("28004", "28004", "28*", "36001", "", null),
    }),
    { freq: 6 },
  ),
  customer: fc.constantFrom(null, 0, 1, 2),
  email: fc.constantFrom(null, "somebody@example.com", "other@example.com"),
  locale: fc.constantFrom(null, null, "es-ES"),
  quantity: fc.constantFrom(1, 2, 3, 4),
  price: fc.constantFrom(2, 12.5, 25, 33.335, 50, 61, 120),
  taxInside: fc.boolean(),
})

async function makeIt(cart: string, given: State): Promise<void> {
  const { sql, channels } = world
  const { web } = demo().channels
  const channel = given.channel === "web" ? web.sales_channel_id : given.channel && channels[given.channel]
  const address = `caaddr_of_${cart}`
  await sql`update cart set sales_channel_id = ${channel ?? null}, currency_code = ${given.currency},
    region_id = ${given.region && demo().regions[given.region]}, email = ${given.email}, locale = ${given.locale},
    customer_id = ${given.customer === null ? null : (demo().customers[given.customer]?.id ?? null)},
    shipping_address_id = ${given.address && address} where id = ${cart}`
  if (given.address) await sql`update cart_address set ${sql(given.address)} where id = ${address}`
  await sql`update cart_line_item set quantity = ${given.quantity}, unit_price = ${given.price},
    raw_unit_price = ${JSON.stringify({ value: String(given.price), precision: 20 })}::text::jsonb, is_tax_inclusive = ${given.taxInside}
    where cart_id = ${cart}`
}

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

it("any cart is offered what Medusa offers it, at the same prices", { timeout: 300_000 }, async () => {
  const before = await answeredByLane(world.shop.sides)
  const seen = { good: 0, options: 0, insufficient: 0, priceless: 0, free: 0 }
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: world.carts.length - 1 }), state, asked, async (number, given, text) => {
      const cart = world.carts[number] ?? ""
      await makeIt(cart, given)
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
  expect(byLane).toBeGreaterThan(RUNS / 2)
  for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(RUNS / 10)
})
