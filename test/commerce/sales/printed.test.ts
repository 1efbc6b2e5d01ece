import { BigNumber } from "bignumber.js"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Totalled } from "../../../src/commerce/carts/index.ts"
import { printedLines } from "../../../src/commerce/sales/index.ts"

type Line = Totalled["items"][number]
const times = { created_at: "", updated_at: "", deleted_at: null }

/** @param discount  off all of the line, as the price is: with tax, or without */
function line(unit_price: number, quantity: number, discount: number, rate = 21, is_tax_inclusive = true): Line {
  const amount = new BigNumber(discount)
  return {
    ...{ unit_price, quantity, is_tax_inclusive, raw_unit_price: null },
    tax_lines: rate === 0 ? [] : [{ ...times, ...noTax, rate }],
    adjustments: discount === 0 ? [] : [{ ...times, ...noDiscount, amount: amount.toNumber(), is_tax_inclusive }],
  }
}
const noTax = {
  id: "tax",
  description: null,
  code: "X",
  provider_id: null,
  tax_rate_id: null,
  data: null,
  metadata: null,
}
const noDiscount = {
  ...{
    id: "adj",
    code: "X",
    raw_amount: null,
    promotion_id: null,
    description: null,
    provider_id: null,
    metadata: null,
  },
}
const cartOf = (currency_code: string, items: Line[]): Totalled => ({
  ...{ currency_code, items, shipping_methods: [], credit_lines: [] },
})
const third = (unit_price: number, quantity: number) => line(unit_price, quantity, unit_price * quantity * 0.3333)
const printed = (lines: Line[], digits = 2) =>
  printedLines(cartOf("eur", lines), digits).map((it) =>
    [it.unit_price, it.discount, it.tax_added, it.total].map((amount) => amount.toNumber()),
  )

describe("the lines of a receipt", () => {
  it("are whole cents where a third is off, and add up to the total", () => {
    expect(printed([third(29.85, 1), third(18, 3), third(12.5, 3)])).toEqual([
      [29.85, 9.95, 0, 19.9],
      [18, 18, 0, 36],
      [12.5, 12.5, 0, 25],
    ])
    // 0.665 each, 1.33 together: of who has as much of a cent, the first gets it.
    expect(printed([line(1, 1, 0.335), line(1, 1, 0.335)])).toEqual([
      [1, 0.33, 0, 0.67],
      [1, 0.34, 0, 0.66],
    ])
  })

  it("are whole yen, and thousandths of a dinar", () => {
    expect(printed([line(1000, 1, 333.3), line(500, 3, 499.95)], 0)).toEqual([
      [1000, 333, 0, 667],
      [500, 500, 0, 1000],
    ])
    expect(printed([line(1.005, 3, 1.0049), line(0.25, 1, 0)], 3)).toEqual([
      [1.005, 1.005, 0, 2.01],
      [0.25, 0, 0, 0.25],
    ])
  })

  it("show the tax that prices do not contain", () => {
    expect(printed([line(9.99, 3, 1, 20, false)])).toEqual([[9.99, 1, 5.79, 34.76]])
    expect(printed([line(9.99, 3, 0, 0, false)])).toEqual([[9.99, 0, 0, 29.97]])
  })

  it("add up, each and together, whatever the currency, the prices, the discounts and the taxes are", () => {
    const lines = (digits: number) =>
      fc.array(
        fc
          .record({
            ...{ price: fc.integer({ min: 1, max: 500_000 }), quantity: fc.integer({ min: 1, max: 40 }) },
            ...{ percent: fc.double({ min: 0, max: 99, noNaN: true }), inclusive: fc.boolean() },
            rate: fc.constantFrom(0, 4, 5.5, 10, 21),
          })
          .map(({ price, quantity, percent, inclusive, rate }) => {
            const unit = new BigNumber(price).shiftedBy(-digits).toNumber()
            return line(unit, quantity, (unit * quantity * percent) / 100, rate, inclusive)
          }),
        { maxLength: 12 },
      )
    const carts = fc
      .constantFrom(0, 2, 3)
      .chain((digits) => lines(digits).map((items) => ({ digits, cart: cartOf("xxx", items) })))
    fc.assert(
      fc.property(carts, ({ digits, cart }) => {
        const all = printedLines(cart, digits)
        for (const [i, { unit_price, discount, tax_added, total }] of all.entries()) {
          const { quantity = 0 } = cart.items[i] ?? {}
          for (const it of [unit_price, discount, tax_added, total]) {
            expect(it.decimalPlaces() ?? 0).toBeLessThanOrEqual(digits)
          }
          for (const it of [discount, tax_added, total]) expect(it.toNumber()).toBeGreaterThanOrEqual(0)
          expect(unit_price.times(quantity).minus(discount).plus(tax_added).toFixed()).toBe(total.toFixed())
        }
      }),
      { numRuns: 300 },
    )
  })
})
