import { BigNumber } from "bignumber.js"
import type { TransactionSql } from "postgres"
import {
  applyPromotions,
  CartRefused,
  cartTotals,
  type Draft,
  dropShipping,
  handOverAt,
  invalid,
  OFFLINE_PROVIDER,
  refreshPayment,
  requireOpen,
  type Shop,
  sameAsBefore,
  supplyAt,
  upsertTaxes,
} from "../carts/index.ts"
import {
  type Checkout,
  createPaymentCollection,
  createPaymentSession,
  type Payer,
  placeOrder,
  readCheckout,
  readPayer,
} from "../checkout/index.ts"
import type { Order } from "../orders/index.ts"
import { type Cashing, issueReceipt, type Receipt, receiptOf } from "./receipts.ts"

/** The shortest bar code, EAN-8, has eight digits. Where money has as many, no note is a thousand times what is bought. */
const LEAST_BARCODE = 10_000_000
const MOST_TIMES = 1_000

/** What selling a cart hangs on beside the cart. */
export interface Selling {
  checkout: Checkout
  payer: Payer
}

/** Reads it, to be sent with the cart's own statement. */
export async function readSelling(tx: TransactionSql, cartId: string): Promise<Selling> {
  // Who pays at a desk is nobody who has logged in there.
  const [checkout, payer] = await Promise.all([readCheckout(tx, cartId), readPayer(tx, cartId, undefined)])
  return { checkout, payer }
}

export interface Sold {
  order_id: string
  /** Undefined: it was sold before. */
  order?: Order | undefined
}

/**
 * Sells a cart at a till for cash: what lies on the counter is taken from this shop's stock, also what it keeps back for
 * its counter, nothing is sent, and the money is taken at once. All of it with the receipt in the caller's transaction.
 *
 * @returns of a cart that was sold at this till before, its order and its receipt again
 * @throws CartRefused when the amount is too small, or a bar code, or the cart was sold elsewhere; CannotReserve with every
 *   line that is short; then nothing may be committed
 */
export async function sellForCash(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  { checkout, payer }: Selling,
  { amount, ...cashing }: Cashing & { amount: number },
): Promise<Sold & { receipt: Receipt }> {
  const { cart } = draft
  if (checkout.order_id !== null) {
    const receipt = await receiptOf(tx, cashing.till_id, checkout.order_id)
    if (receipt) return { order_id: checkout.order_id, receipt }
  }
  if (checkout.order_id !== null) throw soldBefore(checkout.order_id)
  requireOpen(draft)
  requireHere(draft, cashing)
  await bringToCounter(tx, draft, shop, cashing)
  const decimalDigits = digitsOf(cart, shop)
  const due = dueOf(cart, decimalDigits)
  const given = new BigNumber(amount)
  if ((given.decimalPlaces() ?? 0) > decimalDigits) {
    throw invalid(`There is no such amount of ${cart.currency_code}: ${given.toFixed()}`)
  }
  if (given.lt(due)) {
    throw new CartRefused(
      "not_allowed",
      `${due.toFixed()} ${cart.currency_code} is due, and ${given.toFixed()} was given.`,
      "amount_too_small",
      { due: due.toNumber(), currency_code: cart.currency_code },
    )
  }
  if (given.gte(LEAST_BARCODE) && given.gt(due.times(MOST_TIMES))) {
    throw new CartRefused(
      "not_allowed",
      `${due.toFixed()} ${cart.currency_code} is due, and nobody gives ${given.toFixed()} for it: it may be a bar code.`,
      "amount_too_large",
      { due: due.toNumber(), currency_code: cart.currency_code },
    )
  }
  const session_id = beginOfflinePayment(draft, shop, payer)
  const { order_id, order } = await placeOrder(tx, draft, shop, checkout, {
    ...(session_id === undefined ? {} : { authorization: { session_id, data: {}, is_captured: true } }),
    counter_location_id: cashing.stock_location_id,
  })
  const receipt = await issueReceipt(tx, cashing, { order_id, cart, due, given, decimalDigits })
  return { order_id, order, receipt }
}

/**
 * Sells a cart on invoice: it is ordered now, and paid when the invoice is. Shipping has to be chosen as on the web.
 *
 * @returns of a cart that an agent has sold before, its order again
 * @throws CartRefused also when the cart was sold at a till or on the web; and what `placeOrder` throws
 */
export async function sellOnInvoice(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  { checkout, payer }: Selling,
): Promise<Sold> {
  const { order_id } = checkout
  if (order_id !== null) {
    if (await isByAgent(tx, order_id)) return { order_id }
    throw soldBefore(order_id)
  }
  requireOpen(draft)
  refreshPayment(draft, shop)
  beginOfflinePayment(draft, shop, payer)
  return await placeOrder(tx, draft, shop, checkout)
}

const soldBefore = (order_id: string) =>
  new CartRefused("not_allowed", "The cart is an order already, that was not placed here.", "cart_completed", {
    order_id,
  })

/** Agents place orders in one way: on invoice. */
async function isByAgent(tx: TransactionSql, orderId: string): Promise<boolean> {
  const rows = await tx`
    select from mostrador.order_channel where order_id = ${orderId} and actor->>'type' = 'agent'`
  return rows.length > 0
}

/** Its total is of other prices, in another currency even, than the cashier and the customer have spoken of. */
function requireHere({ cart }: Draft, { place }: Cashing): void {
  if (!place || cart.region_id === place.region_id) return
  throw new CartRefused(
    "not_allowed",
    "The cart has the prices of another region: it was moved there since it came to the till. Bring it back (POST /pos/carts/{id}/region), and tell the customer the new total.",
    "other_region",
    { region_id: cart.region_id, currency_code: cart.currency_code },
  )
}

/** What was to be sent is taken home from here. */
async function bringToCounter(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  { place, stock_location_id }: Cashing,
): Promise<void> {
  if (draft.cart.items.length === 0) throw invalid("Cannot complete a cart with no items")
  dropShipping(draft)
  const methods = handOverAt(draft, shop, stock_location_id)
  if (place) supplyAt(draft, shop, place, methods)
  else upsertTaxes(draft, shop, { methods })
  await applyPromotions(tx, draft, shop, sameAsBefore(draft.cart))
  refreshPayment(draft, shop)
}

/** Rounded to what there are coins for. */
const dueOf = (cart: Draft["cart"], digits: number) =>
  cartTotals(cart, digits).cart.total.decimalPlaces(digits, BigNumber.ROUND_HALF_UP)

/** Where the shop does not know a currency, cents. */
const digitsOf = ({ currency_code }: Draft["cart"], { currencies }: Shop) =>
  currencies.find(currency_code)?.decimal_digits ?? 2

/** It is paid on another device, or by a provider that only Medusa can ask. */
export const paymentBegun = () =>
  new CartRefused(
    "not_allowed",
    "The customer is paying this cart on another device, or has just paid it: its order comes by itself. Look again in a moment, or put the goods into a new cart.",
    "payment_begun",
  )

/** @returns the session by which the cart is paid; undefined where nothing is to be paid */
function beginOfflinePayment(draft: Draft, shop: Shop, payer: Payer): string | undefined {
  const { cart } = draft
  const others = cart.payment_collection?.payment_sessions as { provider_id: string; status: string }[] | undefined
  if (others?.some((it) => it.provider_id !== OFFLINE_PROVIDER)) {
    throw paymentBegun()
  }
  if (dueOf(cart, digitsOf(cart, shop)).lte(0)) return undefined
  if (!payer.provider_ids.includes(OFFLINE_PROVIDER)) {
    throw invalid("The region of this cart takes no offline payment: enable the provider pp_system_default in it.")
  }
  createPaymentCollection(draft, shop)
  createPaymentSession(draft, { provider_id: OFFLINE_PROVIDER }, payer)
  return cart.payment_collection?.payment_sessions.map((it) => (it as { id: string }).id)[0]
}
