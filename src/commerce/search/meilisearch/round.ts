import { setTimeout as wait } from "node:timers/promises"
import type { Settings } from "meilisearch"
import type { Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import { type Connection, errorCodeOf } from "./connection.ts"
import { beginIndex, countSent, type IndexRow, note, readIndex } from "./entries.ts"
import type { Sent } from "./send.ts"
import { sendAll } from "./send-all.ts"
import { applySettings, ensureIndex } from "./settings.ts"
import { settleSwap } from "./swap.ts"
import { follow } from "./tasks.ts"
import { type Turn, withTurn } from "./turn.ts"
import { requireVersion } from "./version.ts"

export interface RoundOptions {
  sql: Sql
  connection: Connection
  log: Log
  /** What the index should be told, as it is now. */
  settings(): Settings
  /** After each batch. */
  onSent(sent: Sent): void
  /** The index is being filled from nothing: it must not be searched. */
  onBegun(): void
  signal: AbortSignal
}

/** Keeps one process's part of the work: rounds, one after the other, each with the turn. */
export interface Rounds {
  /**
   * Sends all that has to be sent.
   *
   * @param wait  for another process that has the turn
   * @returns whether this process had it
   */
  run(wait: boolean): Promise<boolean>
  /** The index may not be what we take it for: look before the next round. */
  mistrust(): void
}

/** How often every process looks whether the index may be searched. */
export const LOOK_MILLISECONDS = 250

export function createRounds({ sql, connection, log, settings, onSent, onBegun, signal }: RoundOptions): Rounds {
  const { admin: client, index, rebuildIndex } = connection
  /** The build that was found to be ours and whole, with which settings. */
  let trusted: { build: string; told: string } | undefined

  /** Makes sure that the index is there, is ours and has its settings; begins it anew where it has lost something. */
  async function prepare(turn: Turn): Promise<IndexRow> {
    let row = (await readIndex(sql, index)) ?? (await beginIndex(sql, index))
    await settleSwap(sql, client, row, rebuildIndex)
    row = (await readIndex(sql, index)) ?? row
    const wanted = settings()
    const told = JSON.stringify(wanted)
    // Another build: a rebuild has put another index in its place, perhaps with settings that have changed since.
    if (trusted?.build !== row.build) trusted = undefined
    if (trusted?.told === told) {
      // Writing to an index that is gone would make one without settings.
      await client.index(index).getRawInfo()
      return row
    }
    if (!trusted) {
      await requireVersion(client)
      row = await requireWhole(turn, row)
    }
    await ensureIndex(client, index, signal)
    await applySettings(client, index, wanted, signal)
    trusted = { build: row.build, told }
    return row
  }

  /** Begins the index anew unless it has what we know it to have. */
  async function requireWhole(turn: Turn, row: IndexRow): Promise<IndexRow> {
    const expected = await countSent(sql, row.build)
    const present = await countDocuments()
    if (present === undefined ? expected === 0 : expected === undefined || expected === present) return row
    log.warn({ index, expected, present }, "Meilisearch has lost or gained documents; it gets all of them anew")
    const begun = await beginIndex(sql, index)
    onBegun()
    // By then every process has seen that it must not be searched: it is made, or emptied, only now.
    if (row.filled) await wait(2 * LOOK_MILLISECONDS, undefined, { signal })
    await turn.requireHeld()
    if (present !== undefined) await follow(client, await client.index(index).deleteAllDocuments(), signal)
    return begun
  }

  /** @returns undefined when there is no index */
  async function countDocuments(): Promise<number | undefined> {
    try {
      return (await client.index(index).getStats()).numberOfDocuments
    } catch (error) {
      if (errorCodeOf(error) !== "index_not_found") throw error
      return undefined
    }
  }

  return {
    async run(wait) {
      const had = await withTurn(sql, index, wait, async (turn) => {
        try {
          const row = await prepare(turn)
          const sending = { sql, client, turn, signal }
          await sendAll(sending, index, row.build, log, onSent)
          if (!row.filled) await note(sql, index, { filled: true })
          if (row.error) await note(sql, index, { error: null })
        } catch (error) {
          trusted = undefined
          throw error
        }
        return true
      })
      return had ?? false
    },
    mistrust() {
      trusted = undefined
    },
  }
}
