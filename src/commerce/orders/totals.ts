import { BigNumber } from "bignumber.js"
import { type CartTotals, cartTotals, type Decimal, exact, type TotalsOfLine } from "../carts/index.ts"
import type { Order, OrderLine } from "./order.ts"

/** What of a line is done, by the total that says what it comes to. */
const DONE = {
  fulfilled_quantity: "fulfilled_total",
  shipped_quantity: "shipped_total",
  return_requested_quantity: "return_requested_total",
  return_received_quantity: "return_received_total",
  return_dismissed_quantity: "return_dismissed_total",
  written_off_quantity: "write_off_total",
} as const

/** Medusa's order of these names. */
type DoneTotals = Record<"refundable_total_per_unit" | "refundable_total" | (typeof DONE)[keyof typeof DONE], Decimal>

export interface OrderTotals extends Omit<CartTotals, "items"> {
  items: (TotalsOfLine & { done: DoneTotals })[]
}

/**
 * Whether nothing of the order has been done or changed since it was placed: its totals are those of its cart. And nobody
 * has written something into it that Medusa takes for an amount.
 */
export const isUntouched = (found: Order): boolean =>
  found.order.version === 1 &&
  found.items.every(({ item }) => Object.keys(DONE).every((name) => !item[name])) &&
  !mimicsAmounts(found)

function mimicsAmounts(found: Order): boolean {
  const { order, items, shipping_methods, credit_lines, payment_collections, shipping_address, billing_address } = found
  const lines = items.flatMap(({ item, line, variant }) => [item, line, variant, variant?.product])
  const methods = shipping_methods.map((it) => it.method)
  const rows = [order, shipping_address, billing_address, ...lines, ...methods, ...credit_lines, ...payment_collections]
  return JSON.stringify(rows.map((it) => [it?.metadata, it?.data, it?.variant_option_values])).includes('"raw_')
}

/**
 * What an untouched order comes to.
 *
 * @source Medusa 2.21 `utils/dist/totals/line-item/index.js`, `utils/dist/totals/cart/index.js`
 */
export function orderTotals(
  { order, items, shipping_methods, credit_lines }: Order,
  decimalDigits: number | undefined,
): OrderTotals {
  const totalled = {
    currency_code: order.currency_code,
    items: items.map(({ item, line, ...it }) => ({
      ...{ ...line, ...it, quantity: item.quantity },
      unit_price: item.unit_price ?? line.unit_price,
      raw_unit_price: item.raw_unit_price ?? line.raw_unit_price,
    })),
    shipping_methods: shipping_methods.map(({ method, ...it }) => ({ ...method, ...it })),
    credit_lines,
  }
  const totals = cartTotals(totalled as unknown as Parameters<typeof cartTotals>[0], decimalDigits)
  return {
    ...totals,
    items: totals.items.map((it, i) => ({ ...it, done: doneOf(items[i] as OrderLine, it) })),
  }
}

function doneOf({ item, line, tax_lines }: OrderLine, { adjustments }: TotalsOfLine): DoneTotals {
  const price = exact(item.raw_unit_price ?? line.raw_unit_price, item.unit_price ?? line.unit_price)
  const sum = (part: "subtotal" | "total") => adjustments.reduce((all, it) => all.plus(it[part]), NONE)
  const discount = sum(line.is_tax_inclusive ? "total" : "subtotal")
  const perUnit = item.quantity === 0 ? NONE : discount.div(item.quantity)
  const net = price.times(item.quantity).minus(perUnit.times(item.quantity))
  const tax = line.is_tax_inclusive
    ? NONE
    : tax_lines.reduce((all, { rate }) => all.plus(net.times(new BigNumber(rate).div(100))), NONE)
  const refundable_total = net.plus(tax)
  return {
    refundable_total_per_unit: item.quantity === 0 ? NONE : refundable_total.div(item.quantity),
    refundable_total,
    ...(Object.fromEntries(Object.values(DONE).map((name) => [name, NONE])) as Record<
      (typeof DONE)[keyof typeof DONE],
      Decimal
    >),
  }
}

const NONE = new BigNumber(0)
