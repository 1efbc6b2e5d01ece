import fc from "fast-check"
import { expect, it } from "vitest"
import { type Cart, Draft } from "../../../src/commerce/carts/index.ts"

const LINE = "cart_line_item"
const ADJUSTMENT = "cart_line_item_adjustment"
const stamped = (id: string, columns: object) => ({ id, created_at: "", updated_at: "", deleted_at: null, ...columns })
const discount = (line: string, at: number) => ({
  id: `${line}_discount_${at}`,
  item_id: line,
  code: "TEN",
  amount: at,
})

/** A cart of three lines with a discount each, that is about to be paid. */
function cartOfThree(): Cart {
  const items = [0, 1, 2].map((at) =>
    stamped(`line_${at}`, {
      ...{ variant_id: `variant_${at}`, title: `${at}`, quantity: at + 1, unit_price: 10, metadata: { at } },
      ...{ tax_lines: [], adjustments: [stamped(`old_${at}`, { code: "OLD", amount: 1 })] },
    }),
  )
  return {
    ...{ id: "cart", email: null, metadata: { note: "old" }, shipping_address: null, billing_address: null },
    ...{ items, shipping_methods: [], promotions: [{ id: "promo", code: "OLD" }], promotion_links: ["link"] },
    payment_collection: { id: "paycol", amount: 60, payment_sessions: [{ id: "session" }] },
  } as unknown as Cart
}

/** What steps of a change do to a draft: each leaves a draft on which every other can follow. */
const step = fc.oneof(
  fc.record({ is: fc.constant("quantity" as const), line: fc.nat(9), quantity: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ is: fc.constant("add" as const) }),
  fc.record({ is: fc.constant("remove" as const), line: fc.nat(9) }),
  fc.record({ is: fc.constant("discount" as const), code: fc.constantFrom("TEN", "FIVE") }),
  fc.record({ is: fc.constant("note" as const), note: fc.constantFrom("old", "new", "other") }),
  fc.record({ is: fc.constant("address" as const) }),
  fc.record({ is: fc.constant("customer" as const) }),
  fc.record({ is: fc.constant("payment" as const), amount: fc.nat(99) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

let made = 0
function take(draft: Draft, it: Step): void {
  const { cart } = draft
  const line = "line" in it ? cart.items[it.line % Math.max(cart.items.length, 1)] : undefined
  switch (it.is) {
    case "quantity":
      if (line) draft.update(LINE, line, { quantity: it.quantity })
      break
    case "add": {
      const row = draft.create(LINE, { id: `new_${made++}`, title: "new", quantity: 1, metadata: null })
      cart.items.push(Object.assign(row, { tax_lines: [], adjustments: [] }) as unknown as Cart["items"][number])
      break
    }
    case "remove":
      if (!line) break
      draft.remove(LINE, [line])
      draft.remove(ADJUSTMENT, line.adjustments)
      cart.items = cart.items.filter((it) => it !== line)
      break
    case "discount":
      for (const row of cart.items) {
        draft.remove(ADJUSTMENT, row.adjustments)
        row.adjustments = []
        row.adjustments.push(draft.create(ADJUSTMENT, discount(row.id, made++)) as never)
      }
      draft.link(["promo", it.code])
      break
    case "note":
      draft.update("cart", cart, { metadata: { note: it.note } })
      break
    case "address": {
      const address = draft.create("cart_address", { id: `address_${made++}`, address_1: "Calle Mayor 1" })
      draft.update("cart", cart, { shipping_address_id: address.id })
      cart.shipping_address = address as unknown as Cart["shipping_address"]
      break
    }
    case "customer": {
      const customer = draft.create("customer", { id: `cus_${made++}`, email: "ana@example.com" })
      draft.update("cart", cart, { customer_id: customer.id })
      cart.customer = { ...customer, groups: [] }
      break
    }
    case "payment": {
      const collection = cart.payment_collection as NonNullable<Cart["payment_collection"]>
      draft.update("payment_collection", collection, { amount: it.amount } as object)
      draft.endedPayments = { collection_id: collection.id, session_ids: [] }
      collection.payment_sessions = []
    }
  }
}

const seen = ({ cart, changes, links, endedPayments, isWhole }: Draft) =>
  structuredClone({ cart, changes, links, endedPayments, isWhole })

it("what is undone leaves the cart, and all that is to be written of it, as they were when it was saved", () => {
  const steps = fc.array(step, { maxLength: 8 })
  fc.assert(
    fc.property(steps, steps, steps, (before, undone, after) => {
      const draft = new Draft(cartOfThree())
      const rows = draft.cart.items
      for (const it of before) take(draft, it)
      const kept = rows.filter((it) => draft.cart.items.includes(it))
      const undo = draft.save()
      const then = seen(draft)
      for (const it of undone) take(draft, it)
      undo()
      expect(seen(draft)).toEqual(then)
      // What goes on is of the same rows, in the cart and among the changes.
      expect(rows.filter((it) => draft.cart.items.includes(it))).toEqual(kept)
      for (const it of after) take(draft, it)
      for (const { row } of draft.changes.get(LINE)?.updated.values() ?? []) {
        expect(draft.cart.items.some((it) => it === row)).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

it("discounts that came and went between two steps are not written", () => {
  const draft = new Draft(cartOfThree())
  for (const code of ["TEN", "FIVE"] as const) {
    take(draft, { is: "discount", code })
    draft.forgetPassing([ADJUSTMENT])
  }
  const { created, removed } = draft.changes.get(ADJUSTMENT) ?? {}
  expect([...(created?.keys() ?? [])]).toEqual(draft.cart.items.map((it) => it.adjustments[0]?.id))
  expect([...(removed ?? [])]).toEqual(["old_0", "old_1", "old_2"])
})
