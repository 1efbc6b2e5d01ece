import type { Documents, Product, ProductDocument, Variant } from "../../catalog/index.ts"
import type { Currencies } from "../../currencies/index.ts"
import type { Pricing } from "../../pricing/index.ts"
import type { Promotions } from "../../promotions/index.ts"
import type { Regions } from "../../regions/index.ts"
import type { Shipping } from "../../shipping/index.ts"
import type { Store } from "../../store/index.ts"
import type { Tax } from "../../tax/index.ts"

/** What of the shop a change of a cart hangs on; all of it is in memory, or soon is. */
export interface Shop {
  documents: Pick<Documents, "get">
  store: Store
  regions: Regions
  currencies: Currencies
  pricing: Pricing
  tax: Tax
  shipping: Shipping
  promotions: Promotions
  /** Who types the e-mail address of an account is who has it, as in Medusa: its name, its prices. */
  isKnownByEmail: boolean
  /** The location at whose own counter the cart is changed: what it has can be had there. */
  counter_location_id?: string | undefined
}

/** A variant, and all that is known of its product. */
export interface Offer {
  document: ProductDocument
  product: Product
  variant: Variant
}

/**
 * Finds variants by the products that they are of.
 *
 * @returns by the variant's id; without those whose document is not there (yet)
 */
export async function offersOf(
  { documents }: Shop,
  wanted: readonly { variant_id: string; product_id: string }[],
): Promise<Map<string, Offer>> {
  const found = await documents.get([...new Set(wanted.map((it) => it.product_id))])
  const byProduct = new Map(found.map((it) => [it.product_id, it]))
  const offers = new Map<string, Offer>()
  for (const { variant_id, product_id } of wanted) {
    const document = byProduct.get(product_id)
    const variant = document?.product.variants.find((it) => it.id === variant_id)
    if (document && variant) offers.set(variant_id, { document, product: document.product, variant })
  }
  return offers
}
