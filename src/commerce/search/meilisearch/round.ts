import type { Settings } from "meilisearch"
import type { Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import type { Connection } from "./connection.ts"
import { beginIndex, countSent, type IndexRow, note, readIndex } from "./entries.ts"
import type { Sent } from "./send.ts"
import { sendAll } from "./send-all.ts"
import { applySettings, ensureIndex } from "./settings.ts"
import { settleSwap } from "./swap.ts"
import { follow } from "./tasks.ts"
import { type Turn, withTurn } from "./turn.ts"

export interface RoundOptions {
  sql: Sql
  connection: Connection
  log: Log
  /** What the index should be told, as it is now. */
  settings(): Settings
  /** After each batch. */
  onSent(sent: Sent): void
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

export function createRounds({ sql, connection, log, settings, onSent, signal }: RoundOptions): Rounds {
  const { admin: client, index, rebuildIndex } = connection
  let trusted = false
  let told: string | undefined

  /** Makes sure that the index is there, is ours and has its settings; begins it anew where it has lost something. */
  async function prepare(turn: Turn): Promise<IndexRow> {
    let row = (await readIndex(sql, index)) ?? (await beginIndex(sql, index))
    await settleSwap(sql, client, row, rebuildIndex)
    row = (await readIndex(sql, index)) ?? row
    const wanted = settings()
    if (trusted && told === JSON.stringify(wanted)) {
      // Writing to an index that is gone would make one without settings.
      await client.index(index).getRawInfo()
      return row
    }
    const found = await ensureIndex(client, index, signal)
    await applySettings(client, index, wanted, signal)
    if (!trusted) {
      const expected = await countSent(sql, row.build)
      const present = (await client.index(index).getStats()).numberOfDocuments
      if (found === "made" ? expected !== 0 : expected !== undefined && expected !== present) {
        log.warn({ index, expected, present }, "Meilisearch has lost or gained documents; it gets all of them anew")
        row = await beginIndex(sql, index)
        await turn.requireHeld()
        if (found === "there") await follow(client, await client.index(index).deleteAllDocuments(), signal)
      }
    }
    trusted = true
    told = JSON.stringify(wanted)
    return row
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
          trusted = false
          throw error
        }
        return true
      })
      return had ?? false
    },
    mistrust() {
      trusted = false
    },
  }
}
