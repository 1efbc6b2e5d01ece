import { expect, it } from "vitest"
import { amountsWithTax } from "../../../src/commerce/tax/index.ts"

it.each([
  [19.99, false, [21], 24.1879, 19.99],
  [24.1879, true, [21], 24.1879, 19.99],
  [0.1, false, [100, 100], 0.3, 0.1], // in binary 0.30000000000000004
  [100, false, [7.25, 1], 108.25, 100],
  [10, true, [21], 10, 8.264462809917354],
  [10, true, [], 10, 10],
  [null, false, [21], 0, null],
  [null, true, [21], null, 0],
])(
  "%s, with the tax inside: %s, at %j percent: %s with and %s without",
  (amount, includesTax, rates, with_tax, without_tax) => {
    const lines = rates.map((rate) => ({ rate }))
    expect(amountsWithTax(amount, includesTax, lines)).toEqual({ with_tax, without_tax })
  },
)
