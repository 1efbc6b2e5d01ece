import type { IndexSwap, Meilisearch } from "meilisearch"
import type { Sql } from "postgres"
import { exchange, type IndexRow, noteSwap } from "./entries.ts"
import { follow, TaskFailed } from "./tasks.ts"

/**
 * Exchanges the index that is searched with the one that was built, at once for every search. Needs the turns of both.
 *
 * Whoever is killed in the middle leaves a note, and who has the turn next finds out whether it was done (`settleSwap`).
 *
 * @source https://www.meilisearch.com/docs/reference/api/indexes/swap-indexes
 */
export async function swap(sql: Sql, client: Meilisearch, index: string, other: string): Promise<void> {
  const { results } = await client.tasks.getTasks({ limit: 1 })
  await noteSwap(sql, index, results[0]?.uid ?? -1)
  // `rename` is refused by versions older than it, and false in those that have it.
  const pair = { indexes: [index, other] } as IndexSwap
  await follow(client, await client.swapIndexes([pair]))
  await exchange(sql, index, other)
}

/** Brings a swap that was begun to its end, or forgets it when Meilisearch never heard of it. */
export async function settleSwap(sql: Sql, client: Meilisearch, row: IndexRow, other: string): Promise<void> {
  const { name, swap_after } = row
  if (swap_after === null) return
  const { results } = await client.tasks.getTasks({ types: ["indexSwap"], limit: 100 })
  const task = results.find(
    ({ uid, details }) =>
      uid > swap_after && details?.swaps?.some(({ indexes }) => indexes.includes(name) && indexes.includes(other)),
  )
  try {
    if (task) {
      await follow(client, { taskUid: task.uid })
      return await exchange(sql, name, other)
    }
  } catch (error) {
    if (!(error instanceof TaskFailed)) throw error
  }
  await noteSwap(sql, name, null)
}
