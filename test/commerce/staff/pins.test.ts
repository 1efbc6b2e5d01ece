import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isGuessable } from "../../../src/commerce/staff/index.ts"
import { hashPin, isPin } from "../../../src/platform/auth/index.ts"

describe("PINs", () => {
  it.each(["0000", "99999999", "1234", "4321", "7890", "0987", "12345678", "1212", "123123", "2580", "252525"])(
    "%s is among those that are tried first",
    (pin) => expect(isGuessable(pin)).toBe(true),
  )
  it.each(["4917", "8203", "1243", "90210", "12344", "131415"])("%s is as good as others", (pin) =>
    expect(isGuessable(pin)).toBe(false),
  )

  it("few of them are refused: nobody has to search long for one", () => {
    const all = Array.from({ length: 10_000 }, (_, it) => String(it).padStart(4, "0"))
    expect(all.filter(isGuessable).length).toBeLessThan(150)
  })

  it("are known by what is kept of them, which is another each time and does not show them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^\d{4,8}$/), fc.stringMatching(/^\d{4,8}$/), async (pin, other) => {
        const [hash, again] = await Promise.all([hashPin(pin), hashPin(pin)])
        expect(hash).not.toBe(again)
        expect(hash.split("$").slice(3).join()).not.toContain(`$${pin}`)
        expect(await isPin(pin, hash)).toBe(true)
        expect(await isPin(other, hash)).toBe(other === pin)
      }),
      { numRuns: 5 },
    )
  })

  it("nothing is the PIN of who has none", async () => {
    expect(await isPin("4917", null)).toBe(false)
    expect(await isPin("", null)).toBe(false)
  })
})
