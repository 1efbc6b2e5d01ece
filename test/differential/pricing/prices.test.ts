import { flattenObjectToKeyValuePairs } from "@medusajs/framework/utils"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import {
  type AttributeValue,
  type CalculatedPrice,
  calculatePrice,
  loadPricing,
  type Price,
  type PricingContext,
  type PricingReference,
  prepare,
} from "../../../src/commerce/pricing/index.ts"
import type { ChangeFeed } from "../../../src/platform/changes/index.ts"
import { furnishPrices, type PriceWorld, priceWorld } from "./generated-prices.ts"
import { type Modules, openModules } from "./modules.ts"
import { readPrices } from "./price-rows.ts"

const WORLDS = 75
const CASES = 2_000
/** Making a counterexample small may take long; what has been found by then is told. */
const PATIENCE_MILLISECONDS = 40_000

let modules: Modules
beforeAll(async () => {
  modules = await openModules()
})
afterAll(() => modules.close())

it("every generated price set costs every generated shopper what Medusa asks", async () => {
  const seen = { cases: 0, none: 0, base: 0, sale: 0, override: 0, taxInclusive: 0, equallyGood: 0 }
  await fc.assert(
    fc.asyncProperty(priceWorld, async (world) => {
      await furnishPrices(modules.database, world)
      const { reference } = await loadPricing(modules.database.db, stillFeed)
      const prices = await readPrices(modules.database)
      for (const context of world.contexts) {
        const theirs = await askMedusa(world, context)
        for (const { id } of world.sets as { id: string }[]) {
          const ours = ask(id, prices.get(id) ?? [], reference, context)
          const expected = theirs.get(id) ?? null
          seen.cases++
          if (!expected) seen.none++
          else if (!expected.is_calculated_price_price_list) seen.base++
          else seen[expected.calculated_price.price_list_type ?? "sale"]++
          if (expected?.is_calculated_price_tax_inclusive) seen.taxInclusive++
          if (JSON.stringify(ours) === JSON.stringify(expected)) continue
          const choices = inEveryOrderOfEquals(prices.get(id) ?? []).map((it) => ask(id, it, reference, context))
          if (choices.some((it) => JSON.stringify(it) === JSON.stringify(expected))) seen.equallyGood++
          else
            expect({ context, set: prices.get(id), price: ours }).toEqual({
              context,
              set: prices.get(id),
              price: expected,
            })
        }
      }
    }),
    { numRuns: WORLDS, interruptAfterTimeLimit: PATIENCE_MILLISECONDS },
  )
  process.stdout.write(`  prices compared with Medusa's: ${JSON.stringify(seen)}\n`)
  const { cases, equallyGood, ...kinds } = seen
  expect(cases).toBeGreaterThan(CASES)
  expect(equallyGood / cases).toBeLessThan(0.01)
  for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(100)
})

const stillFeed: ChangeFeed = { subscribe() {}, catchUp: async () => {}, close: async () => {} }

async function askMedusa(world: PriceWorld, context: Record<string, unknown>): Promise<Map<string, CalculatedPrice>> {
  // What Medusa does itself after it has written rules: these were written by SQL.
  const service = modules.pricing as unknown as { pricingRepository_: { clearAvailableAttributes(): void } }
  service.pricingRepository_.clearAvailableAttributes()
  const answers = await modules.pricing.calculatePrices(
    { id: (world.sets as { id: string }[]).map(({ id }) => id) },
    { context: structuredClone(context) as never },
  )
  return new Map(answers.map((it) => [it.id, it as unknown as CalculatedPrice]))
}

function ask(id: string, prices: Price[], reference: PricingReference, context: Record<string, unknown>) {
  const { quantity, currency_code, ...attributes } = context
  const ours = {
    quantity,
    currency_code,
    region_id: context.region_id,
    attributes: new Map(Object.entries(flattenObjectToKeyValuePairs(attributes) as Record<string, AttributeValue>)),
  } as PricingContext
  return calculatePrice(id, prepare(prices), reference, ours, new Date())
}

/** Postgres may put prices of one amount in any order; all others stay where they are. */
function inEveryOrderOfEquals(prices: Price[]): Price[][] {
  const equals = new Map<string, Price[]>()
  for (const price of prices) {
    const key = `${price.currency_code} ${Number(price.amount)}`
    equals.set(key, [...(equals.get(key) ?? []), price])
  }
  return [...equals.values()].reduce<Price[][]>(
    (orders, group) => orders.flatMap((order) => permutations(group).map((it) => [...order, ...it])),
    [[]],
  )
}

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items]
  return items.flatMap((it, index) => permutations(items.toSpliced(index, 1)).map((rest) => [it, ...rest]))
}
