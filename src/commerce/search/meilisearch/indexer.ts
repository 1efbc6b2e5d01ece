import { setTimeout as wait } from "node:timers/promises"
import type { Settings } from "meilisearch"
import type { Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import { type Connection, reasonOf } from "./connection.ts"
import { countUnsent, note, readIndex } from "./entries.ts"
import { createRounds } from "./round.ts"
import type { Sent } from "./send.ts"

/** How the index is doing, as every process sees it. */
export interface IndexState {
  /** Whether it has all products, but for what has changed lately. */
  filled: boolean
  /** Products that have changed and are not sent yet. */
  behind: number
  failing: { since: Date; reason: string } | undefined
}

/** Keeps the index up to date. Every counter process runs one; they take turns, and none of them is needed. */
export interface MeilisearchIndexer {
  readonly state: IndexState
  /** Sends all that is committed by now, and resolves when it can be found. */
  catchUp(): Promise<void>
  /** The index may have been lost: look at once. */
  mistrust(): void
  close(): Promise<void>
}

export interface IndexerOptions {
  sql: Sql
  connection: Connection
  log: Log
  settings(): Settings
  /** For metrics: a batch, or why it failed. */
  report?(event: Sent | { failed: string } | { behind: number }): void
}

/** Changes that come within this time are sent together. */
const COALESCE_MILLISECONDS = 100
const POLL_MILLISECONDS = 250
const RETRY_MILLISECONDS = 500
const LONGEST_RETRY_MILLISECONDS = 30_000

/** Starts it. While Meilisearch cannot be reached it tries again ever less often, and then goes on where it was. */
export async function startMeilisearchIndexer(options: IndexerOptions): Promise<MeilisearchIndexer> {
  const { sql, connection, log, settings, report } = options
  const { index } = connection
  const closing = new AbortController()
  const { signal } = closing
  let state: IndexState = { filled: false, behind: 0, failing: undefined }
  let toldWords: string | undefined
  let failures = 0
  let awake = new AbortController()

  const rounds = createRounds({
    sql,
    connection,
    log,
    settings,
    signal,
    onSent(sent) {
      if (sent.looked > 0) report?.(sent)
    },
  })

  async function look(): Promise<void> {
    const row = await readIndex(sql, index)
    state = {
      filled: row?.filled ?? false,
      behind: row ? await countUnsent(sql, row.build) : 0,
      failing: row?.failing_since ? { since: row.failing_since, reason: row.error ?? "" } : undefined,
    }
    report?.({ behind: state.behind })
  }

  async function step(isFirst: boolean): Promise<void> {
    await look()
    const words = JSON.stringify(settings())
    if (!isFirst && state.filled && state.behind === 0 && words === toldWords && !state.failing) return
    if (!isFirst) await wait(COALESCE_MILLISECONDS, undefined, { signal })
    await once(false)
    toldWords = words
    await look()
  }

  // One round at a time in this process.
  let last: Promise<unknown> = Promise.resolve()
  function once(waiting: boolean): Promise<boolean> {
    const next = last.catch(() => {}).then(() => rounds.run(waiting))
    last = next
    return next
  }

  async function go(): Promise<void> {
    for (let isFirst = true; !signal.aborted; ) {
      try {
        await step(isFirst)
        if (failures > 0) log.info({ index }, "Meilisearch is kept up again")
        failures = 0
        isFirst = false
      } catch (error) {
        if (signal.aborted) return
        const reason = reasonOf(error)
        if (failures === 0) log.error({ index, reason }, "Meilisearch cannot be kept up; trying again")
        failures++
        report?.({ failed: reason })
        await note(sql, index, { error: reason })
          .then(look)
          .catch(() => {})
      }
      const retry = Math.min(RETRY_MILLISECONDS * 2 ** (failures - 1), LONGEST_RETRY_MILLISECONDS)
      await sleep(failures > 0 ? retry : POLL_MILLISECONDS)
    }
  }

  async function sleep(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: AbortSignal.any([signal, awake.signal]) }).catch(() => {})
    awake = new AbortController()
  }

  const going = go()

  return {
    get state() {
      return state
    },
    async catchUp() {
      await once(true)
      await look()
    },
    mistrust() {
      rounds.mistrust()
      toldWords = undefined
      awake.abort()
    },
    async close() {
      closing.abort()
      await going
      await last.catch(() => {})
    },
  }
}
