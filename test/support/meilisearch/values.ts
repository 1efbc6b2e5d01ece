/**
 * The values of an attribute: `price.eur` reaches into objects, and lists count as each of their elements.
 */
export function valuesOf(document: unknown, attribute: string): { present: boolean; values: unknown[] } {
  let reached: unknown[] = [document]
  for (const part of attribute.split(".")) {
    reached = reached
      .flatMap((it) => (Array.isArray(it) ? it : [it]))
      .flatMap((it) =>
        it !== null && typeof it === "object" && part in it ? [(it as Record<string, unknown>)[part]] : [],
      )
  }
  return { present: reached.length > 0, values: reached.flat() }
}

/** Numbers before texts, and what is not there last, whichever way it goes. */
export function compareValues(a: unknown, b: unknown, direction: "asc" | "desc"): number {
  const missing = (it: unknown) => it === undefined || it === null
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b))
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1
  const order = typeof a === "number" ? a - (b as number) : compareTexts(String(a), String(b))
  return direction === "asc" ? order : -order
}

export const compareTexts = (a: string, b: string): number => {
  const [left, right] = [normal(a), normal(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** As texts of facets are compared. */
export const normal = (text: string): string => text.trim().normalize("NFKD").toLowerCase()
