import type { Context } from "hono"
import type { ProductDocument } from "../../../commerce/catalog/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { createPrices, NotOurs } from "../products/prices.ts"
import { type Shopper, shopperOfOwn } from "../products/shopper.ts"
import type { CatalogQuery } from "./query.ts"

/** What the cheapest variant of a hit costs its caller. */
export interface HitPrice {
  currency_code: string
  amount: number
  /** Without the sale. */
  original_amount: number
  /** Where the caller's country is known, and taxes are shown. */
  amount_with_tax?: number
}

/** In whose context a hit is priced. */
export interface PriceContext {
  /** Undefined when only a currency is known, or nothing. */
  shopper: Shopper | undefined
  currency_code: string | undefined
}

/** @param publicPrices  the lowest that anyone pays, by currency, as the index has them */
export type PriceOf = (
  document: ProductDocument,
  publicPrices: Record<string, number>,
  context: PriceContext,
) => HitPrice | null

/** Who asks, as far as prices hang on it. */
export async function priceContext(
  c: Context<Counter>,
  services: Services,
  query: CatalogQuery,
  currency_code: string | undefined,
): Promise<PriceContext> {
  const shopper = query.region_id ? await shopperOfOwn(c, services, query) : undefined
  return { shopper, currency_code }
}

/** The caller's own price where it is known who asks, and else the public one in the currency that was asked for. */
export function callersPrice(services: Pick<Services, "pricing" | "tax">): PriceOf {
  const prices = createPrices(services)
  return (document, publicPrices, { shopper, currency_code }) => {
    const own = shopper && lowest(prices, document, shopper)
    if (own) return own
    const amount = currency_code ? publicPrices[currency_code] : undefined
    return currency_code && amount !== undefined ? { currency_code, amount, original_amount: amount } : null
  }
}

function lowest(
  prices: ReturnType<typeof createPrices>,
  document: ProductDocument,
  shopper: Shopper,
): HitPrice | undefined {
  let found: HitPrice | undefined
  try {
    const priceOf = prices.of(document, shopper, document.product.type_id)
    for (const variant of document.product.variants) {
      const price = priceOf(variant) as Calculated | null | undefined
      if (!price?.currency_code || price.calculated_amount === null) continue
      if (found && found.amount <= price.calculated_amount) continue
      found = {
        currency_code: price.currency_code,
        amount: price.calculated_amount,
        original_amount: price.original_amount ?? price.calculated_amount,
        ...(price.calculated_amount_with_tax === undefined
          ? {}
          : { amount_with_tax: price.calculated_amount_with_tax }),
      }
    }
  } catch (error) {
    // Taxed by a service that only Medusa knows: the public price is what can be said.
    if (!(error instanceof NotOurs)) throw error
  }
  return found
}

interface Calculated {
  currency_code: string | null
  calculated_amount: number | null
  original_amount: number | null
  calculated_amount_with_tax?: number
}
