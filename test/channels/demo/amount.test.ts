import { describe, expect, it } from "vitest"
import { readAmount } from "../../../src/channels/demo/browser/amount.ts"

describe("an amount of money, as people type it", () => {
  it.each([
    ["es-ES", "1.000,50", 1000.5],
    ["es-ES", "1000,5", 1000.5],
    ["es-ES", "1000.50", 1000.5],
    ["es-ES", "1,000.50", 1000.5],
    ["es-ES", "1.000", 1000],
    ["es-ES", "20 €", 20],
    ["en-GB", "1,000.50", 1000.5],
    ["en-GB", "7,95", 7.95],
    ["en-GB", "1.000,50", 1000.5],
    ["en-GB", "1,000", 1000],
    ["en-GB", "€20", 20],
    ["en-GB", "EUR 20", 20],
    ["de-CH", "1’000.50", 1000.5],
    ["fr-FR", "1 000,50", 1000.5],
    ["en-GB", "0", 0],
  ])("in %s %s is %d", (locale, typed, amount) => {
    expect(readAmount(typed, "eur", locale)).toBe(amount)
  })

  it.each(["abc", "-5", "5e3", "1.2.3", "12,", ".", "€", "7.955", "1.000", "1,00.5", "0x10", "Infinity", ""])(
    "in Britain %s is none",
    (typed) => {
      expect(readAmount(typed, "eur", "en-GB")).toBeUndefined()
    },
  )

  it("has as many decimals as its currency", () => {
    expect(readAmount("1000", "jpy", "en-GB")).toBe(1000)
    expect(readAmount("10.5", "jpy", "en-GB")).toBeUndefined()
    expect(readAmount("1.255", "kwd", "en-GB")).toBe(1.255)
  })
})
