import type { PromotionCart } from "./cart.ts"
import { type AttributeValues, attributeValues, isPossible } from "./prefilter.ts"
import type { Promotion } from "./promotion.ts"
import type { PromotionReference, RankedPromotion } from "./reference.ts"

/** Why a cart's promotions are for Medusa to compute, and because of which promotion. */
export interface ForMedusa {
  /**
   * `unknown_attribute`: a rule asks what `PromotionCart` does not tell. `not_a_number`: Medusa's statement fails at a
   * comparison, or not, as Postgres plans it. `no_application_method`: Medusa fails when it has to put it in an order.
   * `deleted_rule`: somebody soft-deleted a rule, which Medusa counts here and not there.
   */
  reason: "unknown_attribute" | "not_a_number" | "no_application_method" | "deleted_rule"
  /** Where the reason is a rule: what it asks. */
  attribute?: string
  /** Where the reason is a promotion. */
  code?: string
}

/**
 * The promotions that Medusa's code has to look at, in its order: active, in date, and named by a code or automatic
 * and possible. One that is not possible is looked at nevertheless when the cart has it already.
 *
 * @param codes  of those to apply, which may be unknown ones
 * @source Medusa 2.21 `promotion/dist/services/promotion-module.js`, `computeActions` and `listActivePromotions_`; one
 *         that is loaded there because an adjustment has its code, and is not applied, is left out here
 */
export function selectPromotions(
  reference: PromotionReference,
  cart: PromotionCart,
  codes: ReadonlySet<string>,
  now: Date,
): readonly Promotion[] | ForMedusa {
  const { automatic, byCode, notNumbers } = reference
  if (automatic.length === 0 && codes.size === 0 && notNumbers.length === 0) return []
  const moment = now.getTime()
  const values = attributeValues(cart)
  const offending = notNumbers.find(({ attribute }) => values(attribute)?.numbers)
  if (offending) return { reason: "not_a_number", attribute: offending.attribute }

  const selected = new Set<RankedPromotion>()
  let applied: ReadonlySet<string> | undefined
  for (const it of automatic) {
    if (!isInDate(it.promotion, moment)) continue
    applied ??= codesOn(cart)
    const { code } = it.promotion
    if (codes.has(code) || applied.has(code) || mayBePossible(it, values)) selected.add(it)
  }
  for (const code of codes) {
    const it = byCode.get(code)
    if (it?.promotion.status === "active" && isInDate(it.promotion, moment)) selected.add(it)
  }

  for (const { promotion, unbuilt } of selected) {
    const { code } = promotion
    if (promotion.has_deleted_rules) return { reason: "deleted_rule", code }
    if (unbuilt[0]) return { reason: "unknown_attribute", attribute: unbuilt[0].attribute, code }
    if (!promotion.application_method) return { reason: "no_application_method", code }
  }
  return [...selected].sort((a, b) => a.rank - b.rank).map(({ promotion }) => promotion)
}

/** A rule that we cannot judge may hold; one that we can, and that does not, settles it. */
function mayBePossible({ promotion, rules, unbuilt }: RankedPromotion, values: AttributeValues): boolean {
  if (promotion.has_deleted_rules) return true
  return rules.every((rule) => unbuilt.includes(rule) || isPossible(rule, values))
}

function isInDate({ campaign }: Promotion, moment: number): boolean {
  if (!campaign) return true
  return (
    (campaign.starts_at === null || campaign.starts_at <= moment) &&
    (campaign.ends_at === null || campaign.ends_at > moment)
  )
}

/** The codes of a cart's adjustments, without those of no promotion; lines come before shipping methods. */
export function codesOn(cart: PromotionCart): Set<string> {
  const codes = new Set<string>()
  for (const part of [cart.items, cart.shipping_methods]) {
    for (const { adjustments } of part) for (const { code } of adjustments) if (code !== null) codes.add(code)
  }
  return codes
}
