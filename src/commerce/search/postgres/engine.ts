import { createHash } from "node:crypto"
import type { TransactionSql } from "postgres"
import type { Database } from "../../../platform/db/index.ts"
import { Kept } from "../../../platform/kept.ts"
import type { Log } from "../../../platform/log.ts"
import { NoSlot, slots } from "../../../platform/slots.ts"
import type { Documents } from "../../catalog/index.ts"
import { toSearchDocument } from "../document.ts"
import { type Hit, type SearchEngine, type SearchQuery, type SearchResult, SearchUnavailable } from "../engine.ts"
import { highlight, type Matcher } from "../highlight.ts"
import type { SearchSettings } from "../settings.ts"
import { type Answer, answerOf } from "./answer.ts"
import type { Ask } from "./filters.ts"
import { findWords } from "./match.ts"
import { SearchMemory } from "./memory.ts"
import { Pace } from "./pace.ts"
import { readTerms } from "./terms.ts"

/** A request that takes longer is given up, all its queries together: it would only take the database from others. */
const REQUEST_MILLISECONDS = 2_000
/** Searches of a process at once, of its ten connections: who wants a price must not wait for who looks for a word. */
const MOST_AT_ONCE = 5

export interface PostgresSearchOptions {
  database: Database
  /** Where hits are read from: they are in memory when they were shown lately. */
  documents: Documents
  settings: { readonly value: SearchSettings }
  log: Log
}

export interface PostgresSearch extends SearchEngine {
  close(): Promise<void>
}

/** What was found, before it is made into hits. */
interface Found {
  answer: Answer
  /** Which words to mark; undefined when none were looked for. */
  matcher: Matcher | undefined
}

/** Answers that are kept, in bytes: a few thousand. */
const KEPT_BYTES = 16e6
const BYTES_OF_A_VALUE = 100

/**
 * The search without Meilisearch: what shoppers type is read with the help of Postgres (codes, slips, word forms) and
 * looked for, narrowed, counted and sorted in memory. What many ask for (a category's page, a common word) is found
 * once, until something in the index changes.
 */
export async function openPostgresSearch({
  database: { sql },
  documents,
  settings,
  log,
}: PostgresSearchOptions): Promise<PostgresSearch> {
  const memory = new SearchMemory(sql, log)
  await memory.catchUp()
  const room = slots(MOST_AT_ONCE)
  // This process may learn of new settings later than of the index's new version.
  let kept = { settings: settings.value, answers: new Kept<Found>(KEPT_BYTES) }
  function keptNow() {
    if (kept.settings !== settings.value) kept = { settings: settings.value, answers: new Kept<Found>(KEPT_BYTES) }
    return kept
  }

  async function one(tx: TransactionSql, query: SearchQuery, settings: SearchSettings, end: number): Promise<Found> {
    const pace = new Pace(end)
    const ask = asking(tx, memory, end)
    const search = async (widen: boolean) => {
      limitTime(tx, end)
      const terms = await readTerms(tx, query, settings, widen)
      const answer = await answerOf(query, await findWords(tx, terms, memory, pace), memory, ask, pace)
      return { answer, matcher: terms.match ? terms.highlight : undefined, canWiden: terms.canWiden }
    }
    const { canWiden, ...found } = await search(false)
    // A word that the shop knows, but not in what this caller may see or has chosen, may be a slip after all.
    if (found.answer.count > 0 || !canWiden) return found
    const { answer, matcher } = await search(true)
    return { answer, matcher }
  }

  async function find(queries: SearchQuery[], settings: SearchSettings, end: number): Promise<Found[]> {
    return await sql.begin("read only", async (tx) => {
      void tx.unsafe(SETTINGS).catch(() => {})
      const found: Found[] = []
      for (const query of queries) found.push(await one(tx, query, settings, end))
      return found
    })
  }

  async function findOrKnow(queries: SearchQuery[], end: number): Promise<Found[]> {
    await memory.catchUp()
    // What changes from here on makes the answer one that nobody asks for again.
    const { version } = memory
    const { settings, answers } = keptNow()
    const keys = queries.map((query) => keyOf(version, query))
    const known = new Map(keys.map((key) => [key, answers.find(key)]))
    const missing = new Map(
      keys.flatMap((key, i) => (known.get(key) ? [] : [[key, queries[i] as SearchQuery] as const])),
    )
    if (missing.size > 0) {
      const left = Math.max(end - performance.now(), 0)
      const found = await room.use(left, () => find([...missing.values()], settings, end))
      for (const [i, key] of [...missing.keys()].entries()) {
        known.set(key, answers.keep(key, found[i] as Found, sizeOf(found[i] as Found)))
      }
    }
    return keys.map((key) => known.get(key) as Found)
  }

  return {
    name: "postgres",
    async search(queries) {
      const begin = performance.now()
      const answers = await findOrKnow(queries, begin + REQUEST_MILLISECONDS).catch((error) => {
        if (!(error instanceof NoSlot) && (error as { code?: string }).code !== CANCELED) throw error
        throw new SearchUnavailable("The search took too long", { cause: error })
      })
      const took = Math.round(performance.now() - begin)
      return await Promise.all(
        answers.map(async ({ answer, matcher }, i): Promise<SearchResult> => {
          const query = queries[i] as SearchQuery
          return {
            hits: await hydrate(documents, query, answer, matcher),
            count: answer.count,
            facets: answer.facets,
            took,
          }
        }),
      )
    },
    close: () => memory.close(),
  }
}

/** Compiling a statement that runs for 10 ms takes 100 ms; a word of four letters shares a quarter with its slip. */
const SETTINGS = `
  set local jit = off;
  set local work_mem = '32MB';
  set local pg_trgm.similarity_threshold = 0.22`

const keyOf = (version: number, query: SearchQuery) =>
  `${version} ${createHash("sha256").update(JSON.stringify(query)).digest("base64")}`

function sizeOf({ answer, matcher }: Found): number {
  const values = answer.facets.reduce((sum, it) => sum + (it.type === "value" ? it.values.length : 10), 0)
  const prices = answer.hits.reduce((sum, it) => sum + Object.keys(it.price).length, 0)
  const words = matcher ? matcher.words.size + matcher.beginnings.length + matcher.codes.size : 0
  return BYTES_OF_A_VALUE * (10 + answer.hits.length + prices + values + words)
}

/**
 * Asks Postgres what memory does not know. One answer is a byte for each row, and what one search asks twice, for several
 * facets, is asked once.
 *
 * @throws SearchUnavailable after `end`
 */
function asking(tx: TransactionSql, memory: SearchMemory, end: number): Ask {
  const known = new Map<string, Uint8Array>()
  return async (select, values) => {
    const key = JSON.stringify([select, values])
    const held = known.get(key)
    if (held) return held
    if (performance.now() > end) throw new SearchUnavailable("The search took too long")
    limitTime(tx, end)
    const [found] = await tx.unsafe<{ rows: string | null }[]>(
      `select string_agg(n::text, ',') as rows from mostrador.search_product where product_id in (${select})`,
      values as never[],
    )
    const rows = new Uint8Array(memory.size)
    for (const row of found?.rows?.split(",") ?? []) rows[Number(row)] = 1
    known.set(key, rows)
    return rows
  }
}

/** Postgres's code for a statement that was given up. */
const CANCELED = "57014"

/** Sent ahead of the next statement, which does not wait for it. */
function limitTime(tx: TransactionSql, end: number): void {
  const left = Math.max(Math.ceil(end - performance.now()), 1)
  void tx.unsafe(`set local statement_timeout = ${left}`).catch(() => {})
}

async function hydrate(
  documents: Documents,
  query: SearchQuery,
  answer: Answer,
  matcher: Matcher | undefined,
): Promise<Hit[]> {
  const found = await documents.get(answer.hits.map((hit) => hit.id))
  const byId = new Map(found.map((it) => [it.product_id, it]))
  return answer.hits.flatMap(({ id, score, price }) => {
    const product = byId.get(id)
    // It may have been withdrawn in this very moment.
    if (!product?.visible_in.some((channel) => query.channels.includes(channel))) return []
    const document = { ...toSearchDocument(product), price }
    const marked = query.highlight && matcher ? highlight(document, matcher, query.highlight) : undefined
    return [{ id, document, score, ...(marked ? { highlights: marked } : {}) }]
  })
}
