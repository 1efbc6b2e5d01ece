import { CART_TOTALS, type Decimal, exact, type Raw, rawOf, shown } from "../../../commerce/carts/index.ts"
import {
  fulfillmentStatus,
  type Order,
  type OrderLine,
  type OrderMethod,
  type OrderTotals,
  orderTotals,
  type ProductRow,
  paymentStatus,
} from "../../../commerce/orders/index.ts"
import { withAmounts } from "../carts/answer.ts"
import type { ShownOrder } from "./fields.ts"

type Row = Record<string, unknown>

/**
 * An order as Medusa answers it on the orders' own routes.
 *
 * @param decimalDigits  of the order's currency
 * @source see `docs/medusa/payments-orders.md`, 5
 */
export function showOrder(found: Order, show: ShownOrder, decimalDigits: number | undefined): Row {
  const digits = show.currency ? decimalDigits : undefined
  const shown = showPlacedOrder(found, show, decimalDigits)
  return {
    ...shown,
    payment_status: paymentStatus(found, digits),
    fulfillment_status: fulfillmentStatus(found.fulfillments, shown.items as Parameters<typeof fulfillmentStatus>[1]),
  }
}

/** As completing a cart answers it: what its payments and fulfilments have come to is not told. */
export function showPlacedOrder(found: Order, show: ShownOrder, decimalDigits: number | undefined): Row {
  const tree = show.totals
    ? withTotals(found, show, show.currency ? decimalDigits : undefined)
    : withoutTotals(found, show)
  return show.project({ ...tree, ...others(found, show) }) ?? {}
}

/** With amounts that are computed, exact copies decide. */
function withTotals(found: Order, show: ShownOrder, decimalDigits: number | undefined): Row {
  const totals = orderTotals(found, decimalDigits)
  const pending = totals.pending_difference
  return {
    ...found.order,
    ...Object.fromEntries(CART_TOTALS.map((name) => [name, shown(totals.cart[name])])),
    summary: {
      ...exactly(found.summary),
      ...{ pending_difference: shown(pending), raw_pending_difference: rawOf(pending) },
    },
    credit_lines: found.credit_lines.map((it, i) => withAmounts(exactly(it), { ...totals.credit_lines[i] }, "all")),
    items: found.items.map((it, i) => {
      const line = totals.items[i] as OrderTotals["items"][number]
      const amounts = { ...line.totals, ...line.done }
      return { ...withAmounts(exactly(lineOf(it)), amounts, "all"), ...partsOf(it, line), ...linkedOf(it, show) }
    }),
    shipping_methods: found.shipping_methods.map((it, i) => {
      const method = totals.shipping_methods[i] as OrderTotals["shipping_methods"][number]
      return {
        ...withAmounts(exactly(methodOf(it, found.order.id)), { ...method.totals }, "all"),
        ...partsOf(it, method),
      }
    }),
  }
}

/** Amounts as their columns have them. Taxes and discounts are loaded only where they are asked for. */
function withoutTotals({ order, summary, credit_lines, items, shipping_methods }: Order, show: ShownOrder): Row {
  const parts = (relation: string, { tax_lines, adjustments }: OrderLine | OrderMethod) => ({
    ...(show.has(`${relation}.tax_lines`) ? { tax_lines } : {}),
    ...(show.has(`${relation}.adjustments`) ? { adjustments } : {}),
  })
  return {
    ...{ ...order, summary, credit_lines },
    items: items.map((it) => ({ ...lineOf(it), ...parts("items", it), ...linkedOf(it, show) })),
    shipping_methods: shipping_methods.map((it) => ({ ...methodOf(it, order.id), ...parts("shipping_methods", it) })),
  }
}

/** A line as Medusa puts it together, out of the line and of what it is in this version of the order. */
function lineOf({ item, line: { totals_id: _, ...line } }: OrderLine): Row {
  return {
    ...line,
    ...{ quantity: item.quantity, raw_quantity: item.raw_quantity },
    unit_price: item.unit_price ?? line.unit_price,
    raw_unit_price: item.raw_unit_price ?? line.raw_unit_price,
    compare_at_unit_price: item.compare_at_unit_price ?? line.compare_at_unit_price,
    raw_compare_at_unit_price: item.raw_compare_at_unit_price ?? line.raw_compare_at_unit_price,
    metadata: item.metadata ?? line.metadata,
    line_item_metadata: line.metadata,
    detail: item,
  }
}

const methodOf = ({ shipping, method }: OrderMethod, order_id: string): Row => ({
  ...method,
  ...{ order_id, detail: shipping },
})

function partsOf(
  { tax_lines, adjustments }: Pick<OrderLine, "tax_lines" | "adjustments">,
  totals: Pick<OrderTotals["items"][number], "tax_lines" | "adjustments">,
): Row {
  return {
    tax_lines: tax_lines.map((it, i) => withAmounts(exactly(it), { ...totals.tax_lines[i] }, "all")),
    adjustments: adjustments.map((it, i) => withAmounts(exactly(it), { ...totals.adjustments[i] }, "all")),
  }
}

/** A row with its amounts as their exact copies have them, also within its `detail`. */
function exactly(row: object): Row {
  const amounts: Record<string, Decimal> = {}
  const made: Row = { ...row }
  for (const [name, raw] of Object.entries(row)) {
    if (name.startsWith("raw_") && raw) amounts[name.slice(4)] = exact(raw as Raw, 0)
  }
  if (made.detail) made.detail = exactly(made.detail)
  return withAmounts(made, amounts, "all")
}

/** What other modules of Medusa have of a line, where it is asked for and there. */
function linkedOf({ variant, product }: OrderLine, show: ShownOrder): Row {
  const ofVariant = (it: ProductRow) => (show.has("items.variant.product") ? productOf(it) : { id: it.id })
  return {
    ...(variant ? { variant: { ...variant, product: ofVariant(variant.product) } } : {}),
    ...(product ? { product: productOf(product) } : {}),
  }
}

function productOf({ type_id, collection_id, ...columns }: ProductRow): Row {
  return {
    ...columns,
    ...{ type_id, type: reference(type_id), collection_id, collection: reference(collection_id) },
  }
}

/** What is not of the order's own module. What is not there, Medusa leaves out. */
function others({ shipping_address, billing_address, customer, cart, ...found }: Order, show: ShownOrder): Row {
  const methodOfPromotion = (it: { id: string } | null) =>
    show.has("promotions.application_method") ? it : it && reference(it.id)
  return {
    ...(shipping_address || show.showsNull("shipping_address") ? { shipping_address } : {}),
    ...(billing_address || show.showsNull("billing_address") ? { billing_address } : {}),
    ...(customer ? { customer } : {}),
    ...(cart ? { cart } : {}),
    payment_collections: found.payment_collections.map((it) => (it.payments ? withSessions(it, it.payments) : it)),
    fulfillments: found.fulfillments.map((it) => ({
      ...it,
      ...{ provider: reference(it.provider_id), shipping_option: reference(it.shipping_option_id) },
      delivery_address: reference(it.delivery_address_id),
    })),
    promotions: found.promotions?.map(
      (it) =>
        it && {
          ...it,
          campaign: reference(it.campaign_id),
          application_method: methodOfPromotion(it.application_method),
        },
    ),
  }
}

const withSessions = (collection: Row, payments: Row[]): Row => ({
  ...collection,
  payments: payments.map((it) => ({ ...it, payment_session: reference(it.payment_session_id) })),
})

/** Of what a row leads to, Medusa shows the id where it does not show it whole. */
const reference = (id: unknown) => (id === null ? null : { id })
