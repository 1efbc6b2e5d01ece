import { isDeepStrictEqual } from "node:util"
import { type CartChange, cartMessages, type RowChanges } from "../../../medusa/events/messages.ts"
import type { Actor, NewEvent } from "../../../platform/events/index.ts"
import type { Cart } from "../cart.ts"
import type { Draft } from "./draft.ts"

/** What is recorded of a change: its name, and how Medusa's workflows tell of it. */
const CHANGES = {
  created: "cart.created",
  updated: "cart.updated",
  region_updated: "cart.updated",
  line_added: "cart.line_added",
  line_updated: "cart.line_updated",
  line_updated_to_none: "cart.line_removed",
  line_removed: "cart.line_removed",
  shipping_method_added: "cart.shipping_changed",
  customer_transferred: "cart.customer_changed",
  merged: "cart.merged",
  promotions_changed: "cart.promotions_changed",
  taxes_calculated: "cart.updated",
  completed: "cart.completed",
  payment_collection_created: "cart.payment_collection_created",
  payment_session_created: "cart.payment_session_created",
  payment_repaired: "cart.payment_repaired",
} as const satisfies Record<CartChange, string>

export type { CartChange }

/** Whether a change raises the cart's version: what is done to pay for a cart leaves the cart itself as it is. */
export const hasVersion = (change: CartChange) =>
  change !== "payment_collection_created" && change !== "payment_session_created"

/** By whom a cart is changed, and through what. */
export interface ChangedBy {
  actor: Actor
  /** The sales channel that the request came through. */
  channel: string | null
  /** Ours, by its id (`src/commerce/channels`); absent: none. */
  channel_id?: string | null
  device: string | null
}

/** What of a cart events tell: all that somebody chooses, and what comes of it. */
export type Glance = ReturnType<typeof glanceAt>

/** What is worth telling of a cart, as it is now. */
export function glanceAt(cart: Cart) {
  const { region_id, currency_code, sales_channel_id, customer_id, email, locale, metadata, completed_at } = cart
  const discounted = [...cart.items, ...cart.shipping_methods]
  return {
    ...{ region_id, currency_code, sales_channel_id, customer_id, email, locale, metadata, completed_at },
    promotions: [...new Set(discounted.flatMap((it) => it.adjustments.flatMap(({ code }) => code ?? [])))],
    payment: paymentOf(cart.payment_collection),
    shipping_address: addressOf(cart.shipping_address),
    billing_address: addressOf(cart.billing_address),
    items: cart.items.map(({ id, variant_id, title, quantity, unit_price, metadata, tax_lines, adjustments }) => ({
      ...{ id, variant_id, title, quantity, unit_price, metadata },
      taxes: tax_lines.map(({ code, rate }) => ({ code, rate })),
      discounts: adjustments.map(({ code, amount }) => ({ code, amount })),
    })),
    shipping_methods: cart.shipping_methods.map(({ id, shipping_option_id, name, amount, tax_lines, adjustments }) => ({
      ...{ id, shipping_option_id, name, amount },
      taxes: tax_lines.map(({ code, rate }) => ({ code, rate })),
      discounts: adjustments.map(({ code, amount }) => ({ code, amount })),
    })),
  }
}

function paymentOf(collection: Cart["payment_collection"]) {
  if (!collection) return null
  const { id, amount, currency_code, payment_sessions } = collection
  const sessions = payment_sessions.map((it) => ({ id: it.id, provider_id: it.provider_id, status: it.status }))
  return { id, amount, currency_code, sessions }
}

function addressOf(address: Cart["shipping_address"]) {
  if (!address) return null
  const { created_at: _, updated_at: __, deleted_at: ___, customer_id: ____, ...columns } = address
  return columns
}

/**
 * The event of a change, with what is different: of the cart its columns, of lines and shipping methods those that are.
 *
 * @param version  the one that the cart is in then
 */
export function eventOf(draft: Draft, change: CartChange, version: number, by: ChangedBy): NewEvent {
  const { cart, before, merge, moved, operation } = draft
  const after = glanceAt(cart)
  return {
    name: CHANGES[change],
    subject: { type: "cart", id: cart.id },
    version,
    ...by,
    before: before && different(before, after),
    after: {
      ...(before ? different(after, before) : after),
      ...(merge ? { merge } : {}),
      ...(moved ? { moved } : {}),
      ...(operation ? { operation } : {}),
    },
    medusa: cartMessages(cart.id, change, rowsOf(draft)),
  }
}

/**
 * Ends one of several changes that are written as one: it has a version and an event of its own. Medusa's subscribers are
 * told of the rows with the last.
 *
 * @param after    the cart as the change has left it
 * @param version  the one that it was in then
 */
export function endStep(draft: Draft, change: CartChange, after: Glance, version: number): void {
  const { cart, before, operation } = draft
  draft.steps.push({
    ...{ name: CHANGES[change], subject: { type: "cart", id: cart.id }, version },
    before: before && different(before, after),
    after: { ...(before ? different(after, before) : after), ...(operation ? { operation } : {}) },
    medusa: cartMessages(cart.id, change, {}),
  })
  draft.before = after
  draft.leap++
}

/**
 * The event of a change that Medusa has made when it was asked for it. Medusa tells of it itself.
 *
 * @param before  the cart as it was, and `after`, as it is; null for one that only Medusa can show
 */
export function eventOfMedusas(
  cartId: string,
  change: CartChange,
  version: number,
  by: ChangedBy,
  { before, after }: { before: Glance | null; after: Glance | null },
): NewEvent {
  const isRemoval = change === "line_updated" && before && after && after.items.length < before.items.length
  return {
    name: CHANGES[isRemoval ? "line_updated_to_none" : change],
    subject: { type: "cart", id: cartId },
    version,
    ...by,
    before: before && after ? different(before, after) : before,
    after: before && after ? different(after, before) : after,
  }
}

function different(of: Glance, than: Glance): Partial<Glance> {
  const parts = Object.entries(of).map(([name, value]) => {
    const other = than[name as keyof Glance]
    if (value === other || isDeepStrictEqual(value, other)) return []
    if (!isRows(value) || !isRows(other)) return [name, value] as const
    const others = new Map(other.map((it) => [it.id, it]))
    const changed = value.filter((it) => !isDeepStrictEqual(it, others.get(it.id)))
    return [name, changed] as const
  })
  return Object.fromEntries(parts.filter((it) => it.length > 0)) as Partial<Glance>
}

const isRows = (value: unknown): value is { id: string }[] =>
  Array.isArray(value) && value.every((it) => typeof it === "object")

function rowsOf({ cart, changes, links, endedPayments }: Draft): RowChanges {
  const created: Record<string, string[]> = {}
  const updated: Record<string, string[]> = {}
  const deleted: Record<string, string[]> = {}
  for (const [table, of] of changes) {
    created[table] = [...of.created.keys()]
    updated[table] = [...of.updated.keys()]
    deleted[table] = [...of.removed]
  }
  if (links) {
    created.cart_promotion = links.map((it) => it.id)
    deleted.cart_promotion = cart.promotion_links
  }
  if (endedPayments) deleted.payment_session = [...endedPayments.session_ids]
  return { created, updated, deleted }
}
