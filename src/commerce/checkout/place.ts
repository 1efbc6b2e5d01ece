import { BigNumber } from "bignumber.js"
import type { TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import {
  amountColumns,
  type Cart,
  CartRefused,
  cartTotals,
  type Draft,
  exact,
  invalid,
  OFFLINE_PROVIDER,
  OnlyMedusa,
  rawOf,
  type Shop,
  shown,
} from "../carts/index.ts"
import { consume, endHold, reserve, SINGLE_LOCATION_FIRST } from "../inventory/index.ts"
import type { Order } from "../orders/index.ts"
import { registerUses, UsedUp } from "../promotions/index.ts"
import { type Authorization, amountOf, STRIPE_PROVIDER, writePayment } from "./pay.ts"
import { placedOrder } from "./placed.ts"
import type { Checkout } from "./read.ts"
import { type PaymentSession, requirePayable, requireShipping } from "./validate.ts"

/** The provider has not been asked about the session yet. Nothing has been written; Medusa can ask it, too. */
export class ProviderUnasked extends OnlyMedusa {
  constructor(readonly session: PaymentSession) {
    super("a payment provider has to be asked")
  }
}

/** How a cart becomes an order, where it is not the web's way. */
export interface Placing {
  /** What the session's provider has said, where it is one that has to be asked, or the money was taken already. */
  authorization?: Authorization | undefined
  /** The location where the goods are handed over at once: all is taken from there, and nothing has to be sent. */
  counter_location_id?: string | undefined
}

/**
 * Makes an order of the cart: all rows that Medusa writes, the stock that it takes, and the payment. The prices, taxes and
 * discounts are those that the cart has.
 *
 * @returns the order as it will be written; of one that the cart has become already its id, with nothing done
 * @throws CartRefused, or what `reserve` throws: then nothing may be committed
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/complete-cart.js`; see `docs/medusa/order-rows.md`
 */
export async function placeOrder(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  checkout: Checkout,
  { authorization, counter_location_id }: Placing = {},
): Promise<{ order_id: string; order?: Order }> {
  const { cart } = draft
  const session = requirePayable(cart, shop, checkout)
  if (checkout.order_id !== null) return { order_id: checkout.order_id }
  if (counter_location_id === undefined) requireShipping(cart, shop, checkout)
  requireOrdinary(cart, session, checkout, authorization)

  const order_id = newId("order")
  const lines = cart.items.map((line) => ({ line, id: newId("ordli") }))
  const [display_id, reservations] = await Promise.all([
    nextDisplayId(tx),
    takeStock(tx, cart, lines, checkout, counter_location_id),
  ])
  await countUses(tx, cart)
  const paid = (session && authorization?.is_captured && amountOf(session)) || new BigNumber(0)
  writeOrder(draft, shop, { id: order_id, display_id, paid })
  for (const it of lines) writeLine(draft, order_id, it, checkout)
  for (const method of cart.shipping_methods) writeMethod(draft, order_id, method)
  writeLinks(draft, order_id)
  if (session) writePayment(draft, order_id, session, authorization)
  draft.update("cart", cart, { completed_at: draft.now })
  draft.also.push({
    ...orderPlaced(order_id, cart.id),
    medusa: [
      { name: "order.placed", data: { id: order_id } },
      ...reservations.map(({ id }) => ({ name: "reservation-item.created", data: { id, order_id } })),
    ],
  })
  return { order_id, order: placedOrder(draft, checkout) }
}

/** The event of a new order. */
export const orderPlaced = (order_id: string, cart_id: string) => ({
  ...{ name: "order.placed", subject: { type: "order", id: order_id }, version: 1 },
  ...{ before: null, after: { cart_id } },
})

/** As its column would take it by itself; taken here, the row is known before it is written. */
async function nextDisplayId(tx: TransactionSql): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('"order"', 'display_id'))::int as id`
  return row?.id ?? 0
}

type Line = Cart["items"][number]
type NewLine = { line: Line; id: string }
const FIRST = { version: 1 }

/** What only Medusa can make an order of. */
function requireOrdinary(
  cart: Cart,
  session: PaymentSession | undefined,
  { is_paid }: Checkout,
  authorization: Authorization | undefined,
): void {
  if (session) requireAuthorized(session, authorization)
  const collection = cart.payment_collection as { raw_amount: { value: string } | null; amount: number } | undefined
  if (session && collection && exact(session.raw_amount, session.amount).lt(collection.amount)) {
    throw new OnlyMedusa("what is authorised is less than what is to be paid")
  }
  if (session && (is_paid || (collection && collection.amount <= 0)))
    throw new OnlyMedusa("it is not the first payment, or none")
  if (cart.sales_channel_id === null) throw new OnlyMedusa("a cart of no channel has no stock")
  const parts = [...cart.items, ...cart.shipping_methods]
  const rows = [cart, cart.shipping_address, cart.billing_address, ...cart.credit_lines, ...parts]
  const written = rows.map((it) => it?.metadata)
  if (JSON.stringify([written, cart.shipping_methods.map((it) => it.data)]).includes('"raw_')) {
    throw new OnlyMedusa("something is called as an amount is")
  }
  if (cart.shipping_methods.some((it) => it.adjustments.length > 1)) {
    throw new OnlyMedusa("a shipping method has several discounts")
  }
  for (const { quantity } of cart.items) if (quantity <= 0) throw invalid("Item quantity must be greater than 0")
}

function requireAuthorized(session: PaymentSession, authorization: Authorization | undefined): void {
  const { id, provider_id, status, payment } = session
  if (payment) throw new OnlyMedusa("it was paid before")
  if (provider_id === OFFLINE_PROVIDER && status === "pending") return
  if (provider_id !== STRIPE_PROVIDER) throw new OnlyMedusa("a payment provider has to be asked")
  if (authorization?.session_id !== id) throw new ProviderUnasked(session)
}

/** What was held for the cart becomes the order's; where nothing was, it is taken now. */
async function takeStock(
  tx: TransactionSql,
  cart: Cart,
  lines: readonly NewLine[],
  checkout: Checkout,
  counter_location_id: string | undefined,
) {
  const wanted = lines.map(({ line, id }) => ({
    ...{ line_item_id: line.id, order_line_item_id: id, variant_id: line.variant_id, quantity: line.quantity },
  }))
  // What is held may lie elsewhere.
  if (cart.hold && counter_location_id !== undefined) await endHold(tx, cart.id)
  else if (cart.hold) {
    const consumed = await consume(tx, { cart_id: cart.id, lines: wanted })
    if (consumed.held) return consumed.reservations
  }
  const ordered = wanted.map(({ order_line_item_id, ...it }) => ({ ...it, line_item_id: order_line_item_id }))
  return await reserve(
    tx,
    ordered,
    {
      sales_channel_id: cart.sales_channel_id,
      counter_location_id,
      is_counter_only: counter_location_id !== undefined,
    },
    SINGLE_LOCATION_FIRST,
    checkout.inventory_item_ids,
  )
}

async function countUses(tx: TransactionSql, cart: Cart): Promise<void> {
  // Lines come first, as in Medusa.
  const uses = [...cart.items, ...cart.shipping_methods].flatMap((it) => it.adjustments)
  const by = { customer_id: cart.customer?.id ?? null, customer_email: cart.email || null }
  try {
    await registerUses(tx, uses, by, new Date())
  } catch (error) {
    throw error instanceof UsedUp ? new CartRefused("not_allowed", error.message) : error
  }
}

function writeOrder(
  draft: Draft,
  shop: Shop,
  { id, display_id, paid }: { id: string; display_id: number; paid: BigNumber },
): void {
  const { cart } = draft
  // Billing first, as in Medusa.
  const billing_address_id = writeAddress(draft, cart.billing_address)
  const shipping_address_id = writeAddress(draft, cart.shipping_address)
  const { sales_channel_id, email, locale } = cart
  // What became of an earlier payment is no more to be told.
  const { payment_repair: _, ...rest } = cart.metadata ?? {}
  const metadata = cart.metadata && rest
  draft.create("order", {
    ...{ id, display_id, ...FIRST, status: "pending", is_draft_order: false, no_notification: false },
    region_id: shop.regions.find(cart.region_id ?? "")?.id ?? null,
    customer_id: cart.customer?.id ?? null,
    ...{ sales_channel_id, email, locale, metadata, currency_code: cart.currency_code.toLowerCase() },
    ...{ billing_address_id, shipping_address_id, canceled_at: null, custom_display_id: null },
  })
  draft.create("order_summary", { id: newId("ordsum"), order_id: id, ...FIRST, totals: summaryOf(cart, shop, paid) })
  for (const { reference, reference_id, metadata, ...line } of cart.credit_lines) {
    const amount = exact(line.raw_amount, line.amount)
    draft.create("order_credit_line", {
      ...{ id: newId("ordcl"), order_id: id, ...FIRST, reference, reference_id, metadata },
      ...{ amount: shown(amount), raw_amount: rawOf(amount) },
    })
  }
}

/** A copy that keeps the times of the cart's address, as in Medusa. */
function writeAddress(draft: Draft, address: Cart["shipping_address"]): string | null {
  if (!address) return null
  const { created_at, updated_at } = address
  const row = draft.create("order_address", { ...address, id: newId("ordaddr") })
  Object.assign(row, { created_at, updated_at })
  return row.id
}

/** Medusa computes it of doubles, and takes off afterwards what was taken at once. */
function summaryOf(cart: Cart, { currencies }: Shop, paid: BigNumber): Record<string, unknown> {
  const inDoubles = <T extends { adjustments: { raw_amount: unknown }[] }>(line: T) => ({
    ...line,
    adjustments: line.adjustments.map((it) => ({ ...it, raw_amount: null })),
  })
  const items = cart.items.map((it) => ({ ...inDoubles(it), raw_unit_price: null }))
  const order = { ...cart, items, shipping_methods: cart.shipping_methods.map(inDoubles) }
  const digits = currencies.find(cart.currency_code)?.decimal_digits
  const total = new BigNumber(shown(cartTotals(order, digits).cart.total))
  const credit = cart.credit_lines.reduce((sum, it) => sum.plus(exact(it.raw_amount, it.amount)), new BigNumber(0))
  const amounts = {
    ...{ original_order_total: total, current_order_total: total, accounting_total: total, credit_line_total: credit },
    ...{ transaction_total: paid, paid_total: paid, pending_difference: total.minus(paid) },
    refunded_total: new BigNumber(0),
  }
  return Object.fromEntries(
    Object.entries(amounts).flatMap(([name, amount]) => [
      [name, shown(amount)],
      [`raw_${name}`, rawOf(amount)],
    ]),
  )
}

/** @source Medusa 2.21 `core-flows/dist/cart/utils/prepare-line-item-data.js` */
function writeLine(draft: Draft, order_id: string, { line, id }: NewLine, { variants }: Checkout): void {
  const variant = variants.find((it) => it.id === line.variant_id)
  const metadata = line.metadata ?? {}
  const { amount: unit_price, raw: raw_unit_price } = amountColumns(line.unit_price)
  const before = line.compare_at_unit_price === null ? null : amountColumns(line.compare_at_unit_price)
  draft.create("order_line_item", {
    ...snapshotOf(line),
    ...{ id, metadata, variant_id: variant?.id ?? null, product_id: variant?.row.product.id ?? line.product_id },
    ...{ is_giftcard: variant?.row.product.is_giftcard ?? false, is_custom_price: false, unit_price, raw_unit_price },
    ...{ compare_at_unit_price: before?.amount ?? null, raw_compare_at_unit_price: before?.raw ?? null },
  })
  draft.create("order_item", {
    ...{ id: newId("orditem"), order_id, item_id: id, ...FIRST, metadata },
    ...{ quantity: line.quantity, raw_quantity: rawOf(new BigNumber(line.quantity)), ...NOTHING_DONE },
    ...{ unit_price: null, raw_unit_price: null, compare_at_unit_price: null, raw_compare_at_unit_price: null },
  })
  writeParts(draft, "order_line_item", { item_id: id }, line)
}

const COPIED = `title subtitle thumbnail product_title product_description product_subtitle product_type product_type_id
  product_collection product_handle variant_sku variant_barcode variant_title variant_option_values requires_shipping
  is_discountable is_tax_inclusive`.split(/\s+/) as (keyof Line)[]
const snapshotOf = (line: Line) => Object.fromEntries(COPIED.map((name) => [name, line[name]]))

const NOTHING_DONE = Object.fromEntries(
  [
    "fulfilled",
    "delivered",
    "shipped",
    "return_requested",
    "return_received",
    "return_dismissed",
    "written_off",
  ].flatMap((what) => [
    [`${what}_quantity`, 0],
    [`raw_${what}_quantity`, { value: "0", precision: 20 }],
  ]),
)

function writeMethod(draft: Draft, order_id: string, method: Cart["shipping_methods"][number]): void {
  const id = newId("ordsm")
  const { name, is_tax_inclusive, shipping_option_id, data, metadata } = method
  const { description = null } = method as { description?: unknown }
  const { amount, raw_amount } = method
  draft.create("order_shipping_method", {
    ...{ id, name, description, is_tax_inclusive, shipping_option_id, data, metadata, is_custom_amount: false },
    ...{ amount, raw_amount: raw_amount ?? rawOf(new BigNumber(amount)) },
  })
  const none = { return_id: null, claim_id: null, exchange_id: null }
  draft.create("order_shipping", { id: newId("ordspmv"), order_id, shipping_method_id: id, ...FIRST, ...none })
  writeParts(draft, "order_shipping_method", { shipping_method_id: id }, method)
}

/** The taxes and the discounts of a line or a shipping method. */
function writeParts(
  draft: Draft,
  of: "order_line_item" | "order_shipping_method",
  parent: Record<string, string>,
  { tax_lines, adjustments }: Pick<Line, "tax_lines" | "adjustments">,
): void {
  const prefix = of === "order_line_item" ? "ordli" : "ordsm"
  for (const { description, tax_rate_id, code, provider_id, rate, metadata, data } of tax_lines) {
    draft.create(`${of}_tax_line`, {
      ...{ id: newId(`${prefix}txl`), ...parent, description, tax_rate_id, code, provider_id, metadata, data },
      ...{ rate, raw_rate: rawOf(new BigNumber(rate)) },
    })
  }
  for (const { code, description, promotion_id, provider_id, is_tax_inclusive = false, ...it } of adjustments) {
    const { amount, raw: raw_amount } = amountColumns(it.amount)
    draft.create(`${of}_adjustment`, {
      ...{ id: newId(`${prefix}adj`), ...parent, ...FIRST, code, description, promotion_id, provider_id },
      ...{ amount, raw_amount, ...(of === "order_line_item" ? { is_tax_inclusive } : {}) },
    })
  }
}

function writeLinks(draft: Draft, order_id: string): void {
  const { cart } = draft
  draft.create("order_cart", { id: newId("ordercart"), order_id, cart_id: cart.id })
  for (const promotion of cart.promotions) {
    if (!promotion) continue
    draft.create("order_promotion", { id: newId("orderpromo"), order_id, promotion_id: promotion.id })
  }
  const collection = cart.payment_collection
  if (!collection) return
  draft.create("order_payment_collection", { id: newId("ordpay"), order_id, payment_collection_id: collection.id })
}
