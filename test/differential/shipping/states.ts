import fc from "fast-check"
import { demo } from "../../support/counter.ts"
import type { World } from "./world.ts"

/** What a cart is made before it is asked for its options. */
export interface State {
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
export const state: fc.Arbitrary<State> = fc.record({
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

/** Makes a cart so, by SQL: one that was filled at Medusa's port. */
export async function bringInto(world: World, cart: string, given: State): Promise<void> {
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
