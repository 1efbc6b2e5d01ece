import type { Log } from "./log.ts"

/** Work that a process does again and again, one turn at a time. */
export interface Repeated {
  /** Since when every turn has failed; undefined when the last one has not. */
  readonly failingSince: Date | undefined
  /** A turn that begins after this call, and its failure. Who asks while one runs shares the next with all who do. */
  now(): Promise<void>
  /** Waits for the turn that runs. */
  close(): Promise<void>
}

export interface RepeatOptions {
  /** Milliseconds between a turn's end and the next. */
  every: number
  /** Milliseconds until the first, when that is not the same. */
  first?: number
  log: Log
  /** What is logged when turns begin to fail, once: they go on, and nothing is said until it is over. */
  failing: string
}

/**
 * Does `turn` again and again, whether it fails or not.
 *
 * @param turn  looks at the signal when it is long: it is aborted when the work is closed
 */
export function repeat(turn: (signal: AbortSignal) => Promise<void>, options: RepeatOptions): Repeated {
  const { every, first = every, log, failing } = options
  const closing = new AbortController()
  const { signal } = closing
  let failingSince: Date | undefined

  // One that runs may have begun too early for who asks now: so that one gets the next.
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  function now(): Promise<void> {
    if (!running) {
      running = turn(signal).finally(() => {
        running = undefined
      })
      return running
    }
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined
        return now()
      })
    return next
  }

  async function tick(): Promise<void> {
    try {
      await now()
      if (failingSince) log.info(`over: ${failing}`)
      failingSince = undefined
    } catch (error) {
      if (!failingSince && !signal.aborted) log.error({ err: error }, failing)
      failingSince ??= new Date()
    }
    if (!signal.aborted) timer = setTimeout(tick, every)
  }
  let timer = setTimeout(tick, first)

  return {
    get failingSince() {
      return failingSince
    },
    now,
    async close() {
      closing.abort()
      clearTimeout(timer)
      await (next ?? running)?.catch(() => {})
    },
  }
}
