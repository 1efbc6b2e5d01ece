import { Meilisearch, MeilisearchApiError, MeilisearchRequestError, MeilisearchRequestTimeOutError } from "meilisearch"

/** One Meilisearch, and the name of our index in it. */
export interface Connection {
  /** For shoppers: gives up soon. */
  search: Meilisearch
  /** For the indexer: has time. */
  admin: Meilisearch
  /** The index that is searched. */
  index: string
  /** The index that is built while the other is searched. */
  rebuildIndex: string
  url: string
}

export interface MeilisearchOptions {
  url: string
  masterKey: string
  /** Before the names of all indexes. */
  indexPrefix: string
  /** How long a search may take before another engine answers it. */
  searchMilliseconds?: number
  /** How long what has changed may wait to be sent before another engine answers. */
  staleMilliseconds?: number
}

const SEARCH_MILLISECONDS = 1_000
const ADMIN_MILLISECONDS = 30_000

/** Makes the clients; asks nothing yet. */
export function connect({ url, masterKey, indexPrefix, searchMilliseconds }: MeilisearchOptions): Connection {
  const client = (timeout: number) =>
    new Meilisearch({ host: url, apiKey: masterKey, timeout, clientAgents: ["Mostrador"] })
  return {
    search: client(searchMilliseconds ?? SEARCH_MILLISECONDS),
    admin: client(ADMIN_MILLISECONDS),
    index: `${indexPrefix}_products`,
    rebuildIndex: `${indexPrefix}_products_rebuild`,
    url,
  }
}

/** Meilisearch's code of an error, e.g. `index_not_found`; undefined when it was not Meilisearch that answered. */
export const errorCodeOf = (error: unknown): string | undefined =>
  error instanceof MeilisearchApiError ? error.cause?.code : undefined

/**
 * An error in a sentence that may be logged and shown by `/ready`: without requests in it, so without keys, addresses
 * and what was searched.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown"
  if (!(error instanceof MeilisearchRequestError)) {
    const code = errorCodeOf(error)
    return `${code ? `${code}: ` : ""}${error.message}`.slice(0, 500)
  }
  const { cause } = error
  if (cause instanceof MeilisearchRequestTimeOutError) return cause.message
  const deepest = cause instanceof Error ? (cause.cause ?? cause) : undefined
  const code = (deepest as { code?: string } | undefined)?.code
  return `it cannot be reached${code ? ` (${code})` : ""}`
}
