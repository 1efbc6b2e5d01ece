/**
 * The numbers of Postgres's advisory locks for names, each once, in the one order in which everybody takes them: whoever
 * holds some and waits for others waits for nobody who waits for him.
 *
 * @param names  ids of inventory items, or whatever Medusa locks by
 * @returns as texts, since Postgres's numbers have 64 bits
 * @source Medusa 2.21 `locking-postgres/dist/services/advisory-lock.js` `hashStringToInt`; it takes them unsorted
 */
export function lockKeys(names: readonly string[]): string[] {
  return [...new Set(names.map(numberOf))].sort((a, b) => a - b).map(String)
}

function numberOf(name: string): number {
  let hash = 5381
  for (let at = name.length; at--; ) hash = (hash * 33) ^ name.charCodeAt(at)
  return hash >>> 0
}
