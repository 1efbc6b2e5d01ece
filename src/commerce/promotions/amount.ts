import type { BigNumber } from "bignumber.js"

const EPSILON = 0.0001

/**
 * An amount as Medusa's entities have it: next to nothing is nothing.
 *
 * @param amount  exact: as Postgres writes it, or as it was computed
 * @source Medusa 2.21 `utils/dist/totals/big-number.js`, `numeric`
 */
export function double(amount: string | BigNumber): number {
  const value = Number(amount)
  return Math.abs(value) <= EPSILON ? 0 : value
}
