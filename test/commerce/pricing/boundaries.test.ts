import { expect, it } from "vitest"
import { nextBoundary, pricingReference } from "../../../src/commerce/pricing/index.ts"
import { cost, list, price } from "./shop.ts"

const [before, starts, within, ends] = ["08:00:00", "09:00:00", "15:00:00", "21:00:00"].map(
  (time) => new Date(`2026-11-27T${time}Z`),
) as [Date, Date, Date, Date]
const later = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds)
const friday = list({ id: "friday", starts_at: starts, ends_at: ends })

it("a price list holds from its first moment to its last, both included", () => {
  const prices = [price({ id: "base" }), price({ id: "friday", amount: "5", price_list_id: "friday" })]
  const at = (moment: Date) => cost(prices, { lists: [friday], at: moment })?.calculated_amount
  expect([later(starts, -1), starts, within, ends, later(ends, 1)].map(at)).toEqual([10, 5, 5, 5, 10])
})

it("what was calculated may be kept until the next list begins or has ended", () => {
  const reference = pricingReference([friday, list({ id: "always" }), list({ id: "draft", status: "draft" })], [])
  expect(nextBoundary(reference, before)).toEqual(starts)
  expect(nextBoundary(reference, starts)).toEqual(later(ends, 1))
  expect(nextBoundary(reference, ends)).toEqual(later(ends, 1))
  expect(nextBoundary(reference, later(ends, 1))).toBeUndefined()
})

it("a draft, and a list that ends before it begins, change nothing by themselves", () => {
  const draft = list({ id: "draft", status: "draft", starts_at: starts })
  const never = list({ id: "never", starts_at: ends, ends_at: starts })
  expect(nextBoundary(pricingReference([draft, never], []), before)).toBeUndefined()
})
