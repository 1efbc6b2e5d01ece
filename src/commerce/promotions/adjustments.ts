import { computeActions, type ReadUsage } from "./actions.ts"
import { double } from "./amount.ts"
import type { PromotionCart } from "./cart.ts"
import type { ComputedAction } from "./medusa.ts"
import type { Promotion } from "./promotion.ts"
import type { PromotionReference } from "./reference.ts"
import { type ForMedusa, selectPromotions } from "./select.ts"

/** A row to write in `cart_line_item_adjustment`. */
export interface ItemAdjustment {
  item_id: string
  promotion_id: string
  code: string
  /** A double in the major unit, not rounded; 0 for next to nothing. */
  amount: number
  is_tax_inclusive: boolean
}

/** A row to write in `cart_shipping_method_adjustment`. */
export interface ShippingMethodAdjustment {
  shipping_method_id: string
  promotion_id: string
  code: string
  amount: number
}

/** What a cart's promotions come to: it takes the place of every adjustment with a code, and of all links. */
export interface Adjustments {
  items: ItemAdjustment[]
  shipping_methods: ShippingMethodAdjustment[]
  /** Those that are linked with the cart: of which there is an adjustment, each once. */
  promotion_ids: string[]
  /** Promotions that would have acted, and are used up; one may be there several times. */
  skipped: { code: string; reason: "promotion_limit_exceeded" | "campaign_budget_exceeded" }[]
}

export interface ComputeOptions {
  cart: PromotionCart
  /** As of `codesToApply`. */
  codes: ReadonlySet<string>
  now: Date
  /** See `usagesIn`; called only for budgets that are counted by customer or e-mail address. */
  readUsage: ReadUsage
}

/**
 * Computes all promotions of a cart from nothing, as Medusa does at every change of it. Writes nothing.
 *
 * @returns or why only Medusa can tell
 * @throws BudgetAttributeMissing
 * @source Medusa 2.21 `promotion/dist/services/promotion-module.js`, `computeActions`, and
 *         `core-flows/dist/cart/steps/prepare-adjustments-from-promotion-actions.js`
 */
export async function computeAdjustments(
  reference: PromotionReference,
  { cart, codes, now, readUsage }: ComputeOptions,
): Promise<Adjustments | ForMedusa> {
  const promotions = selectPromotions(reference, cart, codes, now)
  if ("reason" in promotions) return promotions
  if (promotions.length === 0) return { items: [], shipping_methods: [], promotion_ids: [], skipped: [] }
  return toAdjustments(await computeActions(promotions, cart, readUsage), promotions)
}

function toAdjustments(actions: readonly ComputedAction[], promotions: readonly Promotion[]): Adjustments {
  const ids = new Map(promotions.map(({ code, id }) => [code, id]))
  const idOf = (code: string) => ids.get(code) as string
  const adjustments: Adjustments = { items: [], shipping_methods: [], promotion_ids: [], skipped: [] }
  const linked = new Set<string>()
  for (const it of actions) {
    const { code } = it
    switch (it.action) {
      case "addItemAdjustment": {
        // One to buy and get does not say: it is stored as without tax.
        const { item_id, amount, is_tax_inclusive = false } = it
        const promotion_id = idOf(code)
        linked.add(promotion_id)
        adjustments.items.push({ item_id, promotion_id, code, amount: double(amount), is_tax_inclusive })
        break
      }
      case "addShippingMethodAdjustment": {
        const { shipping_method_id, amount } = it
        const promotion_id = idOf(code)
        linked.add(promotion_id)
        adjustments.shipping_methods.push({ shipping_method_id, promotion_id, code, amount: double(amount) })
        break
      }
      case "promotionLimitExceeded":
        adjustments.skipped.push({ code, reason: "promotion_limit_exceeded" })
        break
      case "campaignBudgetExceeded":
        adjustments.skipped.push({ code, reason: "campaign_budget_exceeded" })
        break
    }
  }
  adjustments.promotion_ids = [...linked]
  return adjustments
}
