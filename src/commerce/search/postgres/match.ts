import type { Sql, TransactionSql } from "postgres"
import type { SearchMemory } from "./memory.ts"
import type { Pace } from "./pace.ts"
import type { Terms } from "./terms.ts"
import { codesOf, type Tree } from "./tree.ts"
import type { WordIndex } from "./word-index.ts"

/** Rows that have the words, and how well each fits. */
export interface Matched {
  rows: Int32Array
  /** Between 0 and 1. */
  scores: Float64Array
}

/**
 * How well a product fits, between 0 and 1, in steps that do not overlap: a whole code, a whole title, the beginning of
 * a title, the words as they were typed, and what was found by other forms, synonyms or slips. Within a step the words
 * decide: those of a title weigh more than those of labels, and these more than a description's.
 */
const STEPS = { code: 1, title: 0.6, beginning: 0.38, typed: 0.2, words: 0.3 }
/** Finer differences are the arithmetic's: what fits equally well is in the order of its ids, in every process. */
const FINEST = 1e-6
/** Rows that are weighed between two looks at the clock. */
const LOOK = 16_384

/** @returns the rows that have the words of a query, of whichever channel; undefined when it has no words */
export async function findWords(
  sql: Sql | TransactionSql,
  terms: Terms,
  memory: SearchMemory,
  pace: Pace,
): Promise<Matched | undefined> {
  if (!terms.match) return undefined
  const { size, titles } = memory
  const coded = await readCodes(sql, codesOf(terms.match))
  const marked = async (tree: Tree | undefined) => {
    const rows = new Uint8Array(size)
    if (tree) await mark(tree, rows, memory.words, coded, pace)
    return rows
  }
  const matches = await marked(terms.match)
  const typed = terms.exact ? await marked(terms.exact) : matches
  const whole = await marked(terms.code)
  const worth = new Float64Array(size)
  for (const leaf of terms.leaves) await memory.words.weigh(leaf, worth, pace)

  const rows = new Int32Array(matches.reduce((sum, it) => sum + it, 0))
  const scores = new Float64Array(rows.length)
  let found = 0
  for (let row = 0; row < size; row++) {
    if (row % LOOK === 0 && pace.isOver) await pace.pause()
    if (matches[row] === 0) continue
    const mean = (worth[row] as number) / Math.max(terms.leaves.length, 1)
    let score = (STEPS.words * mean) / (mean + 1)
    if (typed[row] === 1) score += STEPS.typed
    const title = titles[row] ?? ""
    if (terms.title !== "" && title.startsWith(terms.title)) {
      score += title.length === terms.title.length ? STEPS.title : STEPS.beginning
    }
    rows[found] = row
    scores[found++] = whole[row] === 1 ? STEPS.code : Math.round(score / FINEST) * FINEST
  }
  return { rows, scores }
}

/** By code: the rows of products that have it. */
type Coded = Map<string, number[]>

/** Codes stay in Postgres: hardly any two products share one, and every variant has its own. */
async function readCodes(sql: Sql | TransactionSql, codes: string[]): Promise<Coded> {
  if (codes.length === 0) return new Map()
  const found = await sql<{ code: string; rows: number[] }[]>`
    select code, array_agg(n) as rows from mostrador.search_product, unnest(codes) code
    where codes && ${codes} and code = any(${codes}) group by code`
  return new Map(found.map(({ code, rows }) => [code, rows]))
}

/** Marks the rows of products that have what is asked for. */
async function mark(tree: Tree, rows: Uint8Array, words: WordIndex, coded: Coded, pace: Pace): Promise<void> {
  if (tree.kind === "word") await words.mark(tree, rows, pace)
  else if (tree.kind === "code") for (const row of coded.get(tree.code) ?? []) rows[row] = 1
  else if (tree.kind === "any") for (const it of tree.of) await mark(it, rows, words, coded, pace)
  else {
    const having = new Uint8Array(rows.length)
    for (const it of tree.of) {
      const these = new Uint8Array(rows.length)
      await mark(it, these, words, coded, pace)
      for (let row = 0; row < these.length; row++) having[row] = (having[row] as number) + (these[row] as number)
    }
    for (let row = 0; row < having.length; row++) if (having[row] === tree.of.length) rows[row] = 1
    await pace.pause()
  }
}
