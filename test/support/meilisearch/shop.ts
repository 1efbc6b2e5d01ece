import type { Meilisearch } from "meilisearch"
import type { Sql } from "postgres"
import { type Catalog, openCatalog } from "../../../src/commerce/catalog/index.ts"
import {
  DEFAULT_SEARCH_SETTINGS,
  type MeilisearchOptions,
  type MeilisearchSearch,
  markUnsent,
  openMeilisearch,
  type SearchDocument,
  type SearchSettings,
  searchWriter,
  toSearchDocument,
} from "../../../src/commerce/search/index.ts"
import { type ChangeFeed, openChangeFeed } from "../../../src/platform/changes/index.ts"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { until } from "../http.ts"

/** What one counter process does to have its products in Meilisearch. */
export interface SearchedShop {
  database: Database
  feed: ChangeFeed
  catalog: Catalog
  meilisearch: MeilisearchSearch
  /** What the merchant has set, as this process knows it; tests change it. */
  settings: { value: SearchSettings }
  /** What the indexer reported so far. */
  reports: object[]
  /** Resolves when the documents of what is committed by now are built. */
  built(): Promise<void>
  close(): Promise<void>
}

export async function openSearchedShop(url: string, target: MeilisearchOptions): Promise<SearchedShop> {
  const log = createLog("silent")
  const database = openDatabase(url, { connections: 6 })
  const feed = await openChangeFeed(database, log)
  const write = searchWriter([markUnsent])
  const catalog = await openCatalog(database, feed, log, {
    cacheBytes: 1e6,
    onBuilt: (tx, built) =>
      write(
        tx,
        built.map((it) => it.product_id),
      ),
  })
  const reports: object[] = []
  const settings = { value: DEFAULT_SEARCH_SETTINGS }
  const meilisearch = await openMeilisearch(database, log, target, settings, (event) => reports.push(event))
  return {
    database,
    feed,
    catalog,
    meilisearch,
    settings,
    reports,
    async built() {
      await feed.catchUp()
      await until("documents are built", async () => {
        const [row] = await database.sql`
          select exists(select from mostrador.product_document) and not exists(select from mostrador.stale_product) as built`
        return row?.built
      })
    },
    async close() {
      await feed.close()
      await meilisearch.close()
      await catalog.close()
      await database.close()
    },
  }
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

/** What the index should have, made straight from the documents of products. */
export async function expectedDocuments(sql: Sql): Promise<SearchDocument[]> {
  const rows = await sql`
    select product_id, content::text as content, prices::text as prices, stock::text as stock, visible_in
    from mostrador.product_document where content is not null and cardinality(visible_in) > 0`
  const lists = await sql<{ id: string; type: "sale" | "override" }[]>`select id, type from mostrador.search_price_list`
  const known = new Map(lists.map(({ id, type }) => [id, { type }]))
  return rows
    .map(({ product_id, content, prices, stock, visible_in }) =>
      toSearchDocument(
        {
          product_id,
          version: 0,
          product: JSON.parse(content),
          prices: JSON.parse(prices),
          stock: JSON.parse(stock),
          visible_in,
        },
        known,
      ),
    )
    .sort(byId)
}

/** What it has. */
export async function indexedDocuments(client: Meilisearch, index: string): Promise<SearchDocument[]> {
  const { results } = await client.index<SearchDocument>(index).getDocuments({ limit: 10_000 })
  return results.sort(byId)
}
