export interface Failure {
  /** Compared with "METHOD /path", without the query. */
  match: RegExp
  /** What is answered; 0: nothing is, and the connection is destroyed. */
  status: number
  /** For how many requests; 1 unless it is given. */
  times?: number
  /** "before": instead of the work; "after": the work is done, and its answer is lost. "before" unless it is given. */
  when?: "before" | "after"
}

/** A request that is kept waiting. */
export interface Stall {
  /** When the request has come. */
  reached: Promise<void>
  /** Lets the request go on. */
  release(): void
}

/** The failures and delays that tests have asked for. */
export class Trouble {
  readonly #failures: { failure: Failure; left: number }[] = []
  readonly #stalls: { match: RegExp; arrive(): void; gone: Promise<void> }[] = []
  readonly #releases: (() => void)[] = []

  /** @returns ends it before it is used up */
  fail(failure: Failure): () => void {
    const made = { failure, left: failure.times ?? 1 }
    this.#failures.push(made)
    return () => {
      made.left = 0
    }
  }

  /** The failure that this request meets; it is used up by it. */
  take(line: string): Failure | undefined {
    const found = this.#failures.find(({ failure, left }) => left > 0 && line.search(failure.match) >= 0)
    if (found) found.left -= 1
    return found?.failure
  }

  stall(match: RegExp): Stall {
    const reached = gate()
    const gone = gate()
    this.#stalls.push({ match, arrive: reached.open, gone: gone.opened })
    this.#releases.push(gone.open)
    return { reached: reached.opened, release: gone.open }
  }

  /** Waits as long as a test has said that this request shall. */
  async wait(line: string): Promise<void> {
    const at = this.#stalls.findIndex(({ match }) => line.search(match) >= 0)
    const [found] = at < 0 ? [] : this.#stalls.splice(at, 1)
    found?.arrive()
    await found?.gone
  }

  close(): void {
    for (const release of this.#releases) release()
  }
}

function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
