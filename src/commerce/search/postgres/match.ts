import type { Sql, TransactionSql } from "postgres"
import type { Terms } from "./terms.ts"
import { Values } from "./values.ts"

/** Rows that have the words, and how well each fits. */
export interface Matched {
  rows: Int32Array
  /** Between 0 and 1. */
  scores: Float64Array
}

/** Scores come as whole numbers of this, which are quick to read. */
const STEPS = 1_000_000

/** @returns the rows that have the words of a query, of whichever channel; undefined when it has no words */
export async function findWords(sql: Sql | TransactionSql, terms: Terms): Promise<Matched | undefined> {
  if (!terms.match) return undefined
  const values = new Values()
  const text = `
    select string_agg(n::text, ',') as rows, string_agg(score::text, ',') as scores from (
      select n, round((${score(terms, values)}) * ${STEPS})::int as score
      from mostrador.search_product where words @@ ${values.add(terms.match, "tsquery")}) matched`
  const [found] = await sql.unsafe<{ rows: string | null; scores: string | null }[]>(text, values.list as never[])
  const numbers = (list: string | null | undefined) => (list ? list.split(",").map(Number) : [])
  return {
    rows: Int32Array.from(numbers(found?.rows)),
    scores: Float64Array.from(numbers(found?.scores), (it) => it / STEPS),
  }
}

/**
 * How well a product fits, between 0 and 1, in steps that do not overlap: a whole code, a whole title, the beginning of
 * a title, the words as they were typed, and what was found by other forms, synonyms or slips. Within a step the words
 * decide: those of a title weigh more than those of labels, and these more than a description's.
 */
function score(terms: Terms, values: Values): string {
  const rank = terms.rank ? `0.3 * ts_rank('{0.1,0.3,0.6,1}', words, ${values.add(terms.rank, "tsquery")}, 32)` : "0"
  const exact = terms.exact ? `(words @@ ${values.add(terms.exact, "tsquery")})::int` : "1"
  const title = terms.title
    ? `case when title = ${values.add(terms.title, "text")} then 0.6
        when starts_with(title, ${values.add(terms.title, "text")}) then 0.38 else 0 end`
    : "0"
  const steps = `${title} + 0.2 * ${exact} + ${rank}`
  if (!terms.code) return steps
  // Looked up once in the index: hardly any product has it, and every match would be asked.
  const coded = `select n from mostrador.search_product where words @@ ${values.add(terms.code, "tsquery")}`
  return `case when n in (${coded}) then 1 else ${steps} end`
}
