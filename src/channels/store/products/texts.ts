/** Texts that are made again and again, as long as there is room for them: those asked for last stay. */
export class Texts<T> {
  private readonly held = new Map<string, { value: T; size: number }>()
  private bytes = 0

  /** @param mostBytes  of all that is held */
  constructor(private readonly mostBytes: number) {}

  /** @param sizeOf  what a value takes, in bytes */
  get(key: string, make: () => T, sizeOf: (value: T) => number): T {
    const known = this.held.get(key)
    if (known) {
      // To the end of the row: a Map goes from the oldest entry to the newest.
      this.held.delete(key)
      this.held.set(key, known)
      return known.value
    }
    const value = make()
    const size = sizeOf(value) + key.length
    this.held.set(key, { value, size })
    this.bytes += size
    for (const [oldest, entry] of this.held) {
      if (this.bytes <= this.mostBytes) break
      this.held.delete(oldest)
      this.bytes -= entry.size
    }
    return value
  }
}
