import { BigNumber } from "bignumber.js"
import { cartTotals, rawOf, shown } from "../totals.ts"
import type { Draft } from "./draft.ts"
import { PaymentInTheWay } from "./errors.ts"
import type { Shop } from "./shop.ts"

/** The provider that asks nobody: it authorises whatever it is asked to, and its sessions may go without a word. */
export const OFFLINE_PROVIDER = "pp_system_default"

/**
 * When what is to be paid is not what the payment collection says, the collection says it from now on, and its sessions
 * end: the shopper has to begin anew to pay.
 *
 * @throws PaymentInTheWay when a provider has begun to take the money, unless the draft `looksAtPaymentLast`
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/refresh-payment-collection.js`
 */
export function refreshPayment(draft: Draft, { currencies }: Shop): void {
  const { cart } = draft
  const collection = cart.payment_collection as PaymentCollection | undefined
  if (!collection) return
  const { total } = cartTotals(cart, currencies.find(cart.currency_code)?.decimal_digits).cart
  const raw_amount = rawOf(total)
  draft.isPaymentInTheWay = false
  const isSame = new BigNumber(collection.raw_amount?.value ?? -1).eq(raw_amount.value)
  if (isSame && collection.currency_code === cart.currency_code) return
  if (!collection.payment_sessions.every((it) => it.provider_id === OFFLINE_PROVIDER)) {
    if (!draft.looksAtPaymentLast) throw new PaymentInTheWay()
    draft.isPaymentInTheWay = true
    return
  }
  const columns = { amount: shown(total), raw_amount, currency_code: cart.currency_code }
  draft.update("payment_collection", collection, columns)
  if (collection.payment_sessions.length > 0) {
    const session_ids = collection.payment_sessions.map((it) => it.id)
    draft.endedPayments = { collection_id: collection.id, session_ids }
  }
  collection.payment_sessions = []
}

interface PaymentCollection {
  id: string
  amount: number
  raw_amount: { value: string | number; precision?: number } | null
  currency_code: string
  payment_sessions: { id: string; provider_id: string }[]
}
