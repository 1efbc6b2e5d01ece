import { createRawPropertiesFromBigNumber, decorateCartTotals } from "@medusajs/framework/utils"
import fc from "fast-check"
import { expect, it } from "vitest"
import { CART_TOTALS, rawOf, shown } from "../../../src/commerce/carts/index.ts"
import { type Order, orderTotals } from "../../../src/commerce/orders/index.ts"

const DONE = [
  ...["fulfilled_quantity", "delivered_quantity", "shipped_quantity", "return_requested_quantity"],
  ...["return_received_quantity", "return_dismissed_quantity", "written_off_quantity"],
]
const raw = (value: number | string) => ({ value: String(value), precision: 20 })
const amount = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000 }).map((it) => it / 100),
  fc.constantFrom(0.00005, 1 / 3, 8.264462809917356, 123456789.123456),
)
const taxLines = fc.array(
  fc.constantFrom(0, 4, 5.5, 21, 33.3333).map((rate) => ({ rate, raw_rate: raw(rate) })),
  { maxLength: 2 },
)
const adjustments = fc.array(
  fc.tuple(amount, fc.boolean()).map(([it, is_tax_inclusive]) => ({
    ...{ id: "ordliadj", amount: it, raw_amount: raw(it), is_tax_inclusive },
  })),
  { maxLength: 2 },
)
const units = fc.tuple(
  fc.integer({ min: 1, max: 12 }),
  fc.array(fc.integer({ min: 0, max: 12 }), { minLength: DONE.length, maxLength: DONE.length }),
)
const line = fc
  .tuple(amount, fc.option(amount), units, fc.boolean(), taxLines, adjustments)
  .map(([price, changed, [quantity, done], is_tax_inclusive, tax_lines, adjustments]) => {
    const item: Record<string, unknown> = {
      ...{ quantity, raw_quantity: raw(quantity), unit_price: changed, raw_unit_price: changed && raw(changed) },
    }
    // Nothing is sent back twice: what came back, and what is on its way, are units of the line.
    let left = quantity
    for (const [i, name] of DONE.entries()) {
      const isReturn = name.startsWith("return_")
      const count = Math.min(done[i] ?? 0, isReturn ? left : quantity)
      if (isReturn) left -= count
      item[name] = count
      item[`raw_${name}`] = raw(count)
    }
    const own = { unit_price: price, raw_unit_price: raw(price), is_tax_inclusive }
    return { item, line: own, tax_lines, adjustments }
  })
const order = fc.record({
  currency_code: fc.constantFrom("eur", "jpy", "xyz"),
  items: fc.array(line, { maxLength: 3 }),
  shipping_methods: fc.array(
    fc.tuple(amount, fc.boolean(), taxLines).map(([it, is_tax_inclusive, tax_lines]) => ({
      ...{ method: { amount: it, raw_amount: raw(it), is_tax_inclusive }, tax_lines, adjustments: [] },
    })),
    { maxLength: 2 },
  ),
  credit_lines: fc.array(
    amount.map((it) => ({ amount: it, raw_amount: raw(it) })),
    { maxLength: 1 },
  ),
  paid: amount,
})
type Given = typeof order extends fc.Arbitrary<infer It> ? It : never
const DIGITS: Record<string, number> = { eur: 2, jpy: 0 }

/** As Medusa puts it together before it computes its totals. */
function theirs({ currency_code, items, shipping_methods, credit_lines, paid }: Given) {
  const put = {
    currency_code,
    items: items.map(({ item, line, ...parts }, i) => ({
      ...{ id: `ordli_${i}`, ...line, ...parts, quantity: item.quantity, raw_quantity: item.raw_quantity },
      ...{ unit_price: item.unit_price ?? line.unit_price, raw_unit_price: item.raw_unit_price ?? line.raw_unit_price },
      detail: item,
    })),
    shipping_methods: shipping_methods.map(({ method, ...parts }, i) => ({ id: `ordsm_${i}`, ...method, ...parts })),
    credit_lines,
    summary: { transaction_total: paid, raw_transaction_total: raw(paid) },
  }
  const made = decorateCartTotals(structuredClone(put) as never)
  createRawPropertiesFromBigNumber(made)
  return JSON.parse(JSON.stringify(made))
}

it("an order comes to what Medusa makes of it, whatever was sent, came back or is on its way back", () => {
  fc.assert(
    fc.property(order, (given) => {
      const expected = theirs(given)
      const { currency_code, paid, ...parts } = given
      const summary = { transaction_total: paid, raw_transaction_total: raw(paid) }
      const found = { order: { currency_code }, summary, ...parts } as unknown as Order
      const made = orderTotals(found, DIGITS[currency_code])
      expect(Object.fromEntries(CART_TOTALS.map((name) => [name, shown(made.cart[name])]))).toEqual(
        Object.fromEntries(CART_TOTALS.map((name) => [name, expected[name]])),
      )
      expect(shown(made.pending_difference)).toBe(expected.summary.pending_difference)
      for (const [i, line] of made.items.entries()) {
        for (const [name, it] of Object.entries({ ...line.totals, ...line.done })) {
          const their = expected.items[i]
          expect([name, shown(it), rawOf(it)]).toEqual([name, their[name], their[`raw_${name}`]])
        }
      }
    }),
    { numRuns: 2_000 },
  )
})
