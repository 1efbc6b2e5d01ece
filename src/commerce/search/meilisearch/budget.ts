import { BeyondEngine } from "../engine.ts"

/** Our own search counts a thousand ranges in one pass; here each is a search. */
const MOST_SEARCHES = 200
/** A filter stands in each of them: of a caller's 100 kB hundreds of MB could be made. */
const MOST_CHARACTERS = 1_000_000
/** A search for any of several words and one within facet values cannot be asked together with others. */
const MOST_ALONE = 20

/** What one request of a caller may be made into for Meilisearch. */
export interface Budget {
  /** @throws BeyondEngine when it would be more */
  spend(ask: { texts: readonly string[]; filter: string | undefined; alone: boolean }): void
}

/** For all queries of a request together. */
export function createBudget(): Budget {
  let searches = 0
  let characters = 0
  let alone = 0
  return {
    spend(ask) {
      searches += ask.texts.length
      for (const text of ask.texts) characters += text.length + (ask.filter?.length ?? 0)
      if (ask.alone) alone++
      if (searches > MOST_SEARCHES || characters > MOST_CHARACTERS || alone > MOST_ALONE) {
        throw new BeyondEngine("So many facets, ranges or filters are too much for Meilisearch")
      }
    },
  }
}
