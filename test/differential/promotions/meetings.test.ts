import { createRequire } from "node:module"
import fc from "fast-check"
import { expect, it } from "vitest"
import {
  type Adjustments,
  BudgetAttributeMissing,
  computeAdjustments,
  type Promotion,
  promotionReference,
} from "../../../src/commerce/promotions/index.ts"
import { type Meeting, meeting } from "./generated-in-memory.ts"
import { adjustmentsOf } from "./medusa-actions.ts"

/** `PROMOTION_RUNS` for more: 25 carts a run. */
const CARTS = 25 * Number(process.env.PROMOTION_RUNS ?? 80)

// Required, since what an import of a CommonJS default is differs between Node and the tests' loader.
const { default: PromotionModuleService } = createRequire(import.meta.url)(
  "@medusajs/promotion/dist/services/promotion-module.js",
)

it("promotions that meet in a cart come to what Medusa's own module computes", { timeout: CARTS * 100 }, async () => {
  const seen = new Map<string, number>()
  const see = (kind: string) => seen.set(kind, (seen.get(kind) ?? 0) + 1)
  await fc.assert(
    fc.asyncProperty(meeting, async (given) => {
      const [theirs, ours] = await Promise.all([askMedusa(given), askOurselves(given)])
      expect(ours).toEqual(theirs)
      if (typeof theirs === "string") see("refused")
      else for (const kind of kindsOf(given.promotions, theirs)) see(kind)
    }),
    { numRuns: CARTS },
  )
  process.stdout.write(`  promotions that met in ${CARTS} carts: ${JSON.stringify(Object.fromEntries(seen))}\n`)
  for (const kind of kinds) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0)
})

const kinds = [
  ...["refused", "promotion_limit_exceeded", "campaign_budget_exceeded", "several at one line"],
  ...["order", "items"].flatMap((target) => ["across", "each", "once", "null"].map((it) => `${target} ${it}`)),
  ...["across", "each", "once"].map((it) => `shipping_methods ${it}`),
  "buyget",
].flatMap((kind) =>
  /^(order|items|shipping_methods|buyget)/.test(kind)
    ? ["percentage", "fixed"].flatMap((type) => [`${kind} ${type}`, `${kind} ${type} with tax`])
    : [kind],
)

function kindsOf(promotions: readonly Promotion[], { items, promotion_ids, skipped }: Adjustments): Set<string> {
  const acted = promotions.filter(({ id }) => promotion_ids.includes(id))
  const found = new Set<string>(skipped.map(({ reason }) => reason))
  for (const { type, is_tax_inclusive, application_method: method } of acted) {
    const kind = type === "buyget" ? type : `${method?.target_type} ${method?.allocation}`
    found.add(`${kind} ${method?.type}${is_tax_inclusive ? " with tax" : ""}`)
  }
  if (new Set(items.map((it) => it.item_id)).size < items.length) found.add("several at one line")
  return found
}

/** Medusa's promotion module without its database: what it would read is given to it. */
async function askMedusa({ promotions, cart, used }: Meeting): Promise<Adjustments | string> {
  const service = Object.assign(Object.create(PromotionModuleService.prototype), {
    baseRepository_: { getFreshManager: () => ({}) },
    listActivePromotions_: async () => promotions,
    campaignBudgetUsageService_: { list: async () => (used === undefined ? [] : [{ used }]) },
  })
  const codes = promotions.map(({ code }) => code)
  try {
    // The option keeps it from asking the database which automatic promotions are possible; nothing else.
    return adjustmentsOf(await service.computeActions(codes, cart, { prevent_auto_promotions: true }))
  } catch (error) {
    return (error as Error).message
  }
}

async function askOurselves({ promotions, cart, used }: Meeting): Promise<Adjustments | string> {
  try {
    const found = await computeAdjustments(promotionReference(promotions), {
      cart,
      codes: new Set(promotions.map(({ code }) => code)),
      now: new Date(),
      readUsage: async () => (used === undefined ? undefined : { used }),
    })
    return "reason" in found ? found.reason : found
  } catch (error) {
    if (error instanceof BudgetAttributeMissing) return error.message
    throw error
  }
}
