import fc from "fast-check"
import { expect } from "vitest"
import { readCartTotals } from "../../../src/commerce/carts/index.ts"
import type { Pricing } from "../../../src/commerce/pricing/index.ts"
import {
  type ChosenOption,
  chargedOptions,
  LeftToMedusa,
  methodsAfterRefresh,
  methodsForOptions,
  readCartToShip,
  type Shipping,
  type ShippingLine,
  type ShippingMethod,
  ShippingRefused,
} from "../../../src/commerce/shipping/index.ts"
import { demo } from "../../support/counter.ts"
import { send } from "../compare.ts"
import type { World } from "./world.ts"

/** What is done to a cart: options are chosen, by name, or it is touched so that Medusa refreshes it. */
export type Step = { choose: { option: string; data?: Record<string, unknown> }[] } | { touch: true }

const OPTIONS = ["standard", "galicia", "city", "zip", "britain", "pickup", "members", "listed", "addressed"]
const RARE = ["gone", "back", "priceless", "stranger", "nothing", "shared"]
const chosen = fc.record(
  {
    option: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...OPTIONS) }, fc.constantFrom(...RARE)),
    data: fc.constantFrom({ door: "4" }, { point: { id: 7 } }),
  },
  { requiredKeys: ["option"], noNullPrototype: true },
)
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ choose: fc.array(chosen, { minLength: 1, maxLength: 3 }) }) },
  fc.constant({ touch: true as const }),
)

type Method = ShippingMethod & { data: Record<string, unknown> | null }
type Outcome = { methods: object[] } | { refused: string }

const withoutId = ({ id: _, ...method }: Method) => method

/**
 * Takes a step at Medusa's port, and holds the cart's methods afterwards against what is foretold.
 *
 * @returns what became of it, for the test to count
 */
export async function expectForetold(
  world: World,
  reference: { shipping: Shipping; pricing: Pricing },
  cart: string,
  it: Step,
): Promise<"left" | "refused" | "done"> {
  // Medusa gives a cart that is touched the currency of its region again.
  if ("touch" in it) {
    await world.sql`
      update cart set currency_code = region.currency_code from region where region.id = region_id and cart.id = ${cart}`
  }
  const foretold = await foretell(world, reference, cart, it)
  if (foretold === "left") return "left"
  const asked =
    "touch" in it
      ? { path: `/store/carts/${cart}`, body: { metadata: { touched: String(Math.random()) } } }
      : { path: `/store/carts/${cart}/shipping-methods`, body: chosenOf(world, it) }
  const headers = { "x-publishable-api-key": demo().channels.web.publishable_key }
  const answer = await send(world.shop.sides.medusa, { method: "POST", headers, ...asked })
  const found: Outcome =
    answer.status === 200
      ? { methods: (await readMethods(world, cart)).map(withoutId) }
      : { refused: `${answer.status} ${(answer.body as { message: string }).message}` }
  expect(sorted(found)).toEqual(sorted(foretold))
  return "refused" in foretold ? "refused" : "done"
}

async function foretell(
  { sql, ...world }: World,
  { shipping, pricing }: { shipping: Shipping; pricing: Pricing },
  id: string,
  it: Step,
): Promise<Outcome | "left"> {
  const { cart } = (await readCartToShip(sql, id)) ?? {}
  if (!cart) throw new Error("no such cart")
  const totals = await readCartTotals(sql, id, () => 2)
  const question = { cart, totals, pricing: pricing.reference, now: new Date() }
  let methods = await readMethods({ sql }, id)
  try {
    if ("choose" in it) {
      const made = methodsForOptions(chosenOf(world, it), methods, shipping.reference, question)
      if (made instanceof LeftToMedusa) return "left"
      const created = made.created.map((method, i) => ({ id: `new ${i}`, ...method }))
      methods = [...methods.filter((method) => !made.removed.includes(method.id)), ...created]
    }
    if (methods.length === 0) return { methods }
    const ids = methods.flatMap((method) => method.shipping_option_id ?? [])
    const offered = chargedOptions(ids, shipping.reference, question)
    if (offered instanceof LeftToMedusa) return "left"
    const refreshed = methodsAfterRefresh(methods, await readLines({ sql }, id), offered)
    if (refreshed instanceof LeftToMedusa) return "left"
    const { removed, updated } = refreshed
    const left = methods.filter((method) => !removed.includes(method.id))
    const after = left.map((method) => ({ ...method, ...updated.find((change) => change.id === method.id) }))
    return { methods: after.map(withoutId) }
  } catch (error) {
    if (error instanceof ShippingRefused) return { refused: `400 ${error.message}` }
    throw error
  }
}

const chosenOf = ({ options }: Pick<World, "options">, { choose }: { choose: { option: string; data?: object }[] }) =>
  choose.map(({ option, ...more }) => {
    return { option_id: options[option as keyof typeof options] ?? "so_none", ...more } as ChosenOption
  })

/** Amounts as they stand in `raw_amount`, of which the other is a copy. */
const readMethods = async ({ sql }: Pick<World, "sql">, cart: string): Promise<Method[]> => [
  ...(await sql<Method[]>`
    select id, shipping_option_id, name, (raw_amount->>'value')::float8 as amount, is_tax_inclusive, data
    from cart_shipping_method where cart_id = ${cart} and deleted_at is null and amount = (raw_amount->>'value')::numeric
    order by id`),
]

const readLines = ({ sql }: Pick<World, "sql">, cart: string) => sql<ShippingLine[]>`
  select line.requires_shipping, link.shipping_profile_id
  from cart_line_item line
  left join product_variant variant on variant.id = line.variant_id and variant.deleted_at is null
  left join product_shipping_profile link on link.product_id = variant.product_id and link.deleted_at is null
  where line.cart_id = ${cart} and line.deleted_at is null`

const sorted = (it: Outcome) =>
  "methods" in it ? it.methods.map((method) => JSON.stringify(Object.entries(method).sort())).sort() : it
