import { describe, expect, it } from "vitest"
import { cost, list, member, price, rule, shopper } from "./shop.ts"

const chosen = (result: ReturnType<typeof cost>) => [result?.calculated_price.id, result?.original_price.id]

describe("who gets which price", () => {
  it("a variant without a price in the shopper's currency has none", () => {
    expect(cost([price({ id: "usd", currency_code: "usd" })])).toBeNull()
    expect(cost([])).toBeNull()
  })

  it("the price of the shopper's region comes before the one of its currency, even where it is dearer", () => {
    const ofRegion = price({ id: "spain", amount: "12", rules: [rule("region_id", "eq", "reg_es")] })
    const ofOther = price({ id: "france", amount: "5", rules: [rule("region_id", "eq", "reg_fr")] })
    expect(chosen(cost([price({ id: "euro" }), ofRegion, ofOther]))).toEqual(["spain", "spain"])
  })

  it("every rule of a price must be met", () => {
    const rules = [rule("region_id", "eq", "reg_es"), rule("customer.groups.id", "eq", "club")]
    const prices = [price({ id: "euro" }), price({ id: "club in Spain", amount: "8", rules })]
    expect(chosen(cost(prices))).toEqual(["euro", "euro"])
    expect(chosen(cost(prices, { context: member }))).toEqual(["club in Spain", "club in Spain"])
  })

  it("of prices with as many rules the lowest counts, and of equal ones the first", () => {
    const prices = [price({ id: "dear", amount: "9.5" }), price({ id: "first", amount: "9" })]
    expect(chosen(cost([...prices, price({ id: "second", amount: "9.00" })]))).toEqual(["first", "first"])
  })

  it.each([
    ["gt", "100", 100, false],
    ["gte", "100", 100, true],
    ["lt", "100", 99.5, true],
    ["lte", "99.5", 100, false],
    ["eq", "100", 100, true],
    ["eq", "100.0", 100, false], // texts are compared, not numbers
    ["gt", "abc", 100, false],
  ])("a rule `%s %s` of a number %s holds: %s", (operator, value, number, holds) => {
    const context = { ...shopper, attributes: new Map([["points", number]]) }
    expect(cost([price({ id: "rewarded", rules: [rule("points", operator, value)] })], { context }) !== null).toBe(
      holds,
    )
  })

  it("of what is no number only equality can hold, whatever the operator says", () => {
    const context = { ...shopper, attributes: new Map([["tier", "gold"]]) }
    expect(cost([price({ id: "gold", rules: [rule("tier", "gt", "gold")] })], { context })).not.toBeNull()
    expect(cost([price({ id: "gold", rules: [rule("tier", "gt", "bronze")] })], { context })).toBeNull()
  })
})

describe("how many", () => {
  const prices = [
    price({ id: "one", amount: "10", max_quantity: 9 }),
    price({ id: "ten", amount: "8", min_quantity: "10", max_quantity: "99" }),
    price({ id: "hundred", amount: "6", min_quantity: 100 }),
  ]

  it.each([
    [1, "one"],
    [9, "one"],
    [10, "ten"],
    [99, "ten"],
    [100, "hundred"],
    [5000, "hundred"],
    [9.5, undefined],
  ])("%s of them cost the price of tier %s", (quantity, id) => {
    expect(cost(prices, { context: { ...shopper, quantity } })?.calculated_price.id).toBe(id)
  })

  it("who has not said how many sees the price of one", () => {
    expect(cost(prices)?.calculated_price).toMatchObject({ id: "one", min_quantity: null, max_quantity: 9 })
  })
})

describe("price lists", () => {
  const base = price({ id: "base", amount: "10" })
  const onSale = price({ id: "sale", amount: "8", price_list_id: "sale" })
  const agreed = price({ id: "agreed", amount: "12", price_list_id: "agreed" })
  const sale = list({ id: "sale" })
  const override = list({ id: "agreed", type: "override" })

  it("a sale shows the base price as the original", () => {
    const result = cost([base, onSale], { lists: [sale] })
    expect(result).toMatchObject({
      calculated_amount: 8,
      original_amount: 10,
      is_calculated_price_price_list: true,
      is_original_price_price_list: false,
      calculated_price: { price_list_id: "sale", price_list_type: "sale" },
    })
  })

  it("a sale never makes anything dearer", () => {
    expect(chosen(cost([price({ id: "base", amount: "7" }), onSale], { lists: [sale] }))).toEqual(["base", "base"])
  })

  it("what has only a sale price has no original price", () => {
    expect(cost([onSale], { lists: [sale] })).toMatchObject({ calculated_amount: 8, original_amount: null })
  })

  it("an override replaces the base price, even where it is dearer, and is the original price too", () => {
    expect(chosen(cost([base, agreed], { lists: [override] }))).toEqual(["agreed", "agreed"])
  })

  it("a sale that is lower than an override shows the override as the original", () => {
    expect(chosen(cost([base, agreed, onSale], { lists: [sale, override] }))).toEqual(["sale", "agreed"])
  })

  it("a list for a group of customers comes before one for everybody", () => {
    const club = list({ id: "club", type: "override", rules: [{ attribute: "customer.groups.id", value: ["club"] }] })
    const prices = [base, onSale, price({ id: "club", amount: "9", price_list_id: "club" })]
    expect(chosen(cost(prices, { lists: [sale, club], context: member }))).toEqual(["club", "club"])
    expect(chosen(cost(prices, { lists: [sale, club] }))).toEqual(["sale", "base"])
  })

  it("a draft, and a list that is gone, hold for nobody", () => {
    const draft = list({ id: "sale", status: "draft" })
    expect(chosen(cost([base, onSale, agreed], { lists: [draft] }))).toEqual(["base", "base"])
  })
})

describe("amounts that contain the tax", () => {
  const ofRegion = price({ id: "spain", rules: [rule("region_id", "eq", "reg_es")] })
  const preferences = [
    { attribute: "currency_code", value: "eur", is_tax_inclusive: true },
    { attribute: "region_id", value: "reg_es", is_tax_inclusive: false },
  ]

  it("a price of the region follows the region's preference, any other the currency's", () => {
    expect(cost([ofRegion], { preferences })?.is_calculated_price_tax_inclusive).toBe(false)
    expect(cost([price({ id: "euro" })], { preferences })?.is_calculated_price_tax_inclusive).toBe(true)
  })

  it("without a preference they do not", () => {
    expect(cost([ofRegion])?.is_calculated_price_tax_inclusive).toBe(false)
  })
})
