import type { Document } from "./filter.ts"
import type { Found, Query } from "./matching.ts"
import { compareValues, valuesOf } from "./values.ts"

/** A document that matches, with what it is ranked by. */
export interface Match {
  document: Document
  /** By term, as far as they were found. */
  found: Found[]
  /** What each built-in rule says, from 0 to 1; more is better. */
  ranks: Record<"words" | "typo" | "proximity" | "attribute" | "exactness", number>
  score: number
}

/** A match out of the terms that were found, which are the first of the query's. */
export function ranked(document: Document, query: Query, found: Found[], attributes: number): Match {
  const terms = Math.max(1, query.terms.length)
  const count = Math.max(1, found.length)
  const gaps = found.slice(1).map((it, i) => {
    const before = found[i] as Found
    return it.attribute === before.attribute ? Math.min(8, Math.abs(it.position - before.position)) : 8
  })
  const mean = (values: number[]) => values.reduce((sum, it) => sum + it, 0) / Math.max(1, values.length)
  const ranks = {
    words: query.terms.length === 0 ? 1 : found.length / terms,
    typo: 1 - found.reduce((sum, it) => sum + it.typos, 0) / (2 * count + 1),
    proximity: gaps.length === 0 ? 1 : 1 - (mean(gaps) - 1) / 8,
    // Which field it is, and where in it: at its beginning is better.
    attribute: 1 - mean(found.map((it) => it.attribute + Math.min(it.position, 99) / 100)) / Math.max(1, attributes),
    exactness: found.length === 0 ? 1 : (found.filter((it) => it.exact).length / count) * 0.5 + whole(found) * 0.5,
  }
  const { words, typo, proximity, attribute, exactness } = ranks
  const score = words * (0.5 + 0.25 * typo + 0.1 * proximity + 0.1 * attribute + 0.05 * exactness)
  return { document, found, ranks, score }
}

/** 1 when the query is all of a field, 0.5 when a field begins with it. */
function whole(found: Found[]): number {
  const first = found[0]
  const isRow = found.every((it, i) => it.exact && it.attribute === first?.attribute && it.position === i)
  return isRow ? (first?.words === found.length ? 1 : 0.5) : 0
}

/**
 * The order of two matches by the index's rules, one after the other.
 *
 * @param sort  as the query gives it: `price.eur:asc`
 */
export function compareMatches(a: Match, b: Match, rules: readonly string[], sort: readonly string[]): number {
  const byField = (it: string) => {
    const at = it.lastIndexOf(":")
    const attribute = it.slice(0, at)
    const direction = it.slice(at + 1) === "desc" ? "desc" : "asc"
    return compareValues(first(a, attribute, direction), first(b, attribute, direction), direction)
  }
  for (const rule of rules) {
    let order = 0
    if (rule === "sort") order = sort.map(byField).find((it) => it !== 0) ?? 0
    else if (rule.includes(":")) order = byField(rule)
    else {
      const name = (rule === "attributeRank" || rule === "wordPosition" ? "attribute" : rule) as keyof Match["ranks"]
      order = b.ranks[name] - a.ranks[name]
    }
    if (order !== 0) return order
  }
  return 0
}

/** Of several values the lowest counts upwards, and the highest downwards. */
function first({ document }: Match, attribute: string, direction: "asc" | "desc"): unknown {
  return [...valuesOf(document, attribute).values].sort((x, y) => compareValues(x, y, direction))[0]
}
