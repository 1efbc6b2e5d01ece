import type { Database } from "../../../platform/db/index.ts"
import type { Log } from "../../../platform/log.ts"
import type { SearchEngine } from "../engine.ts"
import { readSearchSettings } from "../settings.ts"
import { createBreaker } from "./breaker.ts"
import { connect, type MeilisearchOptions } from "./connection.ts"
import { meilisearchSearch } from "./engine.ts"
import { type IndexerOptions, type IndexState, startMeilisearchIndexer } from "./indexer.ts"
import { type RebuildOptions, rebuildIndex } from "./rebuild.ts"
import { indexSettings, type Words } from "./settings.ts"

/** Meilisearch beside Postgres: what searches it, and what keeps it up. */
export interface MeilisearchSearch extends SearchEngine {
  readonly name: "meilisearch"
  /** Whether it has everything that Postgres has, but for what has changed in the last seconds, as far as is known. */
  readonly ready: boolean
  readonly state: IndexState
  /** Whether it is there and would be asked, now. */
  isWell(): Promise<boolean>
  /** Sends all that is committed by now, and resolves when it can be found. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the search with Meilisearch, whether it can be reached or not.
 *
 * @param settings  the merchant's words, as they are now; followed
 */
export async function openMeilisearch(
  { sql }: Database,
  log: Log,
  options: MeilisearchOptions,
  settings: { readonly value: Words },
  report?: IndexerOptions["report"],
): Promise<MeilisearchSearch> {
  const connection = connect(options)
  const indexer = await startMeilisearchIndexer({
    sql,
    connection,
    log,
    settings: () => indexSettings(settings.value),
    staleMilliseconds: options.staleMilliseconds,
    report,
  })
  const breaker = createBreaker()
  const engine = meilisearchSearch({
    connection,
    breaker,
    isFilled: () => indexer.state.filled,
    onLost: indexer.mistrust,
  })
  const isReady = () => indexer.state.filled && !indexer.state.stale
  return {
    name: "meilisearch",
    search: engine.search,
    get ready() {
      return isReady()
    },
    get state() {
      return indexer.state
    },
    async isWell() {
      const answers = await connection.search.isHealthy()
      return answers && isReady() && !breaker.isOpen
    },
    catchUp: indexer.catchUp,
    close: indexer.close,
  }
}

/**
 * For `npm run catalog:rebuild`; needs a pool of four connections at least.
 *
 * @param words  as they are when it begins; those in force when it ends are read again
 * @returns how many products the index has
 */
export function rebuildMeilisearch(
  { sql }: Database,
  log: Log,
  options: MeilisearchOptions,
  words: Words,
  progress: RebuildOptions["progress"],
  signal?: AbortSignal,
): Promise<number> {
  return rebuildIndex({
    ...{ sql, log, progress, signal },
    connection: connect(options),
    settings: indexSettings(words),
    settingsNow: async () => indexSettings(await sql.begin(readSearchSettings)),
  })
}
