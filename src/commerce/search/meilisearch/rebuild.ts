import type { Settings } from "meilisearch"
import type { Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import type { Connection } from "./connection.ts"
import { beginIndex, forgetIndex, readIndex, readQueue } from "./entries.ts"
import { sendAll } from "./send-all.ts"
import { applySettings, ensureIndex, removeIndex } from "./settings.ts"
import { settleSwap, swap } from "./swap.ts"
import { withTurn } from "./turn.ts"
import { requireVersion } from "./version.ts"

export interface RebuildOptions {
  sql: Sql
  connection: Connection
  /** What the index should be told, as it is when the rebuild begins. */
  settings: Settings
  /** The same as it is in force when this is asked. */
  settingsNow(): Promise<Settings>
  log: Log
  /** How many products are done, of how many. */
  progress?(done: number, all: number): void
  signal?: AbortSignal
}

/** Another process is at it already. */
export class RebuildRuns extends Error {
  constructor() {
    super("The index is being rebuilt already; wait for it to end")
  }
}

/**
 * Builds the index of products from nothing beside the one that is searched, and exchanges them at once, so that there
 * is no moment without an answer. What changes meanwhile is marked for both and loses nothing. Killed anywhere, the old
 * index goes on; what was built is thrown away by the next rebuild.
 *
 * @returns how many products it has
 * @throws RebuildRuns
 * @throws MeilisearchTooOld
 */
export async function rebuildIndex({
  sql,
  connection,
  settings,
  settingsNow,
  log,
  progress,
  signal = new AbortController().signal,
}: RebuildOptions): Promise<number> {
  const { admin: client, index, rebuildIndex: beside } = connection
  await requireVersion(client)
  const built = await withTurn(sql, beside, false, async (turn) => {
    await withTurn(sql, index, true, async () => {
      const row = (await readIndex(sql, index)) ?? (await beginIndex(sql, index))
      await settleSwap(sql, client, row, beside)
      await ensureIndex(client, index, signal)
    })
    await removeIndex(client, beside, signal)
    const { build } = await beginIndex(sql, beside)
    await ensureIndex(client, beside, signal)
    await applySettings(client, beside, settings, signal)

    const sending = { sql, client, turn, signal }
    const { unsent: all } = await readQueue(sql, build)
    let done = 0
    await sendAll(sending, beside, build, log, ({ looked }) => {
      done += looked
      progress?.(Math.min(done, all), all)
    })
    await withTurn(sql, index, true, async (own) => {
      // What has come since: little, and nobody writes the other index meanwhile.
      await sendAll(sending, beside, build, log, () => {})
      // Those may have changed, too: whoever was told has told the other index.
      await applySettings(client, beside, await settingsNow(), signal)
      await own.requireHeld()
      await swap(sql, client, index, beside)
    })
    await removeIndex(client, beside, signal)
    await forgetIndex(sql, beside)
    return all
  })
  if (built === undefined) throw new RebuildRuns()
  return built
}
