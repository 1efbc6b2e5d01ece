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

/** What is said of a leaf by going through all rows. */
function said(rows: (Row | undefined)[], { word, begins, weights }: Leaf) {
  return Array.from({ length: ROWS }, (_, n) => {
    const having = Object.entries(rows[n] ?? {}).filter(
      ([it, letters]) => (begins ? it.startsWith(word) : it === word) && bitsOf(letters) & weights,
    )
    return having.map(([, letters]) => letters).sort()
  })
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
  expect([...marked]).toEqual(expected.map((having) => Number(having.length > 0)))
  const worth = new Float64Array(ROWS)
  await index.weigh(it, worth, patience())
  for (const [n, having] of expected.entries()) {
    expect(worth[n]).toBeCloseTo(having.reduce((sum, letters) => sum + worthOf(letters), 0))
  }
}

/** As Postgres' `ts_rank` weighs a word that stands in these places, with weights 1, 0.6, 0.3 and 0.1. */
const WORTH: Record<string, number> = { A: 1, B: 0.6, C: 0.3, D: 0.1, AD: 1.025, BCD: 0.6 + 0.3 / 4 + 0.1 / 9 }
const worthOf = (letters: string) => (WORTH[letters] ?? 1 + 0.6 / 4 + 0.3 / 9 + 0.1 / 16) / 1.64493406685

it("finds the same after so many changes that its lists were cleared several times", async () => {
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
    if (n % 9_000 === 0) index.put(ROWS - 1, "")
    if (n % 9_000 === 0) rows[ROWS - 1] = {}
  }
  for (const word of WORDS) {
    for (const begins of [true, false]) await expectSaid(index, rows, { word, begins, weights: ANY_WEIGHT })
  }
  index.forget()
  await expectSaid(index, [], { word: "m", begins: true, weights: ANY_WEIGHT })
  index.put(3, "A mesa")
  await expectSaid(index, [{}, {}, {}, { mesa: "A" }], { word: "me", begins: true, weights: ANY_WEIGHT })
})
