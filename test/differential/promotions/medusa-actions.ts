import type { Adjustments } from "../../../src/commerce/promotions/index.ts"

/**
 * What Medusa writes for the actions that it has computed, in their order. The promotion of the code `CODE1` is
 * `promo_1`.
 *
 * @source Medusa 2.21 `core-flows/dist/cart/steps/prepare-adjustments-from-promotion-actions.js`
 */
export function adjustmentsOf(computed: unknown): Adjustments {
  const actions = JSON.parse(JSON.stringify(computed)) as ({ action: string; code: string } & object)[]
  const chosen = (name: string) =>
    actions.flatMap(({ action, ...it }) => (action === name ? [{ ...it, promotion_id: promotionOf(it.code) }] : []))
  const skipped = actions.flatMap(({ action, code }) =>
    action === "promotionLimitExceeded"
      ? [{ code, reason: "promotion_limit_exceeded" }]
      : action === "campaignBudgetExceeded"
        ? [{ code, reason: "campaign_budget_exceeded" }]
        : [],
  )
  const items = chosen("addItemAdjustment").map((it) => ({ is_tax_inclusive: false, ...it }))
  const shipping_methods = chosen("addShippingMethodAdjustment")
  // Links have no order of their own.
  const adding = actions.filter(({ action }) => action.startsWith("add"))
  const promotion_ids = [...new Set(adding.map(({ code }) => promotionOf(code)))]
  return { items, shipping_methods, promotion_ids, skipped } as unknown as Adjustments
}

const promotionOf = (code: string) => code.replace("CODE", "promo_")
