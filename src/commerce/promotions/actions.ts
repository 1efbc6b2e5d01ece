import type { PromotionCart } from "./cart.ts"
import {
  type AppliedAmounts,
  areRulesValidForContext,
  ComputeActionUtils,
  type ComputedAction,
  type UsedUnits,
} from "./medusa.ts"
import type { CampaignBudget, Promotion } from "./promotion.ts"

/** How often someone has used a budget that counts by customer or e-mail address. */
export interface BudgetUsage {
  used: number
}

/** Looks up `promotion_campaign_budget_usage`. */
export type ReadUsage = (budget_id: string, attribute_value: string) => Promise<BudgetUsage | undefined>

/** A budget is counted by customer or e-mail address, and the cart has none. Medusa refuses whatever is done to it. */
export class BudgetAttributeMissing extends Error {
  constructor(readonly attribute: string | null) {
    super(`Attribute value for "${attribute}" is required by promotion campaing budget`)
  }
}

/** What the promotions before have left to one that comes after them. */
interface SoFar {
  readonly applied: AppliedAmounts
  readonly bought: UsedUnits
  readonly got: UsedUnits
}

/**
 * What promotions do to a cart, one after the other: who buys and gets first, then by value from high to low.
 *
 * @param promotions  all to be applied, in the order in which Medusa loads them
 * @throws BudgetAttributeMissing
 * @source Medusa 2.21 `promotion/dist/services/promotion-module.js`, the second half of `computeActions`; what one
 *         promotion comes to is Medusa's own code
 */
export async function computeActions(
  promotions: readonly Promotion[],
  cart: PromotionCart,
  readUsage: ReadUsage,
): Promise<ComputedAction[]> {
  const actions: ComputedAction[] = []
  const soFar: SoFar = { applied: new Map(), bought: new Map(), got: new Map() }
  for (const promotion of promotions.toSorted(ComputeActionUtils.sortByBuyGetType)) {
    const usedUp = (await usedUpBySomeone(promotion, cart, readUsage)) ?? usedUpByAll(promotion)
    if (usedUp) actions.push(usedUp)
    else if (isFor(promotion, cart)) actions.push(...actionsOf(promotion, cart, soFar))
  }
  return actions
}

/** Only for budgets that are counted by customer or e-mail address. */
async function usedUpBySomeone(
  promotion: Promotion,
  cart: PromotionCart,
  readUsage: ReadUsage,
): Promise<ComputedAction | undefined> {
  const budget = promotion.campaign?.budget
  if (budget?.type !== "use_by_attribute") return
  const usage = await readUsage(budget.id, countedFor(budget, cart))
  return usage && ComputeActionUtils.computeActionForBudgetExceeded(promotion, 1, usage)
}

function countedFor({ attribute }: CampaignBudget, cart: PromotionCart): string {
  const value = ComputeActionUtils.getBudgetUsageContextFromComputeActionContext(cart)[`${attribute}`]
  if (!value) throw new BudgetAttributeMissing(attribute)
  return value
}

function usedUpByAll({ code, limit, used }: Promotion): ComputedAction | undefined {
  return limit !== null && used >= limit ? { action: "promotionLimitExceeded", code } : undefined
}

function isFor({ application_method, rules }: Promotion, cart: PromotionCart): boolean {
  const currency_code = application_method?.currency_code
  return (!currency_code || currency_code === cart.currency_code) && areRulesValidForContext(rules, cart, "order")
}

function actionsOf(promotion: Promotion, cart: PromotionCart, { applied, bought, got }: SoFar): ComputedAction[] {
  if (promotion.type === "buyget") {
    return ComputeActionUtils.getComputedActionsForBuyGet(promotion, cart.items, applied, bought, got)
  }
  switch (promotion.application_method?.target_type) {
    case "order":
      return ComputeActionUtils.getComputedActionsForItems(promotion, cart.items, applied, "across")
    case "items":
      return ComputeActionUtils.getComputedActionsForItems(promotion, cart.items, applied)
    case "shipping_methods":
      return ComputeActionUtils.getComputedActionsForShippingMethods(promotion, cart.shipping_methods, applied)
    default:
      return []
  }
}
