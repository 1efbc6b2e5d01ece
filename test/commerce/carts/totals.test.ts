import { decorateCartTotals } from "@medusajs/framework/utils"
import fc from "fast-check"
import { expect, it } from "vitest"
import { CART_TOTALS, cartTotals, shown } from "../../../src/commerce/carts/index.ts"

const cents = fc.integer({ min: 0, max: 2_000_000 }).map((it) => it / 100)
const odd = fc.constantFrom(0.00005, 0.0001, 1 / 3, 8.264462809917356, 1e-7, 123456789.123456)
const amount = fc.oneof({ weight: 5, arbitrary: cents }, odd)
const money = amount.chain((it) =>
  fc.constantFrom({ amount: it, raw: null }, { amount: it, raw: { value: String(it), precision: 20 } }),
)
const taxLines = fc.array(
  fc.constantFrom(0, 4, 5.5, 10, 20, 21, 33.3333, 100).map((rate) => ({ rate })),
  { maxLength: 2 },
)
const adjustments = fc.array(
  fc
    .tuple(money, fc.boolean())
    .map(([{ amount, raw }, is_tax_inclusive]) => ({ id: "caliadj", amount, raw_amount: raw, is_tax_inclusive })),
  { maxLength: 3 },
)
const item = fc
  .tuple(money, fc.integer({ min: 0, max: 12 }), fc.boolean(), taxLines, adjustments)
  .map(([{ amount, raw }, quantity, is_tax_inclusive, tax_lines, adjustments]) => ({
    ...{ unit_price: amount, raw_unit_price: raw, quantity, is_tax_inclusive, tax_lines, adjustments },
  }))
const method = fc
  .tuple(money, fc.boolean(), taxLines, adjustments)
  .map(([{ amount, raw }, is_tax_inclusive, tax_lines, discounts]) => ({
    ...{ amount, raw_amount: raw, is_tax_inclusive, tax_lines },
    adjustments: discounts.map(({ is_tax_inclusive: _, ...it }) => it),
  }))
const cart = fc.record({
  currency_code: fc.constantFrom("eur", "jpy", "xyz"),
  items: fc.array(item, { maxLength: 4 }),
  shipping_methods: fc.array(method, { maxLength: 2 }),
  credit_lines: fc.array(
    money.map(({ amount, raw }) => ({ amount, raw_amount: raw })),
    { maxLength: 2 },
  ),
})
type Given = typeof cart extends fc.Arbitrary<infer It> ? It : never
const DIGITS: Record<string, number> = { eur: 2, jpy: 0 }

/** As Medusa reads them: with ids, by which it finds the totals of each line. */
function theirs(given: Given) {
  const copy = structuredClone(given) as Record<string, unknown> & {
    items: object[]
    shipping_methods: object[]
  }
  copy.items = copy.items.map((it, i) => ({ id: `cali_${i}`, ...it }))
  copy.shipping_methods = copy.shipping_methods.map((it, i) => ({ id: `casm_${i}`, ...it }))
  return JSON.parse(JSON.stringify(decorateCartTotals(copy as never)))
}

it("come to what Medusa makes of any cart, to the last digit", () => {
  fc.assert(
    fc.property(cart, (given) => {
      const expected = theirs(given)
      const made = cartTotals(given as never, DIGITS[given.currency_code])
      expect(Object.fromEntries(CART_TOTALS.map((name) => [name, shown(made.cart[name])]))).toEqual(
        Object.fromEntries(CART_TOTALS.map((name) => [name, expected[name]])),
      )
      for (const kind of ["items", "shipping_methods"] as const) {
        for (const [i, line] of made[kind].entries()) {
          const their = expected[kind][i]
          for (const [name, it] of Object.entries(line.totals)) expect([name, shown(it)]).toEqual([name, their[name]])
          for (const part of ["tax_lines", "adjustments"] as const) {
            expect(line[part].map((it) => [shown(it.subtotal), shown(it.total)])).toEqual(
              their[part].map((it: Record<string, number>) => [it.subtotal, it.total]),
            )
          }
        }
      }
    }),
    { numRuns: 2_000 },
  )
})
