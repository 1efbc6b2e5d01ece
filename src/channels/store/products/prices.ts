import type { ProductDocument, Variant, VariantPrices } from "../../../commerce/catalog/index.ts"
import { calculatePrice, nextBoundary, type PreparedPrices, prepare, withTax } from "../../../commerce/pricing/index.ts"
import { taxLines } from "../../../commerce/tax/index.ts"
import type { Services } from "../../counter.ts"
import type { Shopper } from "./shopper.ts"

/** Prices of the documents' variants, at one moment. */
export interface Prices {
  /** Goes up whenever a price list or a tax changes, begins or ends: what was calculated before it holds no more. */
  epoch(): number
  /**
   * @param typeId  the product's type, as far as Medusa knows it when it taxes
   * @throws NotOurs when the taxes of the address are calculated by a service
   */
  of(document: ProductDocument, shopper: Shopper, typeId: string | null): (variant: Variant) => unknown
}

/** Taxes at this address are another program's to say. */
export class NotOurs extends Error {}

/** Prices by the shop's price lists and taxes as they are now. */
export function createPrices({ pricing, tax }: Pick<Services, "pricing" | "tax">): Prices {
  // Parsed once for as long as the document lives.
  const prepared = new WeakMap<VariantPrices, PreparedPrices>()
  let epoch = 0
  let known: unknown[] = []
  let until = 0

  return {
    epoch() {
      const now = Date.now()
      if (known[0] !== pricing.reference || known[1] !== tax.reference || now >= until) {
        known = [pricing.reference, tax.reference]
        until = nextBoundary(pricing.reference, new Date(now))?.getTime() ?? Number.POSITIVE_INFINITY
        epoch++
      }
      return epoch
    },
    of(document, shopper, typeId) {
      const now = new Date()
      const { address } = shopper
      const lines = address && taxLines(document.product_id, typeId, tax.reference, address)
      if (address && lines === undefined) throw new NotOurs()
      return (variant) => {
        const set = document.prices[variant.id]
        if (!set) return undefined
        const prices = prepared.get(set) ?? prepare(set.prices)
        prepared.set(set, prices)
        const price = calculatePrice(set.price_set_id, prices, pricing.reference, shopper.pricing, now)
        return price && lines ? withTax(price, lines) : price
      }
    },
  }
}
