import type { ChangeFeed } from "../../platform/changes/index.ts"
import type { Database } from "../../platform/db/index.ts"
import type { Log } from "../../platform/log.ts"
import { type OnBuilt, startBuilder } from "./builder.ts"
import { type Documents, openDocuments } from "./documents.ts"
import { type Follower, followDocuments } from "./follow.ts"
import { type History, openHistory } from "./history.ts"
import { type Listings, openListings } from "./listing.ts"
import { openPages } from "./pages.ts"
import { bringForward, DOCUMENT_RELATIONS, readStaleness, type Staleness } from "./stale.ts"

/** The products of the shop, as one counter process reads them. */
export interface Catalog {
  documents: Documents
  listings: Listings
  /** What changes in them, as it does. */
  changes: Follower
  /** All of them by version, to read on from where one was. */
  history: History
  /** Builds documents that are not there yet, before all others that wait: somebody asks for just these. */
  bringForward(productIds: readonly string[]): Promise<void>
  /** How many of its documents are out of date now. */
  staleness(): Promise<Staleness>
  /** Since when this process can build none; undefined when it can. */
  readonly failingSince: Date | undefined
  close(): Promise<void>
}

/**
 * Opens the catalog: builds documents where they are out of date, and keeps those in memory that are asked for.
 *
 * @param options.cacheBytes  of documents' texts that are held in memory
 * @param options.onBuilt     what else is written when documents are, in the same transaction
 */
export async function openCatalog(
  database: Database,
  feed: ChangeFeed,
  log: Log,
  options: { cacheBytes: number; onBuilt: OnBuilt },
): Promise<Catalog> {
  const changes = await followDocuments(database.sql, log)
  const builder = await startBuilder(database, log, options.onBuilt)
  feed.subscribe(DOCUMENT_RELATIONS, async () => {
    await builder.catchUp()
    await changes.catchUp()
  })
  return {
    documents: openDocuments(database.sql, changes, options.cacheBytes),
    listings: openListings(openPages(database.db, changes)),
    changes,
    history: openHistory(database.sql),
    async bringForward(productIds) {
      await bringForward(database.sql, productIds)
      await builder.catchUp()
      await changes.catchUp()
    },
    staleness: () => readStaleness(database.sql),
    get failingSince() {
      return builder.failingSince
    },
    async close() {
      await builder.close()
      await changes.close()
    },
  }
}
