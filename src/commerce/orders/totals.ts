import { BigNumber } from "bignumber.js"
import { type CartTotals, cartTotals, type Decimal, exact, type TotalsOfLine } from "../carts/index.ts"
import type { DoneQuantity, Order, OrderLine } from "./order.ts"

/** What of a line is done, by the total that says what it comes to. */
const DONE = {
  fulfilled_quantity: "fulfilled_total",
  shipped_quantity: "shipped_total",
  return_requested_quantity: "return_requested_total",
  return_received_quantity: "return_received_total",
  return_dismissed_quantity: "return_dismissed_total",
  written_off_quantity: "write_off_total",
} as const
type Done = keyof typeof DONE

/** Medusa's order of these names. */
type DoneTotals = Record<"refundable_total_per_unit" | "refundable_total" | (typeof DONE)[Done], Decimal>

export interface OrderTotals extends Omit<CartTotals, "items"> {
  items: (TotalsOfLine & { done: DoneTotals })[]
  /** What is still to be paid, or to be given back when it is below nothing. */
  pending_difference: Decimal
}

/**
 * Whether only Medusa can say how it shows this order: somebody has written something into it that Medusa takes for an
 * amount, or a line has no units left, by which Medusa divides.
 */
export function isOddOrder(found: Order): boolean {
  const { order, items, shipping_methods, credit_lines, shipping_address, billing_address } = found
  const lines = items.flatMap(({ item, line, ...parts }) => [item, line, ...parts.tax_lines, ...parts.adjustments])
  const methods = shipping_methods.flatMap(({ method, ...parts }) => [method, ...parts.tax_lines, ...parts.adjustments])
  const rows: object[] = [order, ...lines, ...methods, ...credit_lines]
  for (const address of [shipping_address, billing_address]) if (address) rows.push(address)
  return items.some(({ item }) => unitsOf(item, "quantity").isZero()) || rows.some(mimicsAmounts)
}

function mimicsAmounts(row: object): boolean {
  const { metadata, data, variant_option_values } = row as Record<string, unknown>
  return [metadata, data, variant_option_values].some((it) => it && JSON.stringify(it).includes('"raw_'))
}

/**
 * What an order comes to, less what came back of it.
 *
 * @param decimalDigits  of the order's currency; undefined where Medusa does not look at it
 * @source Medusa 2.21 `utils/dist/totals/line-item/index.js`, `utils/dist/totals/cart/index.js`
 */
export function orderTotals(found: Order, decimalDigits: number | undefined): OrderTotals {
  const { order, summary, items, shipping_methods, credit_lines } = found
  const totalled = {
    currency_code: order.currency_code,
    items: items.map(({ item, line, ...it }) => ({
      ...{ ...line, ...it, quantity: unitsOf(item, "quantity"), kept: keptOf(item) },
      ...priceOf({ item, line }),
    })),
    shipping_methods: shipping_methods.map(({ method, ...it }) => ({ ...method, ...it })),
    credit_lines,
  }
  const totals = cartTotals(totalled as unknown as Parameters<typeof cartTotals>[0], decimalDigits)
  const lines = totals.items.map((it, i) => ({ ...it, done: doneOf(items[i] as OrderLine, it) }))
  const paid = exact(summary.raw_transaction_total as null, (summary.transaction_total ?? 0) as number)
  const returning = lines.reduce((sum, { done }) => sum.plus(done.return_requested_total), NONE)
  const pending = totals.cart.total.minus(returning).minus(paid)
  const isNothing = pending.abs().lte(new BigNumber(10).pow(-(decimalDigits ?? 2)))
  return { ...totals, items: lines, pending_difference: isNothing ? NONE : pending }
}

const unitsOf = (item: OrderLine["item"], name: "quantity" | DoneQuantity): Decimal =>
  exact(item[`raw_${name}`], item[name])

/** How many units of it did not come back. */
const keptOf = (item: OrderLine["item"]): Decimal =>
  unitsOf(item, "quantity")
    .minus(unitsOf(item, "return_received_quantity"))
    .minus(unitsOf(item, "return_dismissed_quantity"))

/** Its price in this version of the order, or the one that it was bought at. */
const priceOf = ({ item, line }: Pick<OrderLine, "item" | "line">) => ({
  unit_price: item.unit_price ?? line.unit_price,
  raw_unit_price: item.raw_unit_price ?? line.raw_unit_price,
})

function doneOf({ item, line, tax_lines }: OrderLine, { adjustments }: TotalsOfLine): DoneTotals {
  const { raw_unit_price, unit_price } = priceOf({ item, line })
  const price = exact(raw_unit_price, unit_price)
  const quantity = unitsOf(item, "quantity")
  const rates = tax_lines.map((it) => exact(it.raw_rate, it.rate).div(100))
  const rate = tax_lines.reduce((sum, it) => sum.plus(exact(it.raw_rate, it.rate)), NONE).div(100)
  const taxed = (net: Decimal) => rates.reduce((sum, it) => sum.plus(net.times(it)), net)
  const discounts = (part: "subtotal" | "total") => adjustments.reduce((sum, it) => sum.plus(it[part]), NONE)

  const left = keptOf(item).minus(unitsOf(item, "return_requested_quantity"))
  const discountOfUnit = discounts(line.is_tax_inclusive ? "total" : "subtotal").div(quantity)
  const net = left.times(price).minus(left.times(discountOfUnit))
  const refundable_total = line.is_tax_inclusive ? net : taxed(net)

  const gross = price.times(quantity)
  const subtotal = line.is_tax_inclusive ? gross.div(rate.plus(1)) : gross
  const ofUnit = taxed(subtotal.minus(discounts("subtotal"))).div(quantity)
  const done = Object.entries(DONE).map(([units, total]) => [total, ofUnit.times(unitsOf(item, units as Done))])
  return {
    refundable_total_per_unit: left.isZero() ? NONE : refundable_total.div(left),
    refundable_total,
    ...(Object.fromEntries(done) as Record<(typeof DONE)[Done], Decimal>),
  }
}

const NONE = new BigNumber(0)
