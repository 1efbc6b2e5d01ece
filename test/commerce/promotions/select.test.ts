import { describe, expect, it } from "vitest"
import type { PromotionRule } from "../../../src/commerce/promotions/index.ts"
import { cart, codesThatAct, compute, item, now, promotion, rule, shippingMethod } from "./shop.ts"

const hour = 3_600_000
const ms = now.getTime()

describe("which promotions a cart is computed with", () => {
  it.each([
    ["active", true],
    ["draft", false],
    ["inactive", false],
  ])("of a code, one that is %s acts: %s", async (status, acts) => {
    expect(await codesThatAct([promotion("SPRING", { status })], { codes: ["SPRING"] })).toEqual(acts ? ["SPRING"] : [])
  })

  it("one that is not automatic acts for its code only, as it is written", async () => {
    const shop = [promotion("SPRING")]
    expect(await codesThatAct(shop)).toEqual([])
    expect(await codesThatAct(shop, { codes: ["spring"] })).toEqual([])
    const discounted = cart({ items: [item("cali_vase", { adjustments: [{ code: "SPRING" }] })] })
    expect(await codesThatAct(shop, { of: discounted })).toEqual([])
  })

  it.each([
    ["before it has begun", ms + 1, null, false],
    ["at the moment when it begins", ms, null, true],
    ["before its end", ms - hour, ms + 1, true],
    ["at the moment when it ends", null, ms, false],
    ["without dates", null, null, true],
  ])("a campaign's promotion, %s", async (_when, starts_at, ends_at, acts) => {
    const campaign = { starts_at, ends_at, budget: null }
    const found = await codesThatAct([promotion("A", { campaign }), promotion("B", { campaign, is_automatic: true })], {
      codes: ["A"],
    })
    expect(found).toEqual(acts ? ["A", "B"] : [])
  })
})

describe("rules of automatic promotions", () => {
  const guest = cart({ customer_id: null, customer: null })
  const two = cart({
    items: [item("cali_1", { quantity: 1, unit_price: 10 }), item("cali_2", { quantity: 3, unit_price: 20 })],
  })
  const none: PromotionRule[] = []
  it.each([
    // What a cart has nothing of, no rule is met by: not even that it is another. By code it is.
    ["of regulars, a regular", cart(), [rule("customer.groups.id", "eq", "cusgroup_regulars")], none, true, true],
    [
      "of others than regulars, a guest",
      guest,
      [rule("customer.groups.id", "ne", "cusgroup_regulars")],
      none,
      false,
      true,
    ],
    ["of a product, without prefix", cart(), none, [rule("product.id", "eq", "prod_vase")], false, true],
    ["of a product, with prefix", cart(), none, [rule("items.product.id", "eq", "prod_vase")], true, true],
    // One value that is too much is enough, where the rule itself asks for one that is not.
    ["from 50 or from 200 on, at 100", cart(), [rule("item_subtotal", "gte", "50", "200")], none, false, true],
    ["above 50, at 100", cart(), [rule("item_subtotal", "gt", "50")], none, true, true],
    ["above 100, at 100", cart(), [rule("item_subtotal", "gt", "100")], none, false, false],
    ["up to 100.00, at 100", cart(), [rule("item_subtotal", "lte", "100.00")], none, true, true],
    ["below 100, at 100", cart(), [rule("item_subtotal", "lt", "100")], none, false, false],
    ["below 3 units, at 1 and 3", two, none, [rule("items.quantity", "lt", "3")], true, true],
    ["below 1 unit, at 1 and 3", two, none, [rule("items.quantity", "lt", "1")], false, false],
  ])("%s", async (_name, of, rules, target_rules, automatically, byCode) => {
    const given = { rules, application_method: { target_rules } }
    expect(await codesThatAct([promotion("X", { ...given, is_automatic: true })], { of })).toEqual(
      automatically ? ["X"] : [],
    )
    expect(await codesThatAct([promotion("X", given)], { of, codes: ["X"] })).toEqual(byCode ? ["X"] : [])
  })

  it("one that does not come by itself comes for its code, and stays while the cart has it", async () => {
    const notRegulars = [rule("customer.groups.id", "ne", "cusgroup_regulars")]
    const shop = [promotion("X", { is_automatic: true, rules: notRegulars })]
    expect(await codesThatAct(shop, { of: guest })).toEqual([])
    expect(await codesThatAct(shop, { of: guest, codes: ["X"] })).toEqual(["X"])
    const discounted = { ...guest, items: [item("cali_vase", { adjustments: [{ code: "X" }] })] }
    expect(await codesThatAct(shop, { of: discounted })).toEqual(["X"])
    const shipped = { ...guest, shipping_methods: [shippingMethod("casm_1", { adjustments: [{ code: "X" }] })] }
    expect(await codesThatAct(shop, { of: shipped })).toEqual(["X"])
  })
})

describe("what only Medusa can tell", () => {
  const unknown = rule("items.variant.material", "eq", "clay")
  const automatic = { is_automatic: true }
  it.each([
    [
      "a rule on what we do not tell of a cart",
      { rules: [unknown] },
      { reason: "unknown_attribute", code: "X", attribute: unknown.attribute },
    ],
    [
      "a rule on a part as a whole",
      { rules: [rule("customer", "ne", "x")] },
      { reason: "unknown_attribute", code: "X", attribute: "customer" },
    ],
    [
      "a comparison with a word",
      { rules: [rule("item_subtotal", "gt", "much")] },
      { reason: "not_a_number", attribute: "item_subtotal" },
    ],
    ["a promotion of nothing", { application_method: null }, { reason: "no_application_method", code: "X" }],
    ["a rule that somebody soft-deleted", { has_deleted_rules: true }, { reason: "deleted_rule", code: "X" }],
  ])("%s", async (_name, given, answer) => {
    expect(await compute([promotion("X", { ...automatic, ...given })])).toEqual(answer)
  })

  it("a promotion that another rule rules out keeps no cart from its answer", async () => {
    const french = rule("shipping_address.country_code", "eq", "fr")
    expect(await codesThatAct([promotion("X", { is_automatic: true, rules: [unknown, french] })])).toEqual([])
    expect(await codesThatAct([promotion("X", { rules: [unknown] })])).toEqual([])
    const over = { starts_at: null, ends_at: ms, budget: null }
    expect(await codesThatAct([promotion("X", { is_automatic: true, rules: [unknown], campaign: over })])).toEqual([])
  })

  it("a comparison with a word is none where the cart has no number", async () => {
    const shop = [promotion("X", { rules: [rule("customer.email", "gt", "much")] }), promotion("Y", automatic)]
    expect(await codesThatAct(shop)).toEqual(["Y"])
  })
})
