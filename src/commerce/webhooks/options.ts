import type { Reach } from "./addresses.ts"

/** How deliveries are made. What is not given is as `DEFAULTS` has it. */
export interface WebhookOptions {
  reach: Reach
  /** Waits between the attempts at a delivery; the last one again and again. Each is made longer or shorter by a tenth. */
  backoffSeconds: readonly number[]
  /** The same for an endpoint that takes nothing: one delivery is tried each time. */
  downSeconds: readonly number[]
  /** After so long a delivery is dead, and an endpoint that has taken nothing is disabled. */
  giveUpSeconds: number
  /** For an endpoint to answer. */
  timeoutSeconds: number
  /** A process that is killed keeps an endpoint from the others for so long; longer than an attempt takes. */
  turnSeconds: number
  /** Requests to one endpoint at once, each about another subject. */
  atOnce: number
  /** Between two looks at what there is to do. */
  lookMilliseconds: number
  /** Requests that are on their way when the counter closes have so long to end. */
  drainSeconds: number
}

const MINUTE = 60
const HOUR = 60 * MINUTE

export const DEFAULTS: Omit<WebhookOptions, "reach"> = {
  backoffSeconds: [5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR],
  // One request every five minutes hammers nobody, and who is back after an hour need not wait for another.
  downSeconds: [5, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE],
  giveUpSeconds: 72 * HOUR,
  timeoutSeconds: 15,
  turnSeconds: 45,
  atOnce: 8,
  lookMilliseconds: 200,
  drainSeconds: 5,
}

/** An endpoint may ask to be left alone for so long. */
const MOST_RETRY_AFTER_SECONDS = 24 * HOUR
const JITTER = 0.1

/**
 * How long to wait before the next attempt.
 *
 * @param failed  how many there were already, one at least
 * @param asked   what the endpoint has asked for; it may lengthen the wait, not shorten it
 */
export function waitSeconds(schedule: readonly number[], failed: number, asked = 0): number {
  const planned = schedule[Math.min(failed, schedule.length) - 1] ?? 0
  const spread = planned * (1 + JITTER * (2 * Math.random() - 1))
  return Math.max(spread, Math.min(asked, MOST_RETRY_AFTER_SECONDS))
}
