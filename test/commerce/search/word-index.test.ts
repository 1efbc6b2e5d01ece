import fc from "fast-check"
import { expect, it } from "vitest"
import { Pace } from "../../../src/commerce/search/postgres/pace.ts"
import { linesOf } from "../../../src/commerce/search/postgres/row.ts"
import { ANY_WEIGHT, type Leaf, WEIGHT_BITS, WordIndex } from "../../../src/commerce/search/postgres/word-index.ts"
import { dice } from "../catalog/random-changes.ts"

const ROWS = 40
const WORDS = [
  "m",
  "me",
  "mesa",
  "mesas",
  "mesita",
  "silla",
  "ñu",
  "𠮷野",
  "2",
  "/c/mesa",
  "/c/mesas",
  "/g/m",
  "x".repeat(64),
]
const TEXTS = ["A", "B", "C", "D", "AD", "BCD", "ABCD"]

/** By word, the texts that it stands in, as a row has them. */
type Row = Record<string, string>
const textOf = (row: Row) => linesOf(new Map(Object.entries(row)))
const bitsOf = (letters: string) => [...letters].reduce((sum, it) => sum | WEIGHT_BITS[it as "A"], 0)
const patience = () => new Pace(performance.now() + 60_000)

const row = fc.dictionary(fc.constantFrom(...WORDS), fc.constantFrom(...TEXTS), { maxKeys: 6 })
const change = fc.tuple(fc.nat(ROWS - 1), row)
const leaf = fc.record({
  word: fc.constantFrom(...WORDS, "mes", "/c/m", "none", "constructor"),
  begins: fc.boolean(),
  weights: fc.constantFrom(ANY_WEIGHT, ...Object.values(WEIGHT_BITS)),
})

/** The texts in which a row has such a word, by going through all rows. */
function said(rows: (Row | undefined)[], { word, begins, weights }: Leaf): number[] {
  return Array.from({ length: ROWS }, (_, n) =>
    Object.entries(rows[n] ?? {})
      .filter(([it]) => (begins ? it.startsWith(word) : it === word))
      .reduce((sum, [, letters]) => sum | (bitsOf(letters) & weights), 0),
  )
}

it("finds what any rows have after any changes, and weighs titles above labels above descriptions", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 60 }), fc.array(leaf, { minLength: 1, maxLength: 4 }), check),
    { numRuns: 500 },
  )
})

async function check(changes: [number, Row][], leaves: Leaf[]) {
  const index = new WordIndex()
  const rows: Row[] = []
  for (const [n, it] of changes) {
    index.put(n, textOf(it))
    rows[n] = it
  }
  for (const it of leaves) await expectSaid(index, rows, it)
}

async function expectSaid(index: WordIndex, rows: Row[], it: Leaf) {
  const expected = said(rows, it)
  const marked = new Uint8Array(ROWS)
  await index.mark(it, marked, patience())
  expect([...marked]).toEqual(expected.map((texts) => Number(texts > 0)))
  const worth = new Float64Array(ROWS)
  await index.weigh(it, worth, patience())
  expect([...worth]).toEqual(expected.map((texts) => expect.closeTo(worthOf(texts))))
}

/** As Postgres' `ts_rank` weighs a word that stands in these texts, with weights 1, 0.6, 0.3 and 0.1. */
function worthOf(texts: number): number {
  const heavy = [1, 0.6, 0.3, 0.1].filter((_, i) => texts & (8 >> i))
  return heavy.reduce((sum, weight, i) => sum + weight / (i + 1) ** 2, 0) / 1.64493406685
}

it("finds the same after many changes, and forgets what nobody has any more", async () => {
  const index = new WordIndex()
  const rows: Row[] = []
  const roll = dice(11)
  for (let n = 0; n < 50_000; n++) {
    const at = roll(ROWS)
    const it = Object.fromEntries(
      Array.from({ length: roll(5) }, () => [WORDS[roll(WORDS.length)] ?? "", TEXTS[roll(TEXTS.length)] ?? ""]),
    )
    index.put(at, textOf(it))
    rows[at] = it
    if (n % 1_000 === 0) await index.sweep(patience())
  }
  for (const word of WORDS) {
    for (const begins of [true, false]) await expectSaid(index, rows, { word, begins, weights: ANY_WEIGHT })
  }
  // A slot that was given away again is no longer its first row's.
  expect(index.entries).toBeLessThan(30_000)
  for (let n = 0; n < ROWS; n++) index.put(n, "")
  for (let n = 0; n < 10_000; n++) index.put(0, n % 2 ? "" : "A mesa")
  await index.sweep(patience())
  await expectSaid(index, [], { word: "m", begins: true, weights: ANY_WEIGHT })
  expect(index.entries).toBe(0)

  index.put(3, "A mesa")
  await expectSaid(index, [{}, {}, {}, { mesa: "A" }], { word: "me", begins: true, weights: ANY_WEIGHT })
  index.forget()
  await expectSaid(index, [], { word: "m", begins: true, weights: ANY_WEIGHT })
})

it("weighs to the last digit the same whatever words a process has met first", async () => {
  const texts = ["A mesa\nB mesas\nD mesita", "A mesita\nB mesa\nD mesas", "A mesas\nB mesita\nD mesa"]
  const worths: number[][] = []
  for (const first of texts) {
    const index = new WordIndex()
    index.put(ROWS - 1, first)
    for (const [n, it] of texts.entries()) index.put(n, it)
    const worth = new Float64Array(ROWS)
    await index.weigh({ word: "me", begins: true, weights: ANY_WEIGHT }, worth, patience())
    worths.push([...worth.slice(0, texts.length)])
  }
  expect(new Set(worths.flat()).size).toBe(1)
})
