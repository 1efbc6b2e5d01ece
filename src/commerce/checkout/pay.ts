import { BigNumber } from "bignumber.js"
import { newId } from "../../platform/ids.ts"
import { type Draft, exact, rawOf, shown } from "../carts/index.ts"
import type { PaymentSession } from "./validate.ts"

/** The provider of cards and wallets, which has to be asked before anything is locked. */
export const STRIPE_PROVIDER = "pp_stripe_stripe"

/** What a provider has said of a session whose money is there, all of it. */
export interface Authorization {
  session_id: string
  /** As Medusa's provider gives it out. */
  data: Record<string, unknown>
  /** Whether the money was taken at once; else it can be captured. */
  is_captured: boolean
}

export const amountOf = (session: PaymentSession): BigNumber => exact(session.raw_amount, session.amount)

/**
 * Writes the payment of an order: all of it is authorised, by who asks nobody or by Stripe, or was taken already.
 *
 * @source `docs/medusa/payments-orders.md`, 2
 */
export function writePayment(draft: Draft, order_id: string, session: PaymentSession, said?: Authorization): void {
  const collection = draft.cart.payment_collection
  if (!collection) throw new Error("a session belongs to a collection")
  const { now } = draft
  const currency_code = session.currency_code.toLowerCase()
  const amounts = amountsOf(amountOf(session))
  const taken = said?.is_captured ? amounts : amountsOf(new BigNumber(0))
  const none = amountsOf(new BigNumber(0))
  draft.update("payment_session", session, {
    ...{ status: "authorized", authorized_at: session.authorized_at ?? now },
    ...(said ? { data: { ...session.data, ...said.data } } : {}),
  })
  const payment = draft.create("payment", {
    ...{ id: newId("pay"), ...amounts, currency_code, provider_id: session.provider_id, data: said?.data ?? {} },
    ...{ captured_at: said?.is_captured ? now : null, canceled_at: null, metadata: null },
    ...{ payment_collection_id: collection.id, payment_session_id: session.id },
  })
  if (said?.is_captured) {
    const capture = draft.create("capture", {
      ...{ id: newId("capt"), payment_id: payment.id, ...amounts, created_by: null, metadata: null },
    })
    draft.create("order_transaction", {
      ...{ id: newId("ordtrx"), order_id, version: 1, ...amounts, currency_code },
      ...{ reference: "capture", reference_id: capture.id, return_id: null, claim_id: null, exchange_id: null },
    })
  }
  draft.update("payment_collection", collection, {
    ...(said?.is_captured ? { status: "completed", completed_at: now } : { status: "authorized" }),
    ...{ authorized_amount: amounts.amount, raw_authorized_amount: amounts.raw_amount },
    ...{ captured_amount: taken.amount, raw_captured_amount: taken.raw_amount },
    ...{ refunded_amount: none.amount, raw_refunded_amount: none.raw_amount },
  })
}

const amountsOf = (amount: BigNumber) => ({ amount: shown(amount), raw_amount: rawOf(amount) })
