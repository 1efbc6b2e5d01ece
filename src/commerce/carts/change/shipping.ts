import type { TransactionSql } from "postgres"
import { newId } from "../../../platform/ids.ts"
import {
  type ChargeQuestion,
  type ChosenOption,
  chargedOptions,
  LeftToMedusa,
  methodsAfterRefresh,
  methodsForOptions,
  needsTotals,
  type ShippingOption,
  ShippingRefused,
} from "../../shipping/index.ts"
import type { Cart, ShippingMethodRow } from "../cart.ts"
import { cartTotals, shown } from "../totals.ts"
import type { Draft } from "./draft.ts"
import { invalid, OnlyMedusa } from "./errors.ts"
import { amountColumns } from "./lines.ts"
import type { Shop } from "./shop.ts"

/**
 * Puts the shipping options that were chosen into the cart, in the place of those of the same profiles.
 *
 * @returns the methods that are new
 * @throws CartRefused when one is not for this cart, or has no price
 */
export function chooseShipping(draft: Draft, shop: Shop, chosen: readonly ChosenOption[]): ShippingMethodRow[] {
  const { cart } = draft
  const question = questionOf(
    cart,
    shop,
    chosen.map((it) => it.option_id),
  )
  const { created, removed } = asCarts(() =>
    methodsForOptions(chosen, cart.shipping_methods, shop.shipping.reference, question),
  )
  removeMethods(draft, removed)
  return created.map(({ amount, ...method }) => {
    const columns = amountColumns(amount)
    const row: ShippingMethodRow = Object.assign(
      draft.create("cart_shipping_method", {
        ...{ id: newId("casm"), cart_id: cart.id, description: null, metadata: null, ...method },
        ...{ amount: columns.amount, raw_amount: columns.raw },
      }),
      { tax_lines: [], adjustments: [] },
    )
    cart.shipping_methods.push(row)
    return row
  })
}

/**
 * Gives the cart's shipping methods the names and prices of now, and takes away those that are not for it any more.
 * Prices see the cart with the taxes and discounts of before, as in Medusa.
 */
export async function refreshShipping(tx: TransactionSql, draft: Draft, shop: Shop): Promise<void> {
  const { cart } = draft
  const methods = cart.shipping_methods
  if (methods.length === 0) return
  const ids = methods.flatMap((it) => it.shipping_option_id ?? [])
  if (ids.length < methods.length) throw new OnlyMedusa("a shipping method is of no option")
  const profiles = methods.length > 1 ? await readProfiles(tx, cart) : new Map<string, string>()
  const { removed, updated } = asCarts(() => {
    const offered = chargedOptions([...new Set(ids)], shop.shipping.reference, questionOf(cart, shop, ids))
    if (offered instanceof LeftToMedusa) return offered
    const lines = cart.items.map(({ requires_shipping, variant_id }) => ({
      requires_shipping,
      shipping_profile_id: profiles.get(variant_id ?? "") ?? null,
    }))
    return methodsAfterRefresh(methods, lines, offered)
  })
  for (const { id, name, amount, is_tax_inclusive } of updated) {
    const row = methods.find((it) => it.id === id)
    const columns = amountColumns(amount)
    const became = { name, is_tax_inclusive, amount: columns.amount, raw_amount: columns.raw }
    if (row) draft.update("cart_shipping_method", row, became)
  }
  removeMethods(draft, removed)
}

/** Takes all shipping methods away: what is bought at a counter is not sent. */
export function dropShipping(draft: Draft): void {
  removeMethods(
    draft,
    draft.cart.shipping_methods.map((it) => it.id),
  )
}

/**
 * Puts in what says in Medusa that the goods are handed over in the shop: for each shipping profile the location's
 * pickup option, at no price. A location that has none leaves the cart without methods.
 */
export function handOverAt(draft: Draft, { shipping }: Shop, locationId: string): ShippingMethodRow[] {
  const { cart } = draft
  if (!cart.items.some((it) => it.requires_shipping)) return []
  const options = pickupsOf(shipping.reference.options, locationId)
  const { amount, raw: raw_amount } = amountColumns(0)
  // The region's preference, as its lines have it.
  const is_tax_inclusive = cart.items.some((it) => it.is_tax_inclusive)
  return options.map(({ id, name }) => {
    const row: ShippingMethodRow = Object.assign(
      draft.create("cart_shipping_method", {
        ...{ id: newId("casm"), cart_id: cart.id, shipping_option_id: id, name, description: null, metadata: null },
        ...{ data: {}, is_tax_inclusive, amount, raw_amount },
      }),
      { tax_lines: [], adjustments: [] },
    )
    cart.shipping_methods.push(row)
    return row
  })
}

/** The first pickup option of each profile at a location. */
function pickupsOf(options: readonly ShippingOption[], locationId: string): ShippingOption[] {
  const found = new Map<string | null, ShippingOption>()
  for (const it of options) {
    const isPickup = it.fulfillment_set.type === "pickup" && it.location?.id === locationId
    if (isPickup && !found.has(it.shipping_profile_id)) found.set(it.shipping_profile_id, it)
  }
  return [...found.values()]
}

/** Their taxes and discounts stay, as Medusa leaves them. */
function removeMethods(draft: Draft, ids: readonly string[]): void {
  const { cart } = draft
  draft.remove(
    "cart_shipping_method",
    cart.shipping_methods.filter((it) => ids.includes(it.id)),
  )
  cart.shipping_methods = cart.shipping_methods.filter((it) => !ids.includes(it.id))
}

function questionOf(cart: Cart, { pricing, shipping, currencies }: Shop, optionIds: readonly string[]): ChargeQuestion {
  const options = shipping.reference.options.filter((it) => optionIds.includes(it.id))
  const digits = () => currencies.find(cart.currency_code)?.decimal_digits
  const totals = needsTotals(options, pricing.reference) ? cartTotals(cart, digits()).cart : undefined
  return {
    cart,
    totals: totals && { item_total: shown(totals.item_total), total: shown(totals.total) },
    pricing: pricing.reference,
    now: new Date(),
  }
}

function asCarts<T extends object>(work: () => T | LeftToMedusa): T {
  try {
    const made = work()
    if (made instanceof LeftToMedusa) throw new OnlyMedusa(`shipping: ${made.reason}`)
    return made
  } catch (error) {
    throw error instanceof ShippingRefused ? invalid(error.message) : error
  }
}

/** @returns the shipping profiles of the lines' products, by variant */
async function readProfiles(tx: TransactionSql, { items }: Cart): Promise<Map<string, string>> {
  const variants = [...new Set(items.flatMap((it) => it.variant_id ?? []))]
  const rows = await tx<{ id: string; shipping_profile_id: string }[]>`
    select variant.id, link.shipping_profile_id from product_variant variant
    join product on product.id = variant.product_id and product.deleted_at is null
    join product_shipping_profile link on link.product_id = product.id and link.deleted_at is null
    join shipping_profile profile on profile.id = link.shipping_profile_id and profile.deleted_at is null
    where variant.id = any(${variants}) and variant.deleted_at is null`
  return new Map(rows.map((it) => [it.id, it.shipping_profile_id]))
}
