const EPSILON = 0.0001

/**
 * An amount as Medusa's entities have it: next to nothing is nothing.
 *
 * @param numeric  as Postgres writes it
 * @source Medusa 2.21 `utils/dist/totals/big-number.js`, `numeric`
 */
export function double(numeric: string): number {
  const value = Number(numeric)
  return Math.abs(value) <= EPSILON ? 0 : value
}
