import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import {
  type Adjustments,
  BudgetAttributeMissing,
  computeAdjustments,
  type ForMedusa,
  loadPromotions,
  type PromotionCart,
  type PromotionReference,
  usagesIn,
} from "../../../src/commerce/promotions/index.ts"
import type { ChangeFeed } from "../../../src/platform/changes/index.ts"
import { promotionCart } from "./generated-carts.ts"
import { furnishPromotions, promotionWorld } from "./generated-promotions.ts"
import { adjustmentsOf } from "./medusa-actions.ts"
import { openPromotionModule, type PromotionModule } from "./module.ts"

/** Generated shops, each with ten carts; `PROMOTION_RUNS` for more. */
const WORLDS = Number(process.env.PROMOTION_RUNS ?? 80)
/** Making a counterexample small may take long; what has been found by then is told. */
const PATIENCE_MILLISECONDS = WORLDS * 500

let medusa: PromotionModule
beforeAll(async () => {
  medusa = await openPromotionModule()
})
afterAll(() => medusa.close())

const shop = promotionWorld.chain((world) =>
  fc.record({
    world: fc.constant(world),
    shoppers: fc.array(
      fc.record({
        cart: promotionCart(world.codes),
        codes: fc.oneof(fc.constant<string[]>([]), fc.constant(world.codes), fc.subarray(world.codes)),
      }),
      {
        ...{ minLength: 10, maxLength: 10 },
      },
    ),
  }),
)

const TIMEOUT = { timeout: PATIENCE_MILLISECONDS + 20_000 }
it("every generated cart gets of every generated promotion what Medusa gives", TIMEOUT, async () => {
  const seen = { cases: 0, nothing: 0, items: 0, shipping: 0, buyGet: 0, usedUp: 0, refused: 0, forMedusa: 0 }
  await fc.assert(
    fc.asyncProperty(shop, async ({ world, shoppers }) => {
      await furnishPromotions(medusa.database, world)
      const { reference } = await loadPromotions(medusa.database.sql, stillFeed)
      const answers = await Promise.all(
        shoppers.map(({ codes, cart }) => Promise.all([askMedusa(codes, cart), askOurselves(reference, codes, cart)])),
      )
      for (const [index, { cart, codes }] of shoppers.entries()) {
        const [theirs, ours] = answers[index] as (typeof answers)[number]
        seen.cases++
        if (typeof ours !== "string" && "reason" in ours) {
          seen.forMedusa++
          expect(["unknown_attribute", "no_application_method"]).toContain(ours.reason)
          continue
        }
        expect({ codes, cart, answer: ours }).toEqual({ codes, cart, answer: theirs })
        if (typeof theirs === "string") seen.refused++
        else {
          if (theirs.items.length) seen.items++
          if (theirs.shipping_methods.length) seen.shipping++
          if (theirs.skipped.length) seen.usedUp++
          if (!theirs.items.length && !theirs.shipping_methods.length) seen.nothing++
          const buyGets = world.tables.promotion?.filter((it) => it.type === "buyget").map((it) => it.id)
          if (theirs.promotion_ids.some((id) => buyGets?.includes(id))) seen.buyGet++
        }
      }
    }),
    { numRuns: WORLDS, interruptAfterTimeLimit: PATIENCE_MILLISECONDS },
  )
  process.stdout.write(`  promotions compared with Medusa's: ${JSON.stringify(seen)}\n`)
  const { cases, forMedusa, ...kinds } = seen
  expect(cases).toBeGreaterThan(6 * WORLDS)
  expect(forMedusa / cases).toBeLessThan(0.25)
  for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(2)
})

const stillFeed: ChangeFeed = { subscribe() {}, catchUp: async () => {}, close: async () => {} }

/** @returns what is to be written, or why it was refused */
async function askMedusa(codes: string[], cart: PromotionCart): Promise<Adjustments | string> {
  try {
    return inOneOrder(adjustmentsOf(await medusa.promotion.computeActions(codes, structuredClone(cart) as never)))
  } catch (error) {
    return (error as Error).message
  }
}

async function askOurselves(
  reference: PromotionReference,
  codes: string[],
  cart: PromotionCart,
): Promise<Adjustments | ForMedusa | string> {
  const before = JSON.stringify(cart)
  try {
    const readUsage = usagesIn(medusa.database.sql)
    const ours = await computeAdjustments(reference, { cart, codes: new Set(codes), now: new Date(), readUsage })
    return "reason" in ours ? ours : inOneOrder(ours)
  } catch (error) {
    if (error instanceof BudgetAttributeMissing) return error.message
    throw error
  } finally {
    expect(JSON.stringify(cart)).toBe(before)
  }
}

/** Which row is written first is nobody's business. */
function inOneOrder(found: Adjustments): Adjustments {
  const sorted = <T>(rows: T[]) => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  const items = found.items.map(({ item_id, promotion_id, code, amount, is_tax_inclusive }) => ({
    ...{ item_id, promotion_id, code, amount, is_tax_inclusive },
  }))
  const shipping_methods = found.shipping_methods.map(({ shipping_method_id, promotion_id, code, amount }) => ({
    ...{ shipping_method_id, promotion_id, code, amount },
  }))
  const skipped = found.skipped.map(({ code, reason }) => ({ code, reason }))
  return {
    items: sorted(items),
    shipping_methods: sorted(shipping_methods),
    promotion_ids: sorted(found.promotion_ids),
    skipped: sorted(skipped),
  }
}
