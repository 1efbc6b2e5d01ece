import { BigNumber } from "bignumber.js"
import type { Order } from "./order.ts"

/**
 * What has become of an order's payments, all in all.
 *
 * @param decimalDigits  of the order's currency
 * @source Medusa 2.21 `core-flows/dist/order/utils/aggregate-status.js`, `getLastPaymentStatus`
 */
export function paymentStatus({ payment_collections }: Order, decimalDigits = 2): string {
  const all = payment_collections.length
  const count = (status: string) => payment_collections.filter((it) => it.status === status).length
  const parts = (of: "captured_amount" | "refunded_amount", isFree: boolean) =>
    payment_collections.reduce((sum, it) => {
      const done = new BigNumber(it[of] ?? 0)
      if (!done.gt(0) && !(isFree && it.amount === 0)) return sum
      const isWhole = new BigNumber(it.amount).minus(done).lte(new BigNumber(10).pow(-decimalDigits))
      return sum + (isWhole ? 1 : 0.5)
    }, 0)
  const captured = parts("captured_amount", true) + count("captured")
  const refunded = parts("refunded_amount", false) + count("refunded")
  const canceled = count("canceled")
  if (count("requires_action") > 0) return "requires_action"
  if (refunded > 0) return refunded === captured ? "refunded" : "partially_refunded"
  if (captured > 0) return captured === all - canceled ? "captured" : "partially_captured"
  const authorized = count("authorized")
  if (authorized > 0) return authorized === all - canceled ? "authorized" : "partially_authorized"
  if (canceled > 0 && canceled === all) return "canceled"
  return count("awaiting") > 0 ? "awaiting" : "not_paid"
}
