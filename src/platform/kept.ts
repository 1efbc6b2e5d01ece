/** What is made again and again, as long as there is room for it: what was asked for last stays. */
export class Kept<T> {
  private readonly held = new Map<string, { value: T; size: number }>()
  private bytes = 0

  /** @param mostBytes  of all that is held */
  constructor(private readonly mostBytes: number) {}

  find(key: string): T | undefined {
    const entry = this.held.get(key)
    if (!entry) return undefined
    // To the end of the row: a Map goes from the oldest entry to the newest.
    this.held.delete(key)
    this.held.set(key, entry)
    return entry.value
  }

  /** @param size  what the value takes, in bytes */
  keep(key: string, value: T, size: number): T {
    this.drop(key)
    this.held.set(key, { value, size: size + key.length })
    this.bytes += size + key.length
    for (const oldest of this.held.keys()) {
      if (this.bytes <= this.mostBytes) break
      this.drop(oldest)
    }
    return value
  }

  drop(key: string): void {
    const entry = this.held.get(key)
    if (!entry) return
    this.held.delete(key)
    this.bytes -= entry.size
  }
}
