import { calculateAmountsWithTax } from "@medusajs/framework/utils"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { amountsWithTax, loadTax, shippingTaxLines, taxLines } from "../../../src/commerce/tax/index.ts"
import type { ChangeFeed } from "../../../src/platform/changes/index.ts"
import { furnishTaxes, type TaxWorld, taxWorld } from "./generated-taxes.ts"
import { type Modules, openModules } from "./modules.ts"

/** Making a counterexample small may take long; what has been found by then is told. */
const PATIENCE_MILLISECONDS = 40_000

let modules: Modules
beforeAll(async () => {
  modules = await openModules()
})
afterAll(() => modules.close())

it("every generated product, and all shipping, is taxed everywhere as Medusa taxes it", async () => {
  const seen = { cases: 0, untaxed: 0, one: 0, combined: 0, forMedusa: 0 }
  await fc.assert(
    fc.asyncProperty(taxWorld, async (world) => {
      await furnishTaxes(modules.database, world)
      const { reference } = await loadTax(modules.database.db, stillFeed)
      for (const address of world.addresses) {
        const sold = [...world.products, ...world.shipping]
        const theirs = await askMedusa(sold, address)
        for (const [index, it] of sold.entries()) {
          const ours =
            "shipping_option_id" in it
              ? shippingTaxLines(it.shipping_option_id, reference, address)
              : taxLines(it.product_id, it.product_type_id, reference, address)
          seen.cases++
          // What Medusa asks of another provider, or fails at, is for it to answer.
          if (theirs === "no answer") seen.forMedusa++
          else if (theirs[index]?.length === 0) seen.untaxed++
          else if (theirs[index]?.length === 1) seen.one++
          else seen.combined++
          const expected = theirs === "no answer" ? undefined : theirs[index]
          expect({ it, address, lines: ours }).toEqual({ it, address, lines: expected })
        }
      }
    }),
    { numRuns: 60, interruptAfterTimeLimit: PATIENCE_MILLISECONDS },
  )
  process.stdout.write(`  taxes compared with Medusa's: ${JSON.stringify(seen)}\n`)
  expect(seen.cases).toBeGreaterThan(500)
  for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(10)
})

it("amounts with and without tax are Medusa's to the last digit", () => {
  const seen = { cases: 0 }
  const decimal = (places: number, max: number) =>
    fc.integer({ min: 0, max }).map((units) => Number(`${units}e-${places}`))
  const amount = fc.oneof(
    { weight: 5, arbitrary: decimal(2, 1_000_000) },
    decimal(0, 100_000),
    decimal(3, 10_000_000),
    decimal(6, 2_000_000_000),
    fc.constantFrom(null, 0, 0.1, 0.2, 0.30000000000000004, 19.99, 1e-7, 123456789012.34),
  )
  const rate = fc.oneof(
    fc.constantFrom(0, 4, 5.5, 10, 19.6, 20, 21, 8.875, 0.1, 0.2, 100),
    decimal(3, 50_000),
    fc.float({ min: 0, max: 100, noNaN: true }),
  )
  fc.assert(
    fc.property(amount, fc.boolean(), fc.array(rate, { maxLength: 3 }), (amount, includesTax, rates) => {
      seen.cases++
      const taxLines = rates.map((rate) => ({ rate }))
      const theirs = calculateAmountsWithTax({ taxLines: taxLines as never, amount: amount as never, includesTax })
      for (const ours of [1, 2].map(() => amountsWithTax(amount, includesTax, taxLines))) {
        expect(ours).toEqual({ with_tax: theirs.priceWithTax, without_tax: theirs.priceWithoutTax })
      }
    }),
    { numRuns: 5_000 },
  )
  process.stdout.write(`  amounts compared with Medusa's: ${JSON.stringify(seen)}\n`)
})

const stillFeed: ChangeFeed = { subscribe() {}, catchUp: async () => {}, close: async () => {} }

async function askMedusa(
  sold: readonly (TaxWorld["products"][number] | TaxWorld["shipping"][number])[],
  address: TaxWorld["addresses"][number],
) {
  const items = sold.map((it, index) => ({ id: String(index), ...it, quantity: 1, unit_price: 1 }))
  try {
    const lines = await modules.tax.getTaxLines(items as never, { address } as never)
    return items.map(({ id }) =>
      lines.flatMap((line) => {
        const { line_item_id, shipping_line_id, ...rest } = line as { line_item_id?: string; shipping_line_id?: string }
        return (line_item_id ?? shipping_line_id) === id ? [rest] : []
      }),
    )
  } catch (error) {
    expect(String(error)).toContain("Unable to retrieve the tax provider")
    return "no answer"
  }
}
