import { LeftToMedusa } from "./left.ts"

/** A line of a variant whose stock is kept. */
export interface StockedLine {
  quantity: number
  /** The inventory items that the variant is linked to. */
  parts: readonly {
    /** Null for one that is deleted. */
    requires_shipping: boolean | null
    /** Not reserved, by location; null where there is none. */
    left: Readonly<Record<string, number>> | null
  }[]
}

/**
 * Whether a location lacks something of what is to be shipped from it. As Medusa reckons it: each line by itself, and of
 * a kit as many of each part as of the whole.
 *
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/list-shipping-options-for-cart.js`
 */
export function isInsufficient(lines: readonly StockedLine[], locationId: string): boolean | LeftToMedusa {
  // Where Medusa fails depends on the order in which it meets the parts.
  if (lines.some((line) => line.parts.some((it) => it.requires_shipping === null))) return new LeftToMedusa("stock")
  return lines.some((line) =>
    line.parts.some((it) => it.requires_shipping && !((it.left?.[locationId] ?? Number.NaN) >= line.quantity)),
  )
}
