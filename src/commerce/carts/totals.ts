import { BigNumber } from "bignumber.js"
import type { AdjustmentRow, Cart, CreditLineRow, LineItemRow, Raw, ShippingMethodRow, TaxLineRow } from "./cart.ts"

/** An exact amount in the major unit. */
export type Decimal = BigNumber

const NOTHING = new BigNumber(0)
const ONE = new BigNumber(1)

/** The totals of a line or of a shipping method, by Medusa's names. */
export interface LineTotals {
  subtotal: Decimal
  total: Decimal
  original_subtotal: Decimal
  original_total: Decimal
  discount_subtotal: Decimal
  discount_tax_total: Decimal
  discount_total: Decimal
  tax_total: Decimal
  original_tax_total: Decimal
}

/** Of a tax line what it comes to before and after discounts, of a discount its amount without and with tax. */
export interface PartTotals {
  subtotal: Decimal
  total: Decimal
}

export interface TotalsOfLine {
  totals: LineTotals
  tax_lines: PartTotals[]
  adjustments: PartTotals[]
}

/** A cart's totals, by Medusa's names; those of its lines and methods in their order. */
export interface CartTotals {
  cart: Record<CartTotal, Decimal>
  items: TotalsOfLine[]
  shipping_methods: TotalsOfLine[]
  credit_lines: PartTotals[]
}

/** What of a cart its totals hang on. */
export type Totalled = Pick<Cart, "currency_code"> & {
  items: readonly (Pick<
    LineItemRow,
    "unit_price" | "raw_unit_price" | "is_tax_inclusive" | "tax_lines" | "adjustments"
  > & {
    quantity: number | Decimal
    /** Of an order's line: how many of them did not come back; all of them unless it is said. */
    kept?: Decimal
  })[]
  shipping_methods: readonly Pick<
    ShippingMethodRow,
    "amount" | "raw_amount" | "is_tax_inclusive" | "tax_lines" | "adjustments"
  >[]
  credit_lines: readonly Pick<CreditLineRow, "amount" | "raw_amount">[]
}

export const CART_TOTALS = [
  ...["total", "subtotal", "tax_total", "discount_total", "discount_subtotal", "discount_tax_total"],
  ...["credit_line_total", "credit_line_subtotal", "credit_line_tax_total"],
  ...["original_total", "original_subtotal", "original_tax_total"],
  ...["item_total", "item_subtotal", "item_tax_total", "item_discount_total"],
  ...["original_item_total", "original_item_subtotal", "original_item_tax_total"],
  ...["shipping_total", "shipping_subtotal", "shipping_tax_total", "shipping_discount_total"],
  ...["original_shipping_total", "original_shipping_subtotal", "original_shipping_tax_total"],
] as const
export type CartTotal = (typeof CART_TOTALS)[number]

/**
 * What a cart comes to, to the last digit as Medusa computes it, which is in decimals that nobody rounds: divisions to
 * 20 places, no rounding to the currency's.
 *
 * Medusa's own function takes several times as long, and importing it seconds; so it is written anew here, and held
 * against it with generated carts.
 *
 * @param decimalDigits  of the cart's currency, as Medusa's list of currencies has it; undefined where it is not there
 * @source Medusa 2.21 `utils/dist/totals/cart/index.js`, `decorateCartTotals`, and what it calls
 */
export function cartTotals(cart: Totalled, decimalDigits: number | undefined): CartTotals {
  const items = cart.items.map(totalsOfItem)
  const shipping_methods = cart.shipping_methods.map(totalsOfMethod)
  const ofItems = items.map((it) => it.totals)
  const ofMethods = shipping_methods.map((it) => it.totals)
  const item = sums(ofItems)
  const shipping = sums(ofMethods)
  const both = (name: keyof LineTotals) => item[name].plus(shipping[name])

  const credits = cart.credit_lines.map((it) => exact(it.raw_amount, it.amount))
  const credit = credits.reduce((sum, it) => sum.plus(it), NOTHING)
  const credit_line_total = credit.abs().lte(smallest(decimalDigits)) ? NOTHING : credit
  const subtotal = both("subtotal")
  const tax_total = both("tax_total")
  const discount_subtotal = both("discount_subtotal")
  return {
    items,
    shipping_methods,
    credit_lines: credits.map((it) => ({ subtotal: it, total: it })),
    cart: {
      total: subtotal.plus(tax_total).minus(discount_subtotal).minus(credit_line_total),
      subtotal,
      tax_total,
      discount_total: both("discount_total"),
      discount_subtotal,
      discount_tax_total: both("discount_tax_total"),
      credit_line_total,
      credit_line_subtotal: credit_line_total,
      credit_line_tax_total: NOTHING,
      original_total: both("original_total"),
      original_subtotal: subtotal,
      original_tax_total: both("original_tax_total"),
      item_total: item.total,
      item_subtotal: item.subtotal,
      item_tax_total: item.tax_total,
      item_discount_total: item.discount_total,
      original_item_total: item.original_total,
      original_item_subtotal: item.subtotal,
      original_item_tax_total: item.original_tax_total,
      shipping_total: shipping.total,
      shipping_subtotal: shipping.subtotal,
      shipping_tax_total: shipping.tax_total,
      shipping_discount_total: shipping.discount_total,
      original_shipping_total: shipping.original_total,
      original_shipping_subtotal: shipping.subtotal,
      original_shipping_tax_total: shipping.original_tax_total,
    },
  }
}

/** An amount as Medusa puts it into JSON. */
export function shown(amount: Decimal): number {
  if (amount.isZero()) return 0
  const number = amount.toNumber()
  return Math.abs(number) <= EPSILON ? 0 : number
}
/** Medusa's, which it takes for nothing. */
const EPSILON = 0.0001

/** The exact copy of an amount that Medusa stores and shows beside it. */
export const rawOf = (amount: Decimal): Raw => ({
  value: withoutZeros(amount.toPrecision(PRECISION)),
  precision: PRECISION,
})
const PRECISION = 20

/** @source Medusa 2.21 `utils/dist/common/trim-zeros.js` */
export function withoutZeros(value: string): string {
  const [whole = "", fraction] = value.split(".")
  if (!fraction) return whole
  const [digits = "", exponent] = fraction.split("e")
  const left = digits.replace(/0+$/, "")
  return `${left ? `${whole}.${left}` : whole}${exponent === undefined ? "" : `e${exponent}`}`
}

/** An amount of a row: its exact copy, or where there is none the number. */
export const exact = (raw: Raw | null | undefined, amount: number): Decimal => new BigNumber(raw ? raw.value : amount)

type Item = Totalled["items"][number]
type Method = Totalled["shipping_methods"][number]

function totalsOfItem(item: Item): TotalsOfLine {
  const { quantity, kept = quantity } = item
  const price = exact(item.raw_unit_price, item.unit_price).times(kept)
  const made = totalsOf(price, item)
  // Medusa goes by the discount of one unit, whose division may leave a last digit.
  const discount = quantity === 0 || made.discount.isZero() ? NOTHING : made.discount.div(quantity).times(kept)
  return finish(price, item, made, discount, "line")
}

function totalsOfMethod(method: Method): TotalsOfLine {
  const price = exact(method.raw_amount, method.amount)
  const made = totalsOf(price, method)
  return finish(price, method, made, made.discount, "method")
}

interface Made {
  rate: Decimal
  subtotal: Decimal
  /** Of all adjustments, without tax and with it. */
  discount: Decimal
  discountWithTax: Decimal
  discountTax: Decimal
  adjustments: PartTotals[]
}

function totalsOf(price: Decimal, line: Item | Method): Made {
  const rate = hundredth(line.tax_lines.reduce((sum, it) => sum.plus(it.rate), NOTHING))
  const made: Made = {
    rate,
    subtotal: line.is_tax_inclusive ? price.div(ONE.plus(rate)) : price,
    ...{ discount: NOTHING, discountWithTax: NOTHING, discountTax: NOTHING, adjustments: [] },
  }
  for (const adjustment of line.adjustments) {
    const amount = exact(adjustment.raw_amount, adjustment.amount)
    const subtotal = isInclusive(adjustment) ? amount.div(ONE.plus(rate)) : amount
    const tax = subtotal.times(rate)
    const total = subtotal.plus(tax)
    made.adjustments.push({ subtotal, total })
    made.discount = made.discount.plus(subtotal)
    made.discountTax = made.discountTax.plus(tax)
    made.discountWithTax = made.discountWithTax.plus(total)
  }
  return made
}
const isInclusive = ({ is_tax_inclusive }: AdjustmentRow) => is_tax_inclusive === true

function finish(
  price: Decimal,
  line: Item | Method,
  { subtotal, adjustments, discountWithTax, discountTax }: Made,
  discount: Decimal,
  kind: "line" | "method",
): TotalsOfLine {
  const discounted = subtotal.minus(discount)
  const tax_lines = line.tax_lines.map((it) => taxesOf(it, subtotal, discounted))
  const tax_total = tax_lines.reduce((sum, it) => sum.plus(it.total), NOTHING)
  const original_tax_total = tax_lines.reduce((sum, it) => sum.plus(it.subtotal), NOTHING)
  const original_total = line.is_tax_inclusive ? price : subtotal.plus(original_tax_total)
  const difference = original_tax_total.minus(tax_total)
  return {
    tax_lines,
    adjustments,
    totals: {
      subtotal,
      total: discounted.plus(tax_total),
      original_subtotal: original_total.minus(original_tax_total),
      original_total,
      discount_subtotal: discount,
      discount_tax_total: kind === "line" ? difference : discountTax,
      discount_total: kind === "line" ? discount.plus(difference) : discountWithTax,
      tax_total,
      original_tax_total,
    },
  }
}

function taxesOf({ rate }: TaxLineRow, subtotal: Decimal, discounted: Decimal): PartTotals {
  const share = hundredth(new BigNumber(rate))
  return { subtotal: subtotal.times(share), total: discounted.times(share) }
}

/** What a division by 100 gives, for a fraction of the time. */
const hundredth = (it: Decimal) => it.shiftedBy(-2).decimalPlaces(PLACES)
/** Of a division, as Medusa rounds it. */
const PLACES = 20

/** Sums of exact decimals are exact, in whichever order they are made. */
function sums(lines: readonly LineTotals[]): LineTotals {
  const all = { ...NO_TOTALS }
  for (const line of lines) for (const name of LINE_TOTALS) all[name] = all[name].plus(line[name])
  return all
}
const LINE_TOTALS = [
  ...["subtotal", "total", "original_subtotal", "original_total", "discount_subtotal", "discount_tax_total"],
  ...["discount_total", "tax_total", "original_tax_total"],
] as (keyof LineTotals)[]
const NO_TOTALS = Object.fromEntries(LINE_TOTALS.map((name) => [name, NOTHING])) as unknown as LineTotals

/** Below it credit counts as none. */
const smallest = (decimalDigits: number | undefined): Decimal =>
  decimalDigits === undefined ? new BigNumber("0.01") : ONE.div(new BigNumber(10).pow(decimalDigits))
