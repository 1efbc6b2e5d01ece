/**
 * Refusals that say nothing of what was asked for: who asks is not known or may not, took too long, met somebody else who
 * is at it, or asks for too much. Asked again the same may be done.
 */
const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 409, 425, 429])

export const isPassing = (status: number): boolean => PASSING.has(status)

/**
 * Whether an answer refuses for good: asked again the same is answered the same.
 *
 * @param besides  what may pass, too, as only the caller knows
 */
export const isForGood = (status: number, besides: readonly number[] = []): boolean =>
  status >= 400 && status < 500 && !isPassing(status) && !besides.includes(status)
