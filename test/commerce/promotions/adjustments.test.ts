import { flattenObjectToKeyValuePairs } from "@medusajs/framework/utils"
import { expect, it } from "vitest"
import { asksFor, BudgetAttributeMissing, promotionReference } from "../../../src/commerce/promotions/index.ts"
import { cart, codesThatAct, compute, item, promotion, rule, shippingMethod } from "./shop.ts"

it("lines and shipping get rows of their own, and what acted is linked", async () => {
  const shop = [
    promotion("LINES", { is_automatic: true, is_tax_inclusive: true, application_method: { value: 20 } }),
    promotion("POST", { application_method: { target_type: "shipping_methods", allocation: "each", value: 5 } }),
    promotion("DOLLARS", { is_automatic: true, application_method: { value: 1, currency_code: "usd" } }),
  ]
  const of = cart({ shipping_methods: [shippingMethod("casm_post")] })
  expect(await compute(shop, { of, codes: ["POST"] })).toEqual({
    items: [{ item_id: "cali_vase", promotion_id: "promo_LINES", code: "LINES", amount: 24.2, is_tax_inclusive: true }],
    shipping_methods: [{ shipping_method_id: "casm_post", promotion_id: "promo_POST", code: "POST", amount: 0.5 }],
    promotion_ids: ["promo_LINES", "promo_POST"],
    skipped: [],
  })
})

it("what is bought to get another is taken off without tax, and first of all", async () => {
  const vases = [rule("items.product.id", "eq", "prod_vase")]
  const buyGet = { value: 100, max_quantity: 1, apply_to_quantity: 1, buy_rules_min_quantity: 1, allocation: "each" }
  const shop = [
    promotion("TWO", {
      type: "buyget",
      is_tax_inclusive: true,
      application_method: { ...buyGet, target_rules: vases, buy_rules: vases },
    }),
    promotion("TEN", { is_automatic: true }),
  ]
  const of = cart({ items: [item("cali_vase", { quantity: 2, subtotal: 200, original_total: 242 })] })
  const found = await compute(shop, { of, codes: ["TWO"] })
  expect(found).toMatchObject({
    items: [
      { code: "TWO", amount: 100, is_tax_inclusive: false },
      { code: "TEN", amount: 10 },
    ],
  })
})

it.each([
  ["limit", promotion("X", { limit: 3, used: 3 }), "promotion_limit_exceeded"],
  [
    "budget",
    promotion("X", {
      campaign: {
        ...{ starts_at: null, ends_at: null },
        budget: { id: "probudg_1", type: "spend", attribute: null, limit: 50, used: 45 },
      },
    }),
    "campaign_budget_exceeded",
  ],
])("a promotion whose %s is used up is skipped and says so", async (_what, usedUp, reason) => {
  const found = await compute([usedUp], { codes: ["X"] })
  expect(found).toEqual({ items: [], shipping_methods: [], promotion_ids: [], skipped: [{ code: "X", reason }] })
})

it("a budget by e-mail address counts the cart's, and refuses a cart without one", async () => {
  const budget = { id: "probudg_1", type: "use_by_attribute", attribute: "customer_email", limit: 1, used: 7 }
  const shop = [promotion("ONCE", { campaign: { starts_at: null, ends_at: null, budget } })]
  expect(await codesThatAct(shop, { codes: ["ONCE"] })).toEqual(["ONCE"])
  expect(await codesThatAct(shop, { codes: ["ONCE"], used: 1 })).toEqual([])
  await expect(compute(shop, { of: cart({ email: null }), codes: ["ONCE"] })).rejects.toThrow(BudgetAttributeMissing)
  await expect(compute(shop, { of: cart({ email: null }), codes: ["ONCE"] })).rejects.toThrow(
    'Attribute value for "customer_email" is required by promotion campaing budget',
  )
})

it("all that a cart tells of itself may be asked by a rule", async () => {
  const of = cart({ shipping_methods: [shippingMethod("casm_post")] })
  for (const [part, prefix] of [
    [of.items, "items."],
    [of.shipping_methods, "shipping_methods."],
    [{ ...of, items: null, shipping_methods: null }, ""],
  ] as const) {
    for (const attribute of Object.keys(flattenObjectToKeyValuePairs(part))) {
      if (attribute === "adjustments") continue
      const asking = promotion("X", { rules: [rule(prefix + attribute, "ne", "something else")], is_automatic: true })
      expect([prefix + attribute, ...(await codesThatAct([asking], { of }))]).toEqual([prefix + attribute, "X"])
    }
  }
})

it("a part that no active promotion asks for need not be read", () => {
  const shop = promotionReference([
    promotion("A", { application_method: { target_rules: [rule("product.tags.id", "eq", "ptag_new")] } }),
    promotion("B", { rules: [rule("customer.groups.id", "eq", "cusgroup_1")] }),
    promotion("C", { status: "draft", rules: [rule("region.name", "eq", "Europe")] }),
  ])
  const parts = [
    "items.product",
    "items.product.tags",
    "items.product.categories",
    "customer",
    "customer.groups",
    "region",
  ]
  expect(parts.filter((part) => asksFor(shop, part))).toEqual([
    ...["items.product", "items.product.tags", "customer", "customer.groups"],
  ])
})
