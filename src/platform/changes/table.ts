import { and, asc, desc, isNull } from "drizzle-orm"
import type { AnyPgColumn, PgTable } from "drizzle-orm/pg-core"
import { type Filters, filterCondition, filterInMemory, freeTextCondition } from "../../medusa/filters.ts"
import type { Db } from "../db/index.ts"
import type { ChangeFeed } from "./feed.ts"
import { keepInMemory } from "./reference.ts"

/** What is asked of a table: rows that pass all filters and have all words, a page of them in an order. */
export interface Question<Name extends string = string> {
  filters: Filters<Name>
  /** To search for; see `freeTextCondition`. */
  words?: string | undefined
  /** Without it in the order of the key, from first to last. */
  order?: { by: Name; descending: boolean } | undefined
  offset: number
  limit: number
}

export interface Page<Row> {
  rows: Row[]
  /** How many rows there are on all pages. */
  count: number
}

/** A small table of Medusa's, held whole in memory (without what is deleted). */
export interface HeldTable<Row, Name extends string = string> {
  /** All of them, in the database's order of the key. */
  readonly rows: readonly Row[]
  find(key: string): Row | undefined
  /**
   * Filters for equality are answered from memory. For what only Postgres can tell (operators, words, orders) it is
   * asked for the keys, once until the table changes.
   *
   * @returns undefined when the page cannot be told for certain: the order leaves ties, or memory is just being renewed
   */
  page(question: Question<Name>): Promise<Page<Row> | undefined>
}

export interface HeldTableOptions<Row, Name extends string> {
  table: PgTable & { deleted_at: AnyPgColumn }
  /** The column by which rows are found and, by default, ordered. */
  key: Name
  /** What may be filtered and ordered by. */
  columns: Record<Name, AnyPgColumn>
  /** What words are searched in. */
  searchable: AnyPgColumn[]
  /** All rows that are not deleted, in the order of the key as the database sorts it. */
  read(): Promise<Row[]>
  /**
   * What to do when an order leaves ties. Medusa has no second order, and gives them as Postgres happens to sort them:
   * the same for the same statement over the same rows. `repeat` makes that statement, with its limit (a sort that
   * needs a few rows only is another sort). `refuse` is for tables whose statements have joins that we do not know.
   */
  ties: "repeat" | "refuse"
}

const MOST_ANSWERS = 500

/** Loads a table and follows its changes. */
export async function holdTable<Row extends Record<Name, unknown>, Name extends string>(
  db: Db,
  feed: ChangeFeed,
  relation: string,
  options: HeldTableOptions<Row, Name>,
): Promise<HeldTable<Row, Name>> {
  const { table, key, columns, searchable, ties } = options
  const held = await keepInMemory(feed, [relation], async () => {
    const rows = await options.read()
    return { rows, byKey: new Map(rows.map((row) => [row[key] as string, row])), answers: new Map<string, string[]>() }
  })

  /** The keys that Postgres finds. Answers live as long as the rows that they were found with. */
  async function keys(
    question: Omit<Question<Name>, "offset" | "limit"> & { offset?: number; limit?: number },
  ): Promise<string[]> {
    const { answers } = held.value
    const name = JSON.stringify(question)
    const known = answers.get(name)
    if (known) return known
    const { filters, words, order, offset, limit } = question
    const direction = order?.descending ? desc : asc
    let statement = db
      .select({ key: columns[key] })
      .from(table)
      .where(
        and(isNull(table.deleted_at), filterCondition(columns, filters), freeTextCondition(searchable, words ?? "")),
      )
      .orderBy(direction(columns[order?.by ?? key]))
      .$dynamic()
    if (limit !== undefined) statement = statement.limit(limit)
    if (offset) statement = statement.offset(offset)
    const found = (await statement).map((row) => row.key as string)
    if (answers.size >= MOST_ANSWERS) answers.clear()
    answers.set(name, found)
    return found
  }

  return {
    get rows() {
      return held.value.rows
    },
    find: (it) => held.value.byKey.get(it),
    async page(question) {
      const { rows, byKey } = held.value
      const { filters, words, order, offset, limit } = question
      const byTheKey = order === undefined || order.by === key
      const fits = byTheKey && !words?.trim() ? filterInMemory(columns, filters) : undefined
      if (fits) {
        const found = rows.filter(fits)
        if (order?.descending) found.reverse()
        return { rows: found.slice(offset, offset + limit), count: found.length }
      }
      const ordered = await keys({ filters, words, order })
      const found = ordered.map((it) => byKey.get(it))
      if (!isWhole(found)) return undefined
      if (byTheKey || !hasTies(found, order.by)) {
        return { rows: found.slice(offset, offset + limit), count: found.length }
      }
      if (ties === "refuse") return undefined
      const page = (await keys(question)).map((it) => byKey.get(it))
      return isWhole(page) ? { rows: page, count: found.length } : undefined
    },
  }
}

const isWhole = <T>(rows: (T | undefined)[]): rows is T[] => !rows.includes(undefined)

/** Whether two rows that are neighbours in an order have the same place in it. */
function hasTies<Name extends string>(rows: Record<Name, unknown>[], by: Name): boolean {
  return rows.some((row, i) => i > 0 && comparable(row[by]) === comparable(rows[i - 1]?.[by]))
}

/** Times are compared as far as JavaScript knows them: what it takes for a tie may be none, which does no harm. */
const comparable = (value: unknown) => (value instanceof Date ? value.getTime() : value)
