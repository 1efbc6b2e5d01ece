import { setImmediate } from "node:timers/promises"
import { SearchUnavailable } from "../engine.ts"

/** How long everybody else waits for a search. */
const TURN_MILLISECONDS = 8
/** Pieces that are sorted in one go. */
const PIECE = 2_048

/** Long work in memory, in turns: between them other requests have theirs. */
export class Pace {
  private turnEnd = performance.now() + TURN_MILLISECONDS

  /** @param end  when to give up, by `performance.now()` */
  constructor(readonly end: number) {}

  /** Whether it is time to pause: asked often, it costs next to nothing. */
  get isOver(): boolean {
    return performance.now() > this.turnEnd
  }

  /**
   * Gives the others their turn, when it is time.
   *
   * @throws SearchUnavailable when it has taken too long
   */
  async pause(): Promise<void> {
    if (!this.isOver) return
    if (performance.now() > this.end) throw new SearchUnavailable("The search took too long")
    await setImmediate()
    this.turnEnd = performance.now() + TURN_MILLISECONDS
  }

  /** @returns them in order */
  async sort<T>(list: T[], compare: (a: T, b: T) => number): Promise<T[]> {
    let pieces: T[][] = []
    for (let from = 0; from < list.length; from += PIECE) {
      pieces.push(list.slice(from, from + PIECE).sort(compare))
      await this.pause()
    }
    while (pieces.length > 1) {
      const merged: T[][] = []
      for (let i = 0; i < pieces.length; i += 2) {
        merged.push(await this.merge(pieces[i] as T[], pieces[i + 1] ?? [], compare))
      }
      pieces = merged
    }
    return pieces[0] ?? []
  }

  private async merge<T>(a: T[], b: T[], compare: (a: T, b: T) => number): Promise<T[]> {
    const merged: T[] = []
    for (let i = 0, j = 0; i < a.length || j < b.length; ) {
      if (merged.length % PIECE === 0) await this.pause()
      const takesFirst = j >= b.length || (i < a.length && compare(a[i] as T, b[j] as T) <= 0)
      merged.push((takesFirst ? a[i++] : b[j++]) as T)
    }
    return merged
  }
}
