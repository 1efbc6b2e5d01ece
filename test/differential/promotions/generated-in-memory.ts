import fc from "fast-check"
import type {
  ApplicationMethod,
  Promotion,
  PromotionCart,
  PromotionRule,
} from "../../../src/commerce/promotions/index.ts"
import { promotionCart } from "./generated-carts.ts"
import { several } from "./generated-promotions.ts"

/** A cart, with promotions that are all looked at, so that they meet at the same lines. */
export interface Meeting {
  promotions: Promotion[]
  cart: PromotionCart
  /** How often the one who shops has used any budget; undefined for never. */
  used: number | undefined
}

const rule = (attribute: string, operator: string, ...values: string[]): PromotionRule => ({
  ...{ attribute, operator, values: values.map((value) => ({ value })) },
})
/** Mostly of the kind that holds. */
const rules = (...some: PromotionRule[]) =>
  several(fc.constantFrom(...some), 0, 0, 1).map((found) => found as readonly PromotionRule[])
const ofCart = rules(
  rule("item_subtotal", "gte", "5"),
  rule("customer.groups.id", "ne", "cusgroup_1"),
  rule("items.product.id", "in", "prod_1", "prod_2"),
)
const ofLines = rules(
  rule("items.product.id", "in", "prod_1", "prod_2"),
  rule("items.product.tags.id", "ne", "ptag_1"),
  rule("items.quantity", "gt", "1"),
)
const ofMethods = rules(rule("shipping_methods.name", "eq", "Post"), rule("shipping_methods.amount", "lt", "10"))
const bought = several(
  fc.constantFrom(
    rule("items.product.id", "in", "prod_1", "prod_2", "prod_3"),
    rule("items.product.id", "ne", "prod_2"),
    rule("items.unit_price", "lte", "12"),
  ),
  1,
)

const method = fc.record({
  type: fc.constantFrom("percentage", "fixed"),
  target_type: fc.constantFrom("order", "items", "shipping_methods"),
  allocation: fc.constantFrom("each", "across", "once", null),
  value: fc.constantFrom(null, 0.00005, 0.5, 3, 5, 5, 7.77, 10, 12.5, 33.333, 50, 100, 150),
  currency_code: fc.constantFrom(null, null, null, "eur"),
  max_quantity: fc.constantFrom(null, 1, 2, 3, 5),
  apply_to_quantity: fc.constantFrom(1, 1, 2, 3, null),
  buy_rules_min_quantity: fc.constantFrom(1, 1, 2, 3, null),
})
const budget = fc.record({
  id: fc.constant("probudg_1"),
  type: fc.constantFrom("spend", "spend", "usage", "use_by_attribute", "use_by_attribute", "spend_by_attribute"),
  attribute: fc.constantFrom("customer_id", null, ...Array(8).fill("customer_email")),
  limit: fc.constantFrom(null, 0, 2, 3, 12.5, 40),
  used: fc.constantFrom(null, 0, 2, 10),
})
const promotion = fc
  .record({
    type: fc.constantFrom("standard", "standard", "buyget"),
    is_automatic: fc.boolean(),
    is_tax_inclusive: fc.boolean(),
    usedUp: fc.constantFrom(
      ...[...Array(9).fill({ limit: null, used: 4 }), { limit: 3, used: 2 }, { limit: 3, used: 3 }],
    ),
    budget: fc.option(budget, { freq: 4 }),
    rules: ofCart,
    method,
    ofLines,
    ofMethods,
    bought,
  })
  .map(({ type, usedUp, budget, method, ofLines, ofMethods, bought, ...given }) => {
    const target_type = type === "buyget" ? "items" : method.target_type
    const application_method: ApplicationMethod = {
      ...method,
      target_type,
      target_rules: target_type === "shipping_methods" ? ofMethods : ofLines,
      buy_rules: type === "buyget" ? bought : [],
    }
    const campaign = budget && { starts_at: null, ends_at: null, budget }
    return { ...given, ...usedUp, type, status: "active", campaign, has_deleted_rules: false, application_method }
  })

export const meeting: fc.Arbitrary<Meeting> = fc
  .record({
    promotions: several(promotion, 1, 2, 3, 4, 5),
    cart: promotionCart([], [1, 2, 3, 4, 12]),
    used: fc.constantFrom(undefined, 1, 2, 10),
  })
  .map((it) => ({
    ...it,
    promotions: it.promotions.map((given, index) => ({ id: `promo_${index}`, code: `CODE${index}`, ...given })),
  }))
