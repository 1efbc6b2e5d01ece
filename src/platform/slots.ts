/** So many may do something at once; who comes later waits in line. */
export interface Slots {
  /**
   * Does the work when there is room for it.
   *
   * @param patience  milliseconds in line; may be infinite
   * @throws NoSlot after that time
   */
  use<T>(patience: number, work: () => Promise<T>): Promise<T>
}

/** There was no room for so long. */
export class NoSlot extends Error {}

export function slots(most: number): Slots {
  let taken = 0
  const line = new Set<() => void>()

  async function take(patience: number): Promise<void> {
    if (taken < most) {
      taken++
      return
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      const giveUp = () => {
        line.delete(enter)
        reject(new NoSlot("there was no room"))
      }
      const timer = Number.isFinite(patience) ? setTimeout(giveUp, patience) : undefined
      line.add(enter)
    })
  }

  /** The place goes to the first in line, and is never free between. */
  function leave(): void {
    const [first] = line
    if (!first) {
      taken--
      return
    }
    line.delete(first)
    first()
  }

  return {
    async use(patience, work) {
      await take(patience)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
