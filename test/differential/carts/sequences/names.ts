const ULID = /\b([a-z]+(?:_[a-z]+)*)_([0-9A-HJKMNP-TV-Z]{26})\b/g
const ULID_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g
/** What only one of two shoppers may have: `seq12a-3@...` is the third address of the first one. */
const OWN = /\b(seq\w+-)[ab](-\d+@)/gi
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+\b/g

/**
 * Names for the ids that a shopper's steps have made: `cali#2` is the second line that there was. The same thing keeps
 * its name from step to step, so that two sequences look alike only where the same rows were kept and the same made anew.
 */
export class Names {
  readonly #names = new Map<string, string>()
  readonly #ids = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  /** @param begun  ids from before are of things that both shoppers share, and are kept */
  constructor(readonly begun: number) {}

  /** The id of a name, or one that nothing has. */
  idOf(name: string): string {
    return this.#ids.get(name) ?? `${name.split("#")[0]}_00000000000000000000000000`
  }

  count(prefix: string): number {
    return this.#counts.get(prefix) ?? 0
  }

  /**
   * Things of these kinds get new names: those that they had mean nothing any more.
   *
   * @param from  the number after which they are counted
   */
  forget(prefixes: readonly string[], from: number): void {
    for (const [id, name] of this.#names) if (prefixes.includes(name.split("#")[0] ?? "")) this.#names.delete(id)
    for (const prefix of prefixes) this.#counts.set(prefix, from)
  }

  /**
   * A value with names for ids, and without times. Ids that have none yet get theirs in the order in which they stand.
   *
   * @param unordered  keys of lists that come in no order; `true`: all
   */
  alike(value: unknown, unordered: ReadonlySet<string> | true): unknown {
    return JSON.parse(this.#named(JSON.stringify(this.#sorted(value, unordered)) ?? "null"))
  }

  #named(text: string): string {
    return masked(text).replace(ULID, (id, prefix: string, ulid: string) => {
      if (bornAt(ulid) < this.begun) return id
      const known = this.#names.get(id)
      if (known) return known
      const count = this.count(prefix) + 1
      const name = `${prefix}#${count}`
      this.#counts.set(prefix, count)
      this.#names.set(id, name)
      this.#ids.set(name, id)
      return name
    })
  }

  /** What a list without an order is brought into one by. Entries that say the same are told apart by their ids. */
  #said(entry: unknown): string {
    const text = masked(JSON.stringify(entry))
    const blank = text.replace(ULID, (id, prefix: string, ulid: string) =>
      bornAt(ulid) < this.begun ? id : (this.#names.get(id) ?? `${prefix}#`),
    )
    return `${blank} ${text}`
  }

  #sorted(value: unknown, unordered: ReadonlySet<string> | true, key = ""): unknown {
    if (Array.isArray(value)) {
      const entries = value.map((it) => this.#sorted(it, unordered))
      if (unordered !== true && !unordered.has(key)) return entries
      return entries
        .map((entry) => ({ entry, said: this.#said(entry) }))
        .sort((a, b) => (a.said < b.said ? -1 : 1))
        .map(({ entry }) => entry)
    }
    if (value === null || typeof value !== "object") return value
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, it]) => [name, this.#sorted(it, unordered, name)]),
    )
  }
}

const masked = (text: string) => text.replace(OWN, "$1_$2").replace(TIME, "<time>").replace(TOKEN, "<token>")

/** The first ten digits of a ULID are the milliseconds since 1970. */
function bornAt(ulid: string): number {
  return [...ulid.slice(0, 10)].reduce((sum, digit) => sum * 32 + ULID_DIGITS.indexOf(digit), 0)
}
