/** Keeps a service that does not answer from being asked by everyone, until one who tries finds it well. */
export interface Breaker {
  /** Whether to ask now. After a pause it lets one try, and the others wait for what that one finds. */
  mayTry(): boolean
  /** What came of a try. */
  report(well: boolean): void
  /** Whether nobody is let through at present. */
  readonly isOpen: boolean
}

/**
 * @param failures       in a row, after which nobody asks
 * @param pauseSeconds   until one tries again
 */
export function createBreaker({ failures = 2, pauseSeconds = 5, now = () => performance.now() } = {}): Breaker {
  let failed = 0
  let openUntil = 0
  return {
    mayTry() {
      if (failed < failures) return true
      if (now() < openUntil) return false
      // This one tries; should it never tell, the next may after another pause.
      openUntil = now() + pauseSeconds * 1000
      return true
    },
    report(well) {
      failed = well ? 0 : failed + 1
      if (failed >= failures) openUntil = now() + pauseSeconds * 1000
    },
    get isOpen() {
      return failed >= failures
    },
  }
}
