import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { theMedusa } from "../../support/medusa.ts"
import { answeredByLane } from "../catalog/shop.ts"
import { expectSame } from "../compare.ts"
import { type CartShop, keyOf, openCartShop, UNORDERED_IN_CARTS } from "./shop.ts"

/** `CART_RUNS` for more. */
const RUNS = Number(process.env.CART_RUNS ?? 250)
const LIKENESS = { exactly: true, unordered: UNORDERED_IN_CARTS }

let shop: CartShop
let carts: Record<string, string>
beforeAll(async () => {
  shop = await openCartShop()
  carts = await shop.carts()
  const { sql, close } = openDatabase(theMedusa().databaseUrl, { connections: 1 })
  // What no route of the Store API makes: credit, and amounts that no currency has.
  await sql`
    insert into credit_line (id, cart_id, reference, reference_id, amount, raw_amount)
    select 'cacl_' || cart, cart, 'gift-card', 'GC1', 2.5, '{"value":"2.500","precision":20}' from unnest(${[
      carts.full ?? "",
      carts.delivered ?? "",
    ]}::text[]) cart`
  await sql`
    update cart_line_item set unit_price = 7.123456789, raw_unit_price = '{"value":"7.123456789123","precision":20}',
      is_tax_inclusive = not is_tax_inclusive
    where id in (select min(id) from cart_line_item where cart_id = any(${[carts.addressed ?? "", carts.delivered ?? ""]})
      group by cart_id)`
  await close()
}, 300_000)
afterAll(() => shop?.counter.close())

const ask = (path: string) => expectSame(shop.sides, { path, headers: keyOf("web") }, LIKENESS)

it.each(["empty", "full", "mine", "addressed", "discounted", "delivered", "paid", "ordered"])(
  "a cart that is %s reads the same, from the lane",
  async (name) => {
    const before = await answeredByLane(shop.sides)
    await ask(`/store/carts/${carts[name]}`)
    const starter =
      "*items, *region, *items.product, *items.variant, *items.thumbnail, *items.metadata, +items.total, *promotions, +shipping_methods.name"
    await ask(`/store/carts/${carts[name]}?fields=${encodeURIComponent(starter)}`)
    expect((await answeredByLane(shop.sides)) - before).toBe(2)
  },
)

it("one that is not there is told of alike", async () => {
  expect((await ask("/store/carts/cart_none")).status).toBe(404)
})

const FIELDS = [
  ...[
    "id",
    "total",
    "item_total",
    "discount_subtotal",
    "original_subtotal",
    "email",
    "metadata",
    "customer_id",
    "nothing",
  ],
  ...[
    "region",
    "*region",
    "region.name",
    "*region.countries",
    "region.countries.id",
    "items",
    "*items",
    "+items.total",
  ],
  ...["items.id", "items.total", "items.subtitle", "items.metadata", "*items.metadata", "*items.thumbnail", "items.*"],
  ...[
    "*items.product",
    "items.product",
    "items.product.id",
    "items.product.tags.id",
    "*items.variant",
    "items.variant",
  ],
  ...["*items.tax_lines", "items.tax_lines.total", "items.tax_lines", "*items.adjustments", "items.adjustments.amount"],
  ...["*promotions", "promotions.code", "promotions.application_method.value", "*customer", "customer.email"],
  ...["customer.groups.id", "*shipping_methods", "shipping_methods.name", "shipping_methods.total", "shipping_methods"],
  ...["*shipping_methods.tax_lines", "shipping_methods.adjustments.code", "*shipping_address", "shipping_address.city"],
  ...["*billing_address", "billing_address", "*payment_collection", "*payment_collection.payment_sessions"],
  ...[
    "payment_collection.amount",
    "payment_collection.payment_sessions.status",
    "*credit_lines",
    "credit_lines.amount",
  ],
  ...["-items", "-region", "-total", "-items.product", "-credit_lines", "-payment_collection", "*", "*total", " "],
  ...["payment_collection.payment_providers.id", "+gift_card_total", "created_at", "completed_at", "__proto__"],
]

it("is answered as Medusa answers it whatever fields are asked for", { timeout: 300_000 }, async () => {
  const before = await answeredByLane(shop.sides)
  let good = 0
  const fields = fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 6 })
  const modified = fc.uniqueArray(fc.constantFrom(...FIELDS.filter((it) => /^[-+*]/.test(it))), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(carts)), fc.oneof(fields, modified), async (name, asked) => {
      const { status } = await ask(`/store/carts/${carts[name]}?fields=${encodeURIComponent(asked.join(","))}`)
      if (status === 200) good++
    }),
    { numRuns: RUNS },
  )
  const byLane = (await answeredByLane(shop.sides)) - before
  process.stdout.write(`  ${RUNS} requests, ${good} of them good, ${byLane} answered by the lane\n`)
  expect(byLane).toBeGreaterThan(good / 2)
})
