import { BigNumber } from "bignumber.js"
import { cartTotals, exact, type Totalled } from "../carts/index.ts"

/** What of a line is printed, in what there are coins for: `unit_price` x `quantity` - `discount` + `tax_added` = `total`. */
export interface PrintedLine {
  unit_price: BigNumber
  discount: BigNumber
  /** Where prices are without tax; else 0. */
  tax_added: BigNumber
  total: BigNumber
}

/**
 * The amounts of a cart's lines as they are printed. Medusa computes with all their digits; here each line is rounded so
 * that the lines add up to what they come to together: who is left with the greatest part of a coin gets a whole one.
 *
 * What a price has of digits for which there is no coin ends up in the line's discount, or in its tax.
 *
 * @param decimalDigits  of the cart's currency
 */
export function printedLines(cart: Totalled, decimalDigits: number): PrintedLine[] {
  const rounded = (it: BigNumber) => it.decimalPlaces(decimalDigits, BigNumber.ROUND_HALF_UP)
  const totals = cartTotals(cart, decimalDigits).items.map((it) => it.totals)
  const shares = sharesOf(
    totals.map((it) => it.total),
    decimalDigits,
  )
  return cart.items.flatMap((line, i) => {
    const [of, total] = [totals[i], shares[i]]
    if (!of || !total) return []
    const unit_price = rounded(exact(line.raw_unit_price, line.unit_price))
    const price = unit_price.times(line.quantity)
    if (line.is_tax_inclusive || of.tax_total.isZero()) {
      return [{ unit_price, discount: price.minus(total), tax_added: new BigNumber(0), total }]
    }
    // A tax of less than a coin is none.
    const discount = BigNumber.max(rounded(of.discount_subtotal), price.minus(total))
    return [{ unit_price, discount, tax_added: total.minus(price).plus(discount), total }]
  })
}

/** The amounts in whole coins, which add up to their rounded sum: by the largest remainder. */
function sharesOf(amounts: readonly BigNumber[], decimalDigits: number): BigNumber[] {
  const coin = new BigNumber(1).shiftedBy(-decimalDigits)
  const shares = amounts.map((it) => it.decimalPlaces(decimalDigits, BigNumber.ROUND_FLOOR))
  const sum = BigNumber.sum(0, ...amounts).decimalPlaces(decimalDigits, BigNumber.ROUND_HALF_UP)
  const missing = sum
    .minus(BigNumber.sum(0, ...shares))
    .div(coin)
    .toNumber()
  const left = amounts.map((it, i) => ({ i, part: it.minus(shares[i] ?? 0) }))
  left.sort((a, b) => b.part.comparedTo(a.part) || a.i - b.i)
  const lucky = new Set(left.slice(0, missing).map((it) => it.i))
  return shares.map((it, i) => (lucky.has(i) ? it.plus(coin) : it))
}
