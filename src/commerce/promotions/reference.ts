import { isBuilt } from "./attributes.ts"
import { isNumber } from "./prefilter.ts"
import { type Promotion, type PromotionRule, rulesOf } from "./promotion.ts"

/** A promotion in its place in the order in which Medusa loads them. */
export interface RankedPromotion {
  readonly promotion: Promotion
  readonly rank: number
  /** All its rules: of the promotion, of what it is for, of what has to be bought. */
  readonly rules: readonly PromotionRule[]
  /** Rules on something that we do not tell Medusa's code of a cart: whether they hold, only Medusa knows. */
  readonly unbuilt: readonly PromotionRule[]
}

/** All that promotions depend on besides the cart and the time. Another object after each change. */
export interface PromotionReference {
  /** Of any status: even the code of a draft is a valid one. Codes are unique and case-sensitive. */
  readonly byCode: ReadonlyMap<string, RankedPromotion>
  /** Those that act unasked, as far as they are active, in order. */
  readonly automatic: readonly RankedPromotion[]
  /** Rules that compare with what Postgres takes for no number: Medusa's statement over all rules fails at them. */
  readonly notNumbers: readonly PromotionRule[]
  /** What any rule of an active promotion asks. */
  readonly attributes: ReadonlySet<string>
}

const comparisons = new Set(["gt", "gte", "lt", "lte"])

/** @param promotions  those that are not deleted, by value from high to low, those without a value first */
export function promotionReference(promotions: readonly Promotion[]): PromotionReference {
  const ranked = promotions.map((promotion, rank): RankedPromotion => {
    const scope = promotion.application_method?.target_type === "shipping_methods" ? "shipping_methods" : "items"
    return {
      promotion,
      rank,
      rules: rulesOf(promotion),
      unbuilt: [
        ...promotion.rules.filter((rule) => !isBuilt(rule.attribute, "order")),
        ...(promotion.application_method?.target_rules ?? []).filter((rule) => !isBuilt(rule.attribute, scope)),
        ...(promotion.application_method?.buy_rules ?? []).filter((rule) => !isBuilt(rule.attribute, "items")),
      ],
    }
  })
  const active = ranked.filter(({ promotion }) => promotion.status === "active")
  return {
    byCode: new Map(ranked.map((it) => [it.promotion.code, it])),
    automatic: active.filter(({ promotion }) => promotion.is_automatic),
    notNumbers: ranked.flatMap(({ rules }) =>
      rules.filter(
        ({ operator, values }) => comparisons.has(operator) && !values.every(({ value }) => isNumber(value)),
      ),
    ),
    attributes: new Set(active.flatMap(({ rules }) => rules.map(({ attribute }) => attribute))),
  }
}

/**
 * Whether a rule of an active promotion looks at this part of a cart, such as `items.product` or `customer.groups`.
 * If none does, the part may be left out of the cart that is computed with the same reference.
 */
export function asksFor({ attributes }: PromotionReference, part: string): boolean {
  // Rules on what is bought may leave out the `items.` that they are read without.
  const own = part.replace(/^(items|shipping_methods)\./, "")
  for (const attribute of attributes) {
    if ([part, own].some((it) => attribute === it || attribute.startsWith(`${it}.`))) return true
  }
  return false
}
