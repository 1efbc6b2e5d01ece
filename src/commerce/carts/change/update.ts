import type { TransactionSql } from "postgres"
import type { Region } from "../../regions/index.ts"
import type { Cart, LineItemRow } from "../cart.ts"
import { createAddress, type GivenAddress, putAddress, setAddress } from "./addresses.ts"
import { customerOf, findOrCreateCustomer } from "./customers.ts"
import type { Draft } from "./draft.ts"
import { CartRefused, invalid, NotKnownHere, OnlyMedusa } from "./errors.ts"
import { mergedMetadata, removeLines } from "./lines.ts"
import { sameAsBefore } from "./promotions.ts"
import { refresh } from "./refresh.ts"
import { reprice } from "./reprice.ts"
import type { Shop } from "./shop.ts"

type NewAddress = GivenAddress & { id?: string | undefined }

/** What is to be different in a cart; what is not there stays as it is. */
export interface CartUpdate {
  region_id?: string | undefined
  email?: string | null | undefined
  shipping_address?: NewAddress | undefined
  billing_address?: NewAddress | undefined
  sales_channel_id?: string | null | undefined
  /** See `mergedMetadata`. */
  metadata?: Record<string, unknown> | null | undefined
  /** All that the cart is to have; automatic ones come by themselves. */
  promo_codes?: readonly string[] | undefined
  locale?: string | null | undefined
}

/**
 * Changes what a cart is for: where, for whom, with which promotions.
 *
 * @param leaveBehind  takes out what cannot be sold (there, by now), told of the lines with a price of their own, which do
 *   not come along to another region; unless it is given, a line without a price is refused
 * @returns whether the cart is in another region now
 * @throws CartRefused in Medusa's order
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/update-cart.js`
 */
export async function updateCart(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  update: CartUpdate,
  leaveBehind?: (custom: readonly LineItemRow[]) => Promise<void>,
): Promise<{ isMoved: boolean }> {
  const { cart } = draft
  const channel = update.sales_channel_id ?? cart.sales_channel_id
  if (!channel || !shop.store.isOpen(channel)) throw new OnlyMedusa("the sales channel is not open")
  const customer = await findOrCreateCustomer(tx, draft, shop, customerOf(cart), update.email ?? cart.email)
  const regionId = update.region_id ?? cart.region_id ?? ""
  const region = shop.regions.find(regionId)
  if (!region) {
    const refusal = new CartRefused("not_found", `Region id not found: ${regionId}`)
    throw new NotKnownHere("the region is not known", refusal)
  }
  const isMoved = region.id !== cart.region_id
  requireCountry(region, update.shipping_address)
  const isElsewhere = isTaxedElsewhere(cart, update.shipping_address)
  const isInOtherWords = Boolean(update.locale) && update.locale !== cart.locale

  setOwner(draft, customer, update)
  draft.update("cart", cart, {
    region_id: region.id,
    currency_code: region.currency_code.toLowerCase(),
    ...(update.sales_channel_id ? { sales_channel_id: update.sales_channel_id } : {}),
    ...(update.locale === undefined ? {} : { locale: update.locale }),
    metadata: mergedMetadata(cart.metadata, update.metadata),
  })
  setAddresses(draft, region, update, isMoved)
  const custom = isMoved ? cart.items.filter((it) => it.is_custom_price) : []
  removeLines(draft, custom)
  await leaveBehind?.(custom)
  const isForced = update.region_id !== undefined || isInOtherWords || isElsewhere
  if (isForced) await reprice(draft, shop)
  const { promo_codes } = update
  await refresh(tx, draft, shop, {
    ...(isForced ? { taxes: "all" } : {}),
    promotions: promo_codes ? { action: "replace", codes: promo_codes } : sameAsBefore(cart),
  })
  return { isMoved }
}

function requireCountry(region: Region, address: NewAddress | undefined): void {
  const code = address?.country_code
  if (code && !region.countries.some((it) => it.iso_2 === code)) {
    throw invalid(`Country with code ${code} is not within region ${region.name}`)
  }
}

/** Whether an address says something else than the cart's about what taxes hang on; what it leaves out is no change. */
function isTaxedElsewhere({ shipping_address: old }: Cart, given: NewAddress | undefined): boolean {
  if (!given) return false
  const differs = (next: string | null | undefined, now: string | null | undefined) =>
    next !== undefined && next !== now
  return (
    differs(given.id, old?.id) ||
    differs(given.country_code?.toLowerCase(), old?.country_code?.toLowerCase()) ||
    differs(given.province, old?.province) ||
    differs(given.postal_code, old?.postal_code) ||
    differs(given.city, old?.city)
  )
}

/** A guest's cart has the address that the guest is known by; who has an account may have another for this cart. */
function setOwner(draft: Draft, customer: Cart["customer"], { email }: CartUpdate): void {
  if (email === undefined) return
  const { cart } = draft
  if (!customer) {
    draft.update("cart", cart, { email })
    return
  }
  draft.update("cart", cart, { customer_id: customer.id, email: customer.has_account ? email : customer.email })
  cart.customer = customer
}

/**
 * Who moves to a region of one country is sent there, whatever else is said; who moves elsewhere and does not say to
 * which country, nowhere.
 */
function setAddresses(draft: Draft, region: Region, update: CartUpdate, isMoved: boolean): void {
  const [country, ...more] = region.countries
  if (isMoved && country && more.length === 0) {
    putAddress(draft, "shipping", createAddress(draft, { country_code: country.iso_2 }))
  } else if (isMoved && !update.shipping_address?.country_code) {
    putAddress(draft, "shipping", null)
  } else if (update.shipping_address) setAddress(draft, "shipping", update.shipping_address)
  if (update.billing_address) setAddress(draft, "billing", update.billing_address)
}
