import { createRequire } from "node:module"
import type { PromotionCart } from "./cart.ts"
import type { Promotion } from "./promotion.ts"

export { flattenObjectToKeyValuePairs } from "@medusajs/framework/utils"

// Required, since what an import of a CommonJS default is differs between Node and the tests' loader.
const { default: PromotionModuleService } = createRequire(import.meta.url)(
  "@medusajs/promotion/dist/services/promotion-module.js",
) as typeof import("@medusajs/promotion/dist/services/promotion-module.js")

/** How often someone has used a budget that counts by customer or e-mail address. */
export interface BudgetUsage {
  used: number
}

/** Looks up `promotion_campaign_budget_usage`. */
export type ReadUsage = (budget_id: string, attribute_value: string) => Promise<BudgetUsage | undefined>

/** What Medusa's code answers, as far as it says what to add; what to remove is every adjustment with a code. */
export type ComputedAction =
  | { action: "addItemAdjustment"; item_id: string; code: string; amount: Amount; is_tax_inclusive?: boolean }
  | { action: "addShippingMethodAdjustment"; shipping_method_id: string; code: string; amount: Amount }
  | { action: "promotionLimitExceeded" | "campaignBudgetExceeded"; code: string }
  | { action: "removeItemAdjustment" | "removeShippingMethodAdjustment"; code: string }

/** Medusa's `BigNumber`; its JSON is the double that is stored. */
interface Amount {
  toJSON(): number
}

/** What is different in each call. Medusa hands its "shared context" on to all that it calls. */
interface Given {
  promotions: readonly Promotion[]
  readUsage: ReadUsage
}

interface ComputesActions {
  computeActions(
    codes: readonly string[],
    cart: PromotionCart,
    options: { prevent_auto_promotions: boolean },
    given: Given,
  ): Promise<ComputedAction[]>
}

/** Medusa's promotion module without its database: what it would read is given to it. */
const service: ComputesActions = Object.assign(Object.create(PromotionModuleService.prototype), {
  baseRepository_: { getFreshManager: () => ({}) },
  listActivePromotions_: async (_filters: unknown, _config: unknown, { promotions }: Given) => promotions,
  campaignBudgetUsageService_: {
    async list(of: { budget_id: string; attribute_value: string }, _config: unknown, { readUsage }: Given) {
      const usage = await readUsage(of.budget_id, of.attribute_value)
      return usage ? [usage] : []
    },
  },
})

/**
 * What the promotions do to a cart, by Medusa's own code.
 *
 * @param codes       of those that are not automatic, and shall be applied
 * @param promotions  in Medusa's order; those of them that are automatic are applied without being named
 */
export function computeActions(
  codes: readonly string[],
  cart: PromotionCart,
  promotions: readonly Promotion[],
  readUsage: ReadUsage,
): Promise<ComputedAction[]> {
  // The option keeps Medusa from asking the database which automatic promotions are possible; nothing else.
  return service.computeActions(codes, cart, { prevent_auto_promotions: true }, { promotions, readUsage })
}
