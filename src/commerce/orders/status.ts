import { BigNumber } from "bignumber.js"
import type { Raw } from "../carts/index.ts"
import type { FulfillmentRow, Order } from "./order.ts"

/**
 * What has become of an order's payments, all in all.
 *
 * @param decimalDigits  of the order's currency
 * @source Medusa 2.21 `core-flows/dist/order/utils/aggregate-status.js`, `getLastPaymentStatus`
 */
export function paymentStatus({ payment_collections }: Pick<Order, "payment_collections">, decimalDigits = 2): string {
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

/** What of a line its status hangs on, where it is shown. */
interface FulfilledLine {
  raw_quantity?: Raw
  detail?: { raw_fulfilled_quantity?: Raw }
}

/**
 * How far an order is on its way to the customer, as far as it is looked at: of lines that are not shown, or not with
 * what was fulfilled of them, Medusa takes it that nothing is left to be done.
 *
 * @param items  as they are shown
 * @source Medusa 2.21 `core-flows/dist/order/utils/aggregate-status.js`, `getLastFulfillmentStatus`
 */
export function fulfillmentStatus(
  fulfillments: readonly FulfillmentRow[],
  items: readonly (FulfilledLine | null)[] = [],
): string {
  const reached = fulfillments.map((it) => STEPS.find(([time]) => it[time])?.[1])
  const canceled = reached.filter((it) => it === "canceled").length
  const isShort = items.some((it) => {
    const fulfilled = it?.detail?.raw_fulfilled_quantity
    return fulfilled !== undefined && new BigNumber(fulfilled.value).lt(it?.raw_quantity?.value ?? 0)
  })
  for (const step of ["delivered", "shipped", "fulfilled"]) {
    const count = reached.filter((it) => it === step).length
    if (count > 0) return count === reached.length - canceled && !isShort ? step : `partially_${step}`
  }
  return canceled > 0 && canceled === reached.length ? "canceled" : "not_fulfilled"
}

/** The last one first. */
const STEPS = [
  ["canceled_at", "canceled"],
  ["delivered_at", "delivered"],
  ["shipped_at", "shipped"],
  ["packed_at", "fulfilled"],
] as const
