import { setTimeout as wait } from "node:timers/promises"
import type { Settings } from "meilisearch"
import type { Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import { repeat } from "../../../platform/repeat.ts"
import { type Connection, reasonOf } from "./connection.ts"
import { note, readIndex, readQueue } from "./entries.ts"
import { createRounds, LOOK_MILLISECONDS } from "./round.ts"
import type { Sent } from "./send.ts"

/** How the index is doing, as every process sees it. */
export interface IndexState {
  /** Whether it has all products, but for what has changed lately. */
  filled: boolean
  /** Products that have changed and are not sent yet. */
  behind: number
  /** Whether one of them has waited for so long that another engine should answer. */
  stale: boolean
  failing: { since: Date; reason: string } | undefined
}

/** Keeps the index up to date. Every counter process runs one; they take turns, and none of them is needed. */
export interface MeilisearchIndexer {
  readonly state: IndexState
  /** Sends all that is committed by now, and resolves when it can be found. */
  catchUp(): Promise<void>
  /** The index may have been lost: it is not searched until a round has found it well. */
  mistrust(): void
  close(): Promise<void>
}

export interface IndexerOptions {
  sql: Sql
  connection: Connection
  log: Log
  settings(): Settings
  /** How long what has changed may wait before another engine should answer. */
  staleMilliseconds?: number
  /** For metrics: a batch, or why it failed. */
  report?(event: Sent | { failed: string } | { behind: number }): void
}

/** Changes that come within this time are sent together. */
const COALESCE_MILLISECONDS = 100
const RETRY_MILLISECONDS = 500
const LONGEST_RETRY_MILLISECONDS = 30_000
const STALE_MILLISECONDS = 10_000

/**
 * Starts it. Every process looks often, whatever the rounds do: it must know soon when another begins the index anew.
 * While Meilisearch cannot be reached rounds are tried ever less often, and then go on where they were.
 */
export async function startMeilisearchIndexer(options: IndexerOptions): Promise<MeilisearchIndexer> {
  const { sql, connection, log, settings, report, staleMilliseconds = STALE_MILLISECONDS } = options
  const { index } = connection
  const closing = new AbortController()
  const { signal } = closing
  let state: IndexState = { filled: false, behind: 0, stale: false, failing: undefined }
  let build: string | undefined
  /** The build and the settings of the last round that was had. */
  let done: string | undefined
  /** Why the index is not searched, until a round that began after it has been had. */
  let doubt: object | undefined
  let failures = 0
  let notBefore = 0

  const rounds = createRounds({
    sql,
    connection,
    log,
    settings,
    signal,
    onSent(sent) {
      if (sent.looked > 0) report?.(sent)
    },
    onBegun() {
      state = { ...state, filled: false }
    },
  })

  let oldest = { mark: null as number | null, seen: 0 }
  async function look(): Promise<void> {
    const row = await readIndex(sql, index)
    const queue = row ? await readQueue(sql, row.build) : { unsent: 0, oldest: null }
    const failing = row?.failing_since ? { since: row.failing_since, reason: row.error ?? "" } : undefined
    if (queue.oldest !== oldest.mark) {
      // What comes while nothing is taken will wait, and a process that has just begun cannot know since when.
      oldest = { mark: queue.oldest, seen: failing ? Number.NEGATIVE_INFINITY : performance.now() }
    }
    const stale = queue.unsent > 0 && performance.now() - oldest.seen > staleMilliseconds
    build = row?.build
    state = { filled: row?.filled === true && !doubt, behind: queue.unsent, stale, failing }
    report?.({ behind: queue.unsent })
  }

  const wanted = () => JSON.stringify([build, settings()])

  function isAnythingToDo(): boolean {
    if (signal.aborted || performance.now() < notBefore) return false
    const { filled, behind, failing } = state
    return !filled || behind > 0 || failing !== undefined || wanted() !== done
  }

  // One round at a time in this process.
  let last: Promise<unknown> = Promise.resolve()
  function once(waiting: boolean): Promise<boolean> {
    const next = last.catch(() => {}).then(() => rounds.run(waiting))
    last = next
    return next
  }

  async function round(): Promise<void> {
    if (done !== undefined) await wait(COALESCE_MILLISECONDS, undefined, { signal })
    const doing = wanted()
    const doubted = doubt
    // Another process that has the turn may know other settings.
    if (!(await once(false))) return
    done = doing
    if (doubt === doubted) doubt = undefined
    if (failures > 0) log.info({ index }, "Meilisearch is kept up again")
    failures = 0
    await look()
  }

  async function fail(error: unknown): Promise<void> {
    if (signal.aborted) return
    const reason = reasonOf(error)
    if (failures === 0) log.error({ index, reason }, "Meilisearch cannot be kept up; trying again")
    notBefore = performance.now() + Math.min(RETRY_MILLISECONDS * 2 ** failures, LONGEST_RETRY_MILLISECONDS)
    failures++
    report?.({ failed: reason })
    await note(sql, index, { error: reason })
      .then(look)
      .catch(() => {})
  }

  let going: Promise<void> | undefined
  const looking = repeat(
    async () => {
      await look()
      if (going || !isAnythingToDo()) return
      going = round()
        .catch(fail)
        .finally(() => {
          going = undefined
        })
    },
    { every: LOOK_MILLISECONDS, first: 0, log, failing: "it cannot be read how far Meilisearch is" },
  )

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
      doubt = {}
      notBefore = 0
      state = { ...state, filled: false }
    },
    async close() {
      closing.abort()
      await looking.close()
      await going
      await last.catch(() => {})
    },
  }
}
