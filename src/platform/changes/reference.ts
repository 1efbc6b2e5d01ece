import type { ChangeFeed } from "./feed.ts"

/** Reference data of one kind, held whole in memory. `value` is never older than the feed's last reading. */
export interface Reference<T> {
  readonly value: T
}

/**
 * Loads reference data, and again whenever one of the tables that it stands on changes.
 *
 * @param relations  watched tables (see `mostrador.watch`)
 * @param load       reads all of it; few rows, by definition
 */
export async function keepInMemory<T>(
  feed: ChangeFeed,
  relations: readonly string[],
  load: () => Promise<T>,
): Promise<Reference<T>> {
  // One load at a time: an older answer must not come after a newer one.
  let loading = load()
  feed.subscribe(relations, async () => {
    await loading.catch(() => {})
    loading = load()
    value = await loading
  })
  let value = await loading
  return {
    get value() {
      return value
    },
  }
}
