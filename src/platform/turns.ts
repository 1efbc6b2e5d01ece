import { type Slots, slots } from "./slots.ts"

/** One at a time for each name, in this process, in the order in which they came; different names do not wait for each other. */
export interface Turns {
  /**
   * Does the work when it is its turn.
   *
   * @param patience  milliseconds in line
   * @throws NoSlot after that time
   */
  use<T>(name: string, patience: number, work: () => Promise<T>): Promise<T>
}

export function turns(): Turns {
  const lines = new Map<string, { line: Slots; users: number }>()
  return {
    async use(name, patience, work) {
      const held = lines.get(name) ?? { line: slots(1), users: 0 }
      lines.set(name, held)
      held.users++
      try {
        return await held.line.use(patience, work)
      } finally {
        held.users--
        if (held.users === 0) lines.delete(name)
      }
    },
  }
}
