import { newId } from "../../../platform/ids.ts"
import type { AddressRow, Cart } from "../cart.ts"
import type { Draft } from "./draft.ts"
import { OnlyMedusa } from "./errors.ts"
import { mergedMetadata } from "./lines.ts"

/** An address as somebody gives it: what is not there is not known. */
export interface GivenAddress {
  first_name?: string | null | undefined
  last_name?: string | null | undefined
  phone?: string | null | undefined
  company?: string | null | undefined
  address_1?: string | null | undefined
  address_2?: string | null | undefined
  city?: string | null | undefined
  country_code?: string | null | undefined
  province?: string | null | undefined
  postal_code?: string | null | undefined
  metadata?: Record<string, unknown> | null | undefined
}

const NOTHING = {
  ...{ customer_id: null, company: null, first_name: null, last_name: null, address_1: null, address_2: null },
  ...{ city: null, country_code: null, province: null, postal_code: null, phone: null, metadata: null },
}

/** A new address, with nothing but what is given: whatever the cart had before is not looked at. */
export function createAddress(draft: Draft, given: GivenAddress): AddressRow {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return draft.create("cart_address", { id: newId("caaddr"), ...NOTHING, ...known })
}

/**
 * Gives the cart another address; or, by its id, changes the one that it has, in what is given.
 *
 * @throws OnlyMedusa for the id of an address that is not the cart's own in this place: Medusa takes any
 */
export function setAddress(
  draft: Draft,
  kind: "shipping" | "billing",
  { id, metadata, ...given }: GivenAddress & { id?: string | undefined },
): void {
  const { cart } = draft
  if (id === undefined) {
    putAddress(draft, kind, createAddress(draft, { ...given, metadata }))
    return
  }
  const own = cart[`${kind}_address`]
  const isShared = cart.shipping_address_id === cart.billing_address_id
  if (!own || own.id !== id || isShared) throw new OnlyMedusa("an address is named that is not the cart's own")
  draft.update("cart_address", own, { ...given, metadata: mergedMetadata(own.metadata, metadata) })
}

/** @param address  null: the cart has none any more */
export function putAddress(draft: Draft, kind: "shipping" | "billing", address: AddressRow | null): void {
  const cart = draft.cart as Cart & Record<string, unknown>
  draft.update("cart", cart, { [`${kind}_address_id`]: address?.id ?? null })
  cart[`${kind}_address`] = address
}
