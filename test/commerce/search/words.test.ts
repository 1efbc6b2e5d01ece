import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { highlight } from "../../../src/commerce/search/highlight.ts"
import { distance } from "../../../src/commerce/search/postgres/terms.ts"
import { codeOf, fold, wordsAt, wordsOf } from "../../../src/commerce/search/words.ts"

describe("words", () => {
  it("are the same whatever the case and the accents", () => {
    expect(wordsOf("Lámpara de PIE, «Ñandú» (2 uds.)")).toEqual(["lampara", "de", "pie", "nandu", "2", "uds"])
    expect(fold("Straße Ærø Łódź ĳ")).toBe("strasse aero lodz ij")
  })

  it("are found at the same places whatever a text is made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        for (const { word, from, to } of wordsAt(text)) expect(wordsOf(text.slice(from, to))[0]).toBe(word)
      }),
    )
  })

  it("are a slip apart: a letter put in, left out, changed, or swapped with its neighbour", () => {
    const pairs: [string, string, number][] = [
      ["lino", "lnio", 1],
      ["mesa", "meza", 1],
      ["silla", "sila", 1],
      ["taza", "taza", 0],
      ["zapatero", "sapaterro", 2],
    ]
    for (const [a, b, far] of pairs) expect(distance(a, b), `${a} ${b}`).toBe(far)
  })

  it("of a code are compared as a whole", () => {
    expect(codeOf("  Abc-12  3 ")).toBe("abc-12 3")
  })
})

describe("highlighting", () => {
  const tags = { pre_tag: "<b>", post_tag: "</b>" }
  const matcher = { words: new Set(["lampara"]), beginnings: ["ro"], codes: new Set(["abc-1"]) }
  const of = (it: object, more: object = {}) => highlight(it as never, matcher, { ...tags, ...more })

  it("keeps the text as it is, but for the tags", () => {
    expect(of({ title: "La LÁMPARA, rota & ámbar" }).title).toBe("La <b>LÁMPARA</b>, <b>rota</b> & ámbar")
    expect(of({ tags: ["rojo", "azul"] }).tags).toEqual(["<b>rojo</b>", "azul"])
    expect(of({ skus: ["ABC-1", "ABC-10"] }).skus).toEqual(["<b>ABC-1</b>", "ABC-10"])
  })

  it("cuts a long text around its first match", () => {
    const words = Array.from({ length: 100 }, (_, i) => (i === 60 ? "lámpara" : `w${i}`))
    const { description } = of({ description: words.join(" ") }, { snippet_words: 6 })
    expect(description).toBe("…w58 w59 <b>lámpara</b> w61 w62 w63…")
  })
})
