import type { Pace } from "./pace.ts"

/** What a word must look like, and which of a row's texts it must stand in. */
export interface Leaf {
  word: string
  /** Whether a word that only begins so will do. */
  begins: boolean
  /** A sum of `WEIGHT_BITS`: one of these texts. */
  weights: number
}

/** How heavy a text is that a word stands in: A is a title, D a description; see `row.ts`. */
export type Weight = "A" | "B" | "C" | "D"
export const WEIGHT_BITS: Record<Weight, number> = { A: 8, B: 4, C: 2, D: 1 }
export const ANY_WEIGHT = 15
const HEAVINESS: [bits: number, heaviness: number][] = [
  [WEIGHT_BITS.A, 1],
  [WEIGHT_BITS.B, 0.6],
  [WEIGHT_BITS.C, 0.3],
  [WEIGHT_BITS.D, 0.1],
]
/** By the bits of the texts that a word stands in: the heaviest counts whole, what comes behind it less and less. */
const WORTH = Float64Array.from({ length: 16 }, (_, bits) => {
  const heavy = HEAVINESS.filter(([bit]) => bits & bit)
  return heavy.reduce((sum, [, it], i) => sum + it / (i + 1) ** 2, 0) / (Math.PI ** 2 / 6)
})
const BITS = 4

const NOBODY = -1
const FIRST_SLOTS = 1_024
/** Of a word's beginning: words are looked through that share it. */
const HEAD_LETTERS = 2
/** More slots than these, and than those that are somebody's, are not left to nobody. */
const MOST_DEAD = 10_000

/** Where a word stands: slots, each with the weights of its texts in its last bits. */
interface Postings {
  list: Uint32Array
  length: number
}

/**
 * Which rows have which words, in memory: for each word the list of its rows. Postgres would visit every row that has a
 * word to weigh it, and common words stand in a good part of all.
 *
 * A list is only added to. A row whose words change gets a new *slot* and leaves the old one to nobody, so that a change
 * costs what the row has in words, however many rows there are; now and then all lists are swept of what is nobody's.
 */
export class WordIndex {
  private readonly postings = new Map<string, Postings>()
  /** Words by how they begin. */
  private readonly heads = new Map<string, string[]>()
  private rowOf = new Int32Array(FIRST_SLOTS)
  private slots = 0
  /** Slots of nobody that lists still have. */
  private dead: number[] = []
  /** Slots of nobody that no list has. */
  private free: number[] = []
  private readonly slotOf: number[] = []

  /** Gives a row these words (as `SearchRow` has them) in place of those that it had. */
  put(row: number, words: string): void {
    this.remove(row)
    if (words === "") return
    const slot = this.newSlot(row)
    for (const line of words.split("\n")) {
      const [letters = "", ...list] = line.split(" ")
      const bits = bitsOf(letters)
      for (const word of list) add(this.postingsOf(word), slot * 2 ** BITS + bits)
    }
  }

  forget(): void {
    this.postings.clear()
    this.heads.clear()
    this.slotOf.length = 0
    this.slots = 0
    this.dead = []
    this.free = []
  }

  /** Marks the rows that have such a word. */
  async mark(leaf: Leaf, rows: Uint8Array, pace: Pace): Promise<void> {
    for (const word of this.wordsOf(leaf)) {
      this.each(word, leaf.weights, (row) => {
        rows[row] = 1
      })
      if (pace.isOver) await pace.pause()
    }
  }

  /** Adds to each row what its having such a word is worth: 0.06 (in a description) to 0.72 (in all of its texts). */
  async weigh(leaf: Leaf, worth: Float64Array, pace: Pace): Promise<void> {
    // Of several words that begin so, together: the order in which this process has met them must not be told apart.
    const texts = new Uint8Array(worth.length)
    for (const word of this.wordsOf(leaf)) {
      this.each(word, leaf.weights, (row, bits) => {
        texts[row] = (texts[row] as number) | bits
      })
      if (pace.isOver) await pace.pause()
    }
    for (let row = 0; row < texts.length; row++) {
      worth[row] = (worth[row] as number) + (WORTH[texts[row] as number] as number)
    }
  }

  /** Frees lists of what is nobody's, when that is much. No row may be given words meanwhile. */
  async sweep(pace: Pace): Promise<void> {
    const { dead } = this
    if (dead.length < MOST_DEAD || dead.length * 2 < this.slots - this.free.length) return
    for (const [word, postings] of this.postings) {
      const { list, length } = postings
      let kept = 0
      for (let i = 0; i < length; i++) {
        const entry = list[i] as number
        if (this.rowOf[entry >>> BITS] !== NOBODY) list[kept++] = entry
      }
      postings.length = kept
      if (kept === 0) this.postings.delete(word)
      if (pace.isOver) await pace.pause()
    }
    for (const [head, words] of this.heads) {
      const left = words.filter((it) => this.postings.has(it))
      if (left.length > 0) this.heads.set(head, left)
      else this.heads.delete(head)
    }
    this.free = this.free.concat(dead)
    this.dead = []
  }

  /** How many entries all lists have together. */
  get entries(): number {
    return [...this.postings.values()].reduce((sum, it) => sum + it.length, 0)
  }

  private each(word: string, weights: number, visit: (row: number, bits: number) => void): void {
    const found = this.postings.get(word)
    if (!found) return
    const { list, length } = found
    for (let i = 0; i < length; i++) {
      const entry = list[i] as number
      const bits = entry & weights
      const row = this.rowOf[entry >>> BITS] as number
      if (row !== NOBODY && bits !== 0) visit(row, bits)
    }
  }

  private wordsOf({ word, begins }: Leaf): string[] {
    if (!begins) return [word]
    const head = headOf(word)
    if (head === word) return [...this.heads].flatMap(([it, words]) => (it.startsWith(head) ? words : []))
    return (this.heads.get(head) ?? []).filter((it) => it.startsWith(word))
  }

  private postingsOf(word: string): Postings {
    const known = this.postings.get(word)
    if (known) return known
    const made = { list: new Uint32Array(4), length: 0 }
    // A copy: what is cut out of a long text would keep all of it in memory.
    const own = Buffer.from(word).toString()
    this.postings.set(own, made)
    const head = headOf(own)
    const alike = this.heads.get(head)
    if (alike) alike.push(own)
    else this.heads.set(head, [own])
    return made
  }

  private newSlot(row: number): number {
    const slot = this.free.pop() ?? this.slots++
    if (slot === this.rowOf.length) {
      const more = new Int32Array(slot * 2)
      more.set(this.rowOf)
      this.rowOf = more
    }
    this.rowOf[slot] = row
    this.slotOf[row] = slot
    return slot
  }

  private remove(row: number): void {
    const slot = this.slotOf[row]
    if (slot === undefined || slot === NOBODY) return
    this.rowOf[slot] = NOBODY
    this.slotOf[row] = NOBODY
    this.dead.push(slot)
  }
}

function add(postings: Postings, entry: number): void {
  if (postings.length === postings.list.length) {
    const more = new Uint32Array(Math.ceil(postings.length * 1.5))
    more.set(postings.list)
    postings.list = more
  }
  postings.list[postings.length++] = entry
}

const bitsOf = (letters: string) => [...letters].reduce((sum, letter) => sum | WEIGHT_BITS[letter as Weight], 0)

/** Words of one field begin with its mark (`/c/hogar`), which says nothing of how they begin. */
const headOf = (word: string) => word.slice(0, (word.startsWith("/") ? 3 : 0) + HEAD_LETTERS)
