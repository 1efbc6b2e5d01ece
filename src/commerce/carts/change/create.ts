import type { TransactionSql } from "postgres"
import { newId } from "../../../platform/ids.ts"
import { checkStock, readStock, stockOf } from "../../inventory/index.ts"
import type { CalculatedPrice } from "../../pricing/index.ts"
import type { Region } from "../../regions/index.ts"
import type { Cart } from "../cart.ts"
import { unavailable, withoutPrice } from "./add-line.ts"
import { createAddress, type GivenAddress } from "./addresses.ts"
import { type Customer, findOrCreateCustomer } from "./customers.ts"
import { Draft } from "./draft.ts"
import { invalid, OnlyMedusa } from "./errors.ts"
import { createLine, type WantedLine } from "./lines.ts"
import { pricesIn } from "./prices.ts"
import { applyPromotions } from "./promotions.ts"
import { type Offer, offersOf, type Shop } from "./shop.ts"
import { setTaxes } from "./taxes.ts"

/** A cart as somebody wants it. */
export interface WantedCart {
  /** The shop's own, unless it is given. */
  region_id?: string | null | undefined
  sales_channel_id: string
  /** As it is typed; must be the region's. */
  currency_code?: string | null | undefined
  email?: string | null | undefined
  shipping_address?: GivenAddress | undefined
  billing_address?: GivenAddress | undefined
  items?: readonly WantedLine[] | undefined
  promo_codes?: readonly string[] | undefined
  metadata?: Record<string, unknown> | null | undefined
  locale?: string | null | undefined
}

/**
 * A new cart.
 *
 * @param customer  who asks, when he has logged in
 * @throws CartRefused, or an error of the inventory's `checkStock`, in Medusa's order
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/create-carts.js`
 */
export async function createCart(
  tx: TransactionSql,
  shop: Shop,
  wanted: WantedCart,
  customer: Customer | undefined,
): Promise<Draft> {
  const { currency_code, sales_channel_id } = wanted
  const region = shop.regions.find(wanted.region_id || (shop.store.default_region_id ?? ""))
  if (!region || currency_code === "") throw new OnlyMedusa("the region or the currency is not known")
  if (!shop.store.isOpen(sales_channel_id)) throw new OnlyMedusa("the sales channel is not open")

  const draft = new Draft(emptyCart(wanted, currency_code ?? region.currency_code, region.id), { isNew: true })
  const { cart } = draft
  const owner = await findOrCreateCustomer(tx, draft, shop, customer, wanted.email)
  if (owner) {
    cart.customer = owner
    cart.customer_id = owner.id
  }
  const lines = await price(tx, cart, shop, wanted.items ?? [])
  if (currency_code) requireCurrency(region, currency_code)
  cart.currency_code = cart.currency_code.toLowerCase()
  cart.email = wanted.email ?? owner?.email ?? null
  const [country, ...more] = region.countries
  const only = country && more.length === 0 ? { country_code: country.iso_2 } : undefined
  const address = wanted.shipping_address ?? only
  cart.shipping_address = address ? createAddress(draft, address) : null
  cart.shipping_address_id = cart.shipping_address?.id ?? null
  cart.billing_address = wanted.billing_address ? createAddress(draft, wanted.billing_address) : null
  cart.billing_address_id = cart.billing_address?.id ?? null
  draft.create("cart", cart)
  for (const { item, offer, price, requires_shipping } of lines) {
    createLine(draft, item, offer, price, requires_shipping)
  }
  setTaxes(draft, shop)
  await applyPromotions(tx, draft, shop, { action: "add", codes: wanted.promo_codes ?? [] })
  return draft
}

/** @throws CartRefused when a region that there is has another */
export function requireCurrency(region: Region | undefined, code: string): void {
  if (!region || code.toLowerCase() === region.currency_code.toLowerCase()) return
  throw invalid(`Currency code ${code} does not match the region's currency code ${region.currency_code}`)
}

function emptyCart({ sales_channel_id, metadata, locale }: WantedCart, currency: string, region: string): Cart {
  const now = new Date().toISOString()
  return {
    ...{
      id: newId("cart"),
      version: 0,
      handovers: 0,
      hold: null,
      owner: null,
      promotion_links: [],
      region_id: region,
      sales_channel_id,
      currency_code: currency,
    },
    ...{ customer_id: null, email: null, locale: locale ?? null, metadata: metadata ?? null, completed_at: null },
    ...{ shipping_address_id: null, billing_address_id: null, shipping_address: null, billing_address: null },
    ...{ created_at: now, updated_at: now, items: [], shipping_methods: [], credit_lines: [], promotions: [] },
  }
}

interface PricedLine {
  item: WantedLine
  offer: Offer
  price: CalculatedPrice & { calculated_amount: number }
  requires_shipping: boolean
}

/** The lines of the new cart, each priced for its own quantity; all of them together must be there. */
async function price(tx: TransactionSql, cart: Cart, shop: Shop, items: readonly WantedLine[]): Promise<PricedLine[]> {
  if (items.length === 0) return []
  const ids = [...new Set(items.map((it) => it.variant_id))]
  const { sales_channel_id } = cart
  const stock = stockOf(await readStock(tx, ids, { sales_channel_id }))
  const offers = await offersOf(
    shop,
    [...stock.variants].map(([variant_id, { product_id }]) => ({ variant_id, product_id })),
  )
  if (offers.size < stock.variants.size) throw new OnlyMedusa("a variant is not in the catalog's documents yet")

  const pricesOf = pricesIn(cart, "new_cart", shop)
  const lines = items.map((item) => {
    const offer = offers.get(item.variant_id)
    return { item, offer, price: offer && pricesOf(offer, item.quantity) }
  })
  const unpriced = [
    ...new Set(lines.filter((it) => it.offer && it.price === undefined).map((it) => it.item.variant_id)),
  ]
  // Of several, Medusa names them as the database happens to find them.
  if (unpriced.length > 1) throw new OnlyMedusa("several variants have no price")
  if (unpriced.length > 0) throw withoutPrice(unpriced)
  const gone = lines.filter((it) => it.offer?.product.status !== "published")
  if (gone.length > 0) throw unavailable(gone.map((it) => it.item.variant_id))
  const withoutAny = lines.filter((it) => !it.price)
  if (withoutAny.length > 0) throw withoutPrice(withoutAny.map((it) => it.item.variant_id))

  checkStock(items, stock, sales_channel_id)
  return lines.flatMap(({ item, offer, price }) => {
    const calculated_amount = price?.calculated_amount ?? null
    if (!offer || !price || calculated_amount === null) throw new OnlyMedusa("a price has no amount")
    const requires_shipping = stock.variants.get(item.variant_id)?.requires_shipping ?? false
    return [{ item, offer, price: { ...price, calculated_amount }, requires_shipping }]
  })
}
