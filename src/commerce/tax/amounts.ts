import { BigNumber } from "bignumber.js"

export interface AmountsWithTax {
  readonly with_tax: number | null
  readonly without_tax: number | null
}

/** Results for some rates, by amount. */
interface Known {
  inclusive: Map<number | null, AmountsWithTax>
  exclusive: Map<number | null, AmountsWithTax>
}

/** A shop has few rates and few different prices, while decimal arithmetic costs microseconds: results are kept. */
const known = new Map<number | string, Known>()
/** How many before they are forgotten and begun anew, so that no odd shop fills the memory. */
const MOST_RATES = 1_000
const MOST_AMOUNTS = 50_000

/**
 * An amount with and without tax, to the last digit as Medusa computes it: in decimal, divisions to 20 places.
 *
 * @param amount       null where a price has no original amount; Medusa counts it as zero, and shows it as it is given
 * @param includesTax  whether the amount contains the tax
 * @param rates        percent; they add up, none is levied on another
 * @source Medusa 2.21 `utils/dist/totals/tax/index.js`, `calculateAmountsWithTax`
 */
export function amountsWithTax(
  amount: number | null,
  includesTax: boolean,
  rates: readonly { rate: number }[],
): AmountsWithTax {
  const [first] = rates
  const key = rates.length === 1 && first ? first.rate : rates.map(({ rate }) => rate).join("+")
  let forRates = known.get(key)
  if (!forRates) {
    if (known.size >= MOST_RATES) known.clear()
    forRates = { inclusive: new Map(), exclusive: new Map() }
    known.set(key, forRates)
  }
  const results = includesTax ? forRates.inclusive : forRates.exclusive
  let result = results.get(amount)
  if (!result) {
    if (results.size >= MOST_AMOUNTS) results.clear()
    result = compute(amount, includesTax, rates)
    results.set(amount, result)
  }
  return result
}

function compute(amount: number | null, includesTax: boolean, rates: readonly { rate: number }[]): AmountsWithTax {
  const given = new BigNumber(amount ?? 0)
  const shares = rates.map(({ rate }) => new BigNumber(rate).dividedBy(100))
  const share = rates.reduce((sum, { rate }) => sum.plus(rate), new BigNumber(0)).dividedBy(100)
  const taxable = includesTax ? given.dividedBy(share.plus(1)) : given
  const tax = shares.reduce((sum, it) => sum.plus(taxable.times(it)), new BigNumber(0))
  return includesTax
    ? { with_tax: amount, without_tax: given.minus(tax).toNumber() }
    : { with_tax: tax.plus(given).toNumber(), without_tax: amount }
}
