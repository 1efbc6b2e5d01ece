import type { ChangeFeed } from "../../platform/changes/index.ts"
import type { Database } from "../../platform/db/index.ts"
import type { Log } from "../../platform/log.ts"
import type { Catalog, Documents } from "../catalog/index.ts"
import { BeyondEngine, type SearchEngine, type SearchQuery, type SearchResult, SearchUnavailable } from "./engine.ts"
import { type Indexer, type SearchWriter, startIndexer } from "./indexer.ts"
import { openPostgresSearch } from "./postgres/index.ts"
import { loadSearchSettings, type SettingsHolder } from "./settings.ts"

/** The search of the shop, whichever engine answers. */
export interface Search {
  /** @returns a result for each query, in their order, and who found it */
  search(queries: SearchQuery[]): Promise<{ engine: SearchEngine["name"]; results: SearchResult[] }>
  settings: SettingsHolder
  indexer: Indexer
  close(): Promise<void>
}

/** An engine beside Postgres, asked first for as long as it is well. */
export interface OtherEngine extends SearchEngine {
  /** Whether it has everything that Postgres has, but for what has changed in the last seconds, as far as is known. */
  readonly ready: boolean
  close(): Promise<void>
}

export interface SearchOptions {
  catalog: Pick<Catalog, "documents">
  /** What brings every index up to date; the one that the builder of documents calls, too. */
  write: SearchWriter
  /** Made when its address is configured, of settings that it follows. */
  meilisearch?: (settings: SettingsHolder) => Promise<OtherEngine>
}

/** Opens the search: Meilisearch where there is one and it is well, else Postgres, which always has everything. */
export async function openSearch(
  database: Database,
  feed: ChangeFeed,
  log: Log,
  options: SearchOptions,
): Promise<Search> {
  const { documents } = options.catalog
  const settings = await loadSearchSettings(database, feed)
  const postgres = await openPostgresSearch({ database, documents, settings, log })
  const other = await options.meilisearch?.(settings)
  const indexer = await startIndexer(database, log, options.write)
  feed.subscribe(["price_list", "price_list_rule"], async () => {
    // Nobody waits for it: a list may have every product of the shop. What fails is told when it is tried again.
    void indexer.catchUp().catch(() => {})
  })
  let failing = false

  async function askPostgres(queries: SearchQuery[]) {
    return { engine: postgres.name, results: await postgres.search(queries) }
  }

  async function askOther(engine: OtherEngine, queries: SearchQuery[]) {
    return { engine: engine.name, results: await withoutHidden(documents, queries, await engine.search(queries)) }
  }

  return {
    async search(queries) {
      if (!other?.ready) return await askPostgres(queries)
      try {
        const answer = await askOther(other, queries)
        failing = false
        return answer
      } catch (error) {
        if (error instanceof BeyondEngine) return await askPostgres(queries)
        if (!(error instanceof SearchUnavailable)) throw error
        if (!failing) log.warn({ err: error }, `${other.name} cannot be searched; Postgres answers`)
        failing = true
        return await askPostgres(queries)
      }
    },
    settings,
    indexer,
    async close() {
      await indexer.close()
      await postgres.close()
      await other?.close()
    },
  }
}

/** An index of its own may have what was withdrawn from the caller's channels in this very moment. */
async function withoutHidden(
  documents: Documents,
  queries: SearchQuery[],
  results: SearchResult[],
): Promise<SearchResult[]> {
  const ids = results.flatMap((result) => result.hits.map((hit) => hit.id))
  const visibleIn = new Map((await documents.get(ids)).map((it) => [it.product_id, it.visible_in]))
  return results.map((result, i) => {
    const isShown = (id: string) => visibleIn.get(id)?.some((channel) => queries[i]?.channels.includes(channel))
    return { ...result, hits: result.hits.filter((hit) => isShown(hit.id)) }
  })
}
