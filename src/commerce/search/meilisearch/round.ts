import type { Settings } from "meilisearch"
import type { Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import { type Connection, codeOf } from "./connection.ts"
import { beginIndex, confirm, countSent, type IndexRow, note, readIndex, readUnsent } from "./entries.ts"
import { type Sending, type Sent, sendSome } from "./send.ts"
import { applySettings, ensureIndex } from "./settings.ts"
import { settleSwap } from "./swap.ts"
import { follow, TaskFailed } from "./tasks.ts"
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

const MOST = 1_000
/** How often a document alone is refused before the others go on without it. */
const PATIENCE = 3

export function createRounds({ sql, connection, log, settings, onSent, signal }: RoundOptions): Rounds {
  const { admin: client, index, rebuildIndex } = connection
  let trusted = false
  let told: string | undefined
  let most = MOST
  let refusals = 0

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

  async function send(sending: Sending, { build }: IndexRow): Promise<Sent> {
    try {
      const sent = await sendSome(sending, index, build, most)
      most = Math.min(MOST, most * 4)
      refusals = 0
      return sent
    } catch (error) {
      if (!isOurMistake(error)) throw error
      // One of them is refused, and with it the batch: smaller ones find it.
      if (most > 1) most = Math.ceil(most / 8)
      else if (++refusals >= PATIENCE) return await putAside(build, error)
      throw error
    }
  }

  async function putAside(build: string, error: unknown): Promise<Sent> {
    const [first] = await readUnsent(sql, build, 1)
    log.error(
      { product_id: first?.product_id, reason: String(error) },
      "Meilisearch refuses a product; it stays out until it changes",
    )
    if (first) await confirm(sql, build, [{ ...first, hash: null }])
    refusals = 0
    return { looked: 1, written: 0, deleted: 0 }
  }

  return {
    async run(wait) {
      const had = await withTurn(sql, index, wait, async (turn) => {
        try {
          const row = await prepare(turn)
          const sending = { sql, client, turn, signal }
          for (;;) {
            signal.throwIfAborted()
            const asked = most
            const sent = await send(sending, row)
            onSent(sent)
            if (sent.looked < asked && most >= asked) break
          }
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

/** Whether it would be refused the same way again. */
const isOurMistake = (error: unknown) =>
  error instanceof TaskFailed
    ? error.isOurMistake && error.task.error?.code !== "index_not_found"
    : /^(invalid_document|missing_document|payload_too_large|malformed_payload)/.test(codeOf(error) ?? "")
