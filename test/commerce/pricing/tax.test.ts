import { expect, it } from "vitest"
import { withTax } from "../../../src/commerce/pricing/index.ts"
import { cost, list, price } from "./shop.ts"

it("a price shows what it is with and without tax, and what it was before the sale", () => {
  const preferences = [{ attribute: "currency_code", value: "eur", is_tax_inclusive: true }]
  const prices = [price({ id: "base", amount: "12.10" }), price({ id: "sale", amount: "6.05", price_list_id: "sale" })]
  const result = cost(prices, { lists: [list({ id: "sale" })], preferences })
  expect(result && withTax(result, [{ rate: 21 }])).toMatchObject({
    calculated_amount_with_tax: 6.05,
    calculated_amount_without_tax: 5,
    original_amount_with_tax: 12.1,
    original_amount_without_tax: 10,
  })
})
