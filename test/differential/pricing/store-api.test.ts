import { afterAll, beforeAll, expect, it } from "vitest"
import {
  calculatePrice,
  loadPricing,
  type PreparedPrices,
  type Pricing,
  prepare,
  pricingContext,
  withTax,
} from "../../../src/commerce/pricing/index.ts"
import { loadTax, type Tax, taxLines } from "../../../src/commerce/tax/index.ts"
import type { ChangeFeed } from "../../../src/platform/changes/index.ts"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { demo } from "../../support/counter.ts"
import { theMedusa } from "../../support/medusa.ts"
import { send } from "../compare.ts"
import { readPrices } from "./price-rows.ts"

interface ShownProduct {
  id: string
  type_id: string | null
  variants: { id: string; calculated_price?: unknown }[]
}

let database: Database
let pricing: Pricing
let tax: Tax
/** By the variant's id: its price set and the prices of it. */
let offered: Map<string, { price_set_id: string; prices: PreparedPrices }>

beforeAll(async () => {
  database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
  pricing = await loadPricing(database.db, stillFeed)
  tax = await loadTax(database.db, stillFeed)
  const prices = await readPrices(database)
  const links = await database.sql<{ variant_id: string; price_set_id: string }[]>`
    select variant_id, price_set_id from product_variant_price_set where deleted_at is null`
  offered = new Map(
    links.map(({ variant_id, price_set_id }) => [
      variant_id,
      { price_set_id, prices: prepare(prices.get(price_set_id) ?? []) },
    ]),
  )
})
afterAll(() => database.close())

const shoppers = [
  { region: "es", country_code: "es", currency_code: "eur", member: false },
  { region: "es", country_code: "es", currency_code: "eur", member: true },
  { region: "fr", country_code: "fr", currency_code: "eur", member: true },
  { region: "gb", country_code: "gb", currency_code: "gbp", member: false },
  { region: "es", country_code: undefined, currency_code: "eur", member: true },
  { region: "gb", country_code: "zz", currency_code: "gbp", member: false },
] as const

it.each(shoppers)(
  "the whole catalog costs a shopper what Medusa shows: $region, in $country_code, member: $member",
  async (shopper) => {
    const customer = demo().customers.find((it) => (it.group === "Club") === shopper.member)
    const products = await shownByMedusa(shopper, customer)
    const groups = await database.sql<{ id: string }[]>`
    select customer_group_id as id from customer_group_customer
    where customer_id = ${customer?.id ?? ""} and deleted_at is null`
    const context = pricingContext({
      currency_code: shopper.currency_code,
      region_id: demo().regions[shopper.region],
      customer_groups: groups.map(({ id }) => id),
    })

    let listed = 0
    for (const product of products) {
      const lines =
        shopper.country_code &&
        taxLines(product.id, product.type_id, tax.reference, { country_code: shopper.country_code })
      for (const variant of product.variants) {
        const { price_set_id, prices } = offered.get(variant.id) ?? { price_set_id: "", prices: new Map() }
        const price = calculatePrice(price_set_id, prices, pricing.reference, context, new Date())
        const shown = price && lines ? withTax(price, lines) : price
        expect(JSON.stringify(shown), `${product.id} ${variant.id}`).toBe(JSON.stringify(variant.calculated_price))
        if (price?.is_calculated_price_price_list) listed++
      }
    }
    expect(products.length).toBeGreaterThan(30)
    expect(listed).toBeGreaterThan(10)
  },
)

it("a variant without prices shows none: null with a price set, nothing without one", async () => {
  const [shopper] = shoppers
  const [first] = await shownByMedusa(shopper)
  const variant = first?.variants[0]?.id ?? ""
  const price_set_id = offered.get(variant)?.price_set_id ?? ""
  const shown = async () =>
    (await shownByMedusa(shopper)).find((it) => it.id === first?.id)?.variants.find((it) => it.id === variant)
  const { sql } = database
  try {
    await sql`update price set deleted_at = now() where price_set_id = ${price_set_id}`
    expect(await shown()).toHaveProperty("calculated_price", null)
    await sql`update product_variant_price_set set deleted_at = now() where variant_id = ${variant}`
    expect(await shown()).not.toHaveProperty("calculated_price")
  } finally {
    await sql`update price set deleted_at = null where price_set_id = ${price_set_id}`
    await sql`update product_variant_price_set set deleted_at = null where variant_id = ${variant}`
  }
})

const stillFeed: ChangeFeed = { subscribe() {}, catchUp: async () => {}, close: async () => {} }

async function shownByMedusa(
  shopper: (typeof shoppers)[number],
  customer?: { email: string; password: string },
): Promise<ShownProduct[]> {
  const base = theMedusa().url
  const headers: Record<string, string> = { "x-publishable-api-key": demo().channels.web.publishable_key }
  if (customer) {
    const { email, password } = customer
    const login = await send(base, { method: "POST", path: "/auth/customer/emailpass", body: { email, password } })
    headers.authorization = `Bearer ${(login.body as { token: string }).token}`
  }
  const country = shopper.country_code ? `&country_code=${shopper.country_code}` : ""
  const path = `/store/products?limit=200&region_id=${demo().regions[shopper.region]}${country}&fields=*variants.calculated_price`
  return ((await send(base, { path, headers })).body as { products: ShownProduct[] }).products
}
