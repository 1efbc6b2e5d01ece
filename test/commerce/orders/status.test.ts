import { createRequire } from "node:module"
import path from "node:path"
import fc from "fast-check"
import { expect, it } from "vitest"
import { fulfillmentStatus, type Order, paymentStatus } from "../../../src/commerce/orders/index.ts"

/** Medusa's own, behind the back of its package's `exports`. */
const medusa = createRequire(import.meta.url)(
  path.resolve(import.meta.dirname, "../../../node_modules/@medusajs/core-flows/dist/order/utils/aggregate-status.js"),
) as Record<"getLastPaymentStatus" | "getLastFulfillmentStatus", (order: object) => string>

const amount = fc.constantFrom(0, 0.005, 4, 9.99, 9.995, 10)
const collection = fc.record({
  status: fc.constantFrom(
    ...["not_paid", "awaiting", "authorized", "partially_authorized", "canceled", "failed", "completed"],
    ...["partially_captured", "requires_action"],
  ),
  amount: fc.constantFrom(0, 10),
  captured_amount: fc.option(amount),
  refunded_amount: fc.option(amount),
})

it("what has become of the payments is what Medusa says", () => {
  const currency = fc.constantFrom("eur", "jpy", undefined)
  fc.assert(
    fc.property(fc.array(collection, { maxLength: 3 }), currency, (payment_collections, currency_code) => {
      const digits = currency_code === "jpy" ? 0 : currency_code && 2
      const found = { payment_collections } as Pick<Order, "payment_collections">
      expect(paymentStatus(found, digits)).toBe(medusa.getLastPaymentStatus({ payment_collections, currency_code }))
    }),
    { numRuns: 3_000 },
  )
})

const time = fc.constantFrom(null, "2026-01-31T10:00:00.000Z")
const fulfillment = fc.record({ packed_at: time, shipped_at: time, delivered_at: time, canceled_at: time })
const raw = fc.integer({ min: 0, max: 2 }).map((it) => ({ value: String(it), precision: 20 }))
/** Also lines of which little is shown. */
const item = fc
  .constantFrom(null, {})
  .chain((none) =>
    fc.oneof(
      fc.constant(none),
      fc.record(
        { raw_quantity: raw, detail: fc.record({ raw_fulfilled_quantity: raw }, { requiredKeys: [] }) },
        { requiredKeys: [] },
      ),
    ),
  )

it("how far the parcels are is what Medusa says, whichever lines are looked at", () => {
  fc.assert(
    fc.property(
      fc.array(fulfillment, { maxLength: 3 }),
      fc.option(fc.array(item, { maxLength: 3 }), { nil: undefined }),
      (fulfillments, items) => {
        const expected = medusa.getLastFulfillmentStatus({ fulfillments, items })
        expect(fulfillmentStatus(fulfillments, items as Parameters<typeof fulfillmentStatus>[1])).toBe(expected)
      },
    ),
    { numRuns: 3_000 },
  )
})
