export { BudgetAttributeMissing, type BudgetUsage, type ReadUsage } from "./actions.ts"
export {
  type Adjustments,
  type ComputeOptions,
  computeAdjustments,
  type ItemAdjustment,
  type ShippingMethodAdjustment,
} from "./adjustments.ts"
export type {
  Metadata,
  PromotionAddress,
  PromotionAdjustment,
  PromotionCart,
  PromotionCustomer,
  PromotionItem,
  PromotionProduct,
  PromotionRegion,
  PromotionShippingMethod,
} from "./cart.ts"
export { codesToApply, isKnownCode, UnknownPromotionCode } from "./codes.ts"
export { loadPromotions, type Promotions } from "./load.ts"
export type { ApplicationMethod, CampaignBudget, Promotion, PromotionRule } from "./promotion.ts"
export { asksFor, type PromotionReference, promotionReference } from "./reference.ts"
export { registerUses, UsedUp } from "./register.ts"
export { codesOn, type ForMedusa } from "./select.ts"
export { usagesIn } from "./usages.ts"
