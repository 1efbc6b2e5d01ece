import type { Sql } from "postgres"
import type { Log } from "../../platform/log.ts"
import type { WebhookOptions } from "./options.ts"
import { noteFailure, noteForgotten, noteRecovery, noteSuccess } from "./outcome.ts"
import type { Sender } from "./sending.ts"
import { type Due, endTurn, nextRound, park, type Round, type Turn } from "./turn.ts"

/** What the work for endpoints needs. */
export interface Working {
  sql: Sql
  log: Log
  sender: Sender
  options: WebhookOptions
  /** Nothing more is begun. */
  closing: AbortSignal
  /** What is on its way is given up. */
  ended: AbortSignal
}

/** So many deliveries are fetched at once, a multiple of those that are made at once. */
const AHEAD = 4
/** A turn is kept long before it ends. */
const KEEP_AT = 1 / 3
/** Where much is sent, what stands behind refused deliveries is looked over so often. */
const PARK_MILLISECONDS = 5_000

/**
 * Sends an endpoint all that is due, some at once, of each subject one at a time and in order; until there is nothing
 * left, the endpoint is down, or the turn is lost.
 *
 * @throws what the database says; what was on its way is sent again then
 */
export async function workFor(working: Working, turn: Turn): Promise<void> {
  const { sql, sender, log, options, closing, ended } = working
  const { endpointId } = turn
  const { atOnce } = options
  /** Subjects that are fetched, or on their way. */
  const inHand = new Set<string>()
  const sending = new Set<Promise<void>>()
  let queue: Due[] = []
  let round: Round | undefined
  let kept = Number.NEGATIVE_INFINITY
  let parked = performance.now()
  let lastSuccess: Date | null = null
  let isDown = false
  let failure: { reason: unknown } | undefined
  let wake = () => {}

  async function make(due: Due, { url, secrets }: Round): Promise<void> {
    if (due.body === null) return await noteForgotten(sql, endpointId, due)
    const attempt = await sender.send({ url, secrets, id: due.event_id, body: due.body }, ended)
    if (!attempt.delivered) {
      isDown = await noteFailure(sql, log, options, endpointId, due, attempt)
      if (round) round.isFailing = true
      if (isDown) drop()
      return
    }
    lastSuccess = new Date()
    if (!(await noteSuccess(sql, endpointId, due, attempt))) drop()
    if (round?.isFailing) {
      round.isFailing = false
      await noteRecovery(sql, endpointId)
    }
  }

  function drop(): void {
    for (const { subject_id } of queue) inHand.delete(subject_id)
    queue = []
  }

  function begin(due: Due, current: Round): void {
    const sent = make(due, current)
      .catch((reason) => {
        // What is given up when the counter closes is sent again by whoever comes next.
        if (!ended.aborted) failure = { reason }
      })
      .finally(() => {
        inHand.delete(due.subject_id)
        sending.delete(sent)
        wake()
      })
    sending.add(sent)
  }

  /** @returns whether there may be more to do */
  async function fetch(): Promise<boolean> {
    kept = performance.now()
    const most = atOnce * AHEAD - queue.length
    const had = [...inHand]
    isDown = false
    round = await nextRound(sql, turn, { inHand: had, most, lastSuccess })
    if (!round) return false
    // What was found while it went down is no probe.
    const due = isDown ? [] : round.due
    if (round.isFailing && round.isWhole && kept - parked > PARK_MILLISECONDS) {
      parked = kept
      await park(sql, endpointId)
    }
    for (const { subject_id } of due) inHand.add(subject_id)
    queue.push(...due)
    return had.length > 0 || due.length > 0
  }

  /** Waits until one ends, but not for longer than what is new may wait. */
  async function nap(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      wake = resolve
      timer = setTimeout(resolve, options.lookMilliseconds)
    })
    clearTimeout(timer)
  }

  try {
    while (!closing.aborted && !failure) {
      const isOld = performance.now() - kept > turn.seconds * 1000 * KEEP_AT
      if ((isOld || (queue.length === 0 && sending.size < atOnce)) && !(await fetch())) break
      while (round && queue.length > 0 && sending.size < atOnce) begin(queue.shift() as Due, round)
      if (sending.size > 0) await nap()
    }
    if (!failure && round?.isWhole && !closing.aborted) await park(sql, endpointId)
  } finally {
    await Promise.all(sending)
  }
  if (failure) throw failure.reason
  await endTurn(sql, turn, lastSuccess)
}
