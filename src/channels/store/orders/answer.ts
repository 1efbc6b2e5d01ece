import { BigNumber } from "bignumber.js"
import { type CartTotal, exact, rawOf, shown } from "../../../commerce/carts/index.ts"
import {
  type Order,
  type OrderLine,
  type OrderMethod,
  type OrderTotals,
  orderTotals,
} from "../../../commerce/orders/index.ts"
import { withAmounts } from "../carts/answer.ts"

type Row = Record<string, unknown>

/** The totals that an order shows, in Medusa's order. */
const TOTALS = [
  ...["total", "subtotal", "tax_total", "discount_total", "discount_subtotal", "discount_tax_total"],
  ...["original_total", "original_subtotal", "original_tax_total"],
  ...["item_total", "item_subtotal", "item_tax_total"],
  ...["original_item_total", "original_item_subtotal", "original_item_tax_total"],
  ...["shipping_total", "shipping_subtotal", "shipping_tax_total"],
  ...["original_shipping_tax_total", "original_shipping_subtotal", "original_shipping_total"],
  ...["credit_line_total", "credit_line_subtotal", "credit_line_tax_total"],
] as CartTotal[]

/**
 * An untouched order with the fields that Medusa shows by default.
 *
 * @param decimalDigits  of the order's currency
 * @source see `docs/medusa/payments-orders.md`, 5
 */
export function showOrder(found: Order, decimalDigits: number | undefined): Row {
  const { order } = found
  const totals = orderTotals(found, decimalDigits)
  const { id, status, currency_code, display_id, custom_display_id, region_id, email } = order
  const { created_at, updated_at } = order
  return {
    ...{ id, status, summary: summaryOf(found, totals, decimalDigits), currency_code, display_id, custom_display_id },
    ...{ region_id, email },
    ...Object.fromEntries(TOTALS.map((name) => [name, shown(totals.cart[name])])),
    ...{ created_at, updated_at },
    credit_lines: found.credit_lines.map((it, i) =>
      withAmounts(it, { amount: exact(it.raw_amount, it.amount), ...totals.credit_lines[i] }, "all"),
    ),
    items: found.items.map((it, i) => lineOf(it, totals.items[i] as OrderTotals["items"][number])),
    ...(found.shipping_address ? { shipping_address: found.shipping_address } : {}),
    ...(found.billing_address ? { billing_address: found.billing_address } : {}),
    shipping_methods: found.shipping_methods.map((it, i) =>
      methodOf(it, order.id, totals.shipping_methods[i] as OrderTotals["shipping_methods"][number]),
    ),
    payment_collections: found.payment_collections,
  }
}

/** As it is stored, but for what is still to be paid: of an order that nothing was paid of, its exact total. */
function summaryOf({ summary }: Order, { cart }: OrderTotals, decimalDigits = 2): Row {
  const paid = exact(summary.raw_transaction_total as null, summary.transaction_total as number)
  const pending = cart.total.minus(paid)
  const isNothing = pending.abs().lte(new BigNumber(10).pow(-decimalDigits))
  const difference = isNothing ? new BigNumber(0) : pending
  return { ...summary, pending_difference: shown(difference), raw_pending_difference: rawOf(difference) }
}

function lineOf({ item, line, variant, ...parts }: OrderLine, totals: OrderTotals["items"][number]): Row {
  const { totals_id: _, ...columns } = line
  const { unit_price, raw_unit_price, compare_at_unit_price, raw_compare_at_unit_price } = line
  const made = withAmounts(
    {
      ...columns,
      ...{ quantity: item.quantity, raw_quantity: item.raw_quantity },
      unit_price: item.unit_price ?? unit_price,
      raw_unit_price: item.raw_unit_price ?? raw_unit_price,
      compare_at_unit_price: item.compare_at_unit_price ?? compare_at_unit_price,
      raw_compare_at_unit_price: item.raw_compare_at_unit_price ?? raw_compare_at_unit_price,
      metadata: item.metadata ?? line.metadata,
      line_item_metadata: line.metadata,
      detail: item,
    },
    { ...totals.totals, ...totals.done },
    "all",
  )
  made.tax_lines = parts.tax_lines.map((it, i) => withAmounts(it, { ...totals.tax_lines[i] }, "all"))
  made.adjustments = parts.adjustments.map((it, i) => withAmounts(it, { ...totals.adjustments[i] }, "all"))
  if (variant) made.variant = { ...variant, product: productOf(variant.product) }
  return made
}

function productOf({ type_id, collection_id, ...columns }: NonNullable<OrderLine["variant"]>["product"]): Row {
  return {
    ...columns,
    ...{ type_id, type: type_id === null ? null : { id: type_id } },
    ...{ collection_id, collection: collection_id === null ? null : { id: collection_id } },
  }
}

function methodOf(
  { shipping, method, ...parts }: OrderMethod,
  order_id: string,
  totals: OrderTotals["shipping_methods"][number],
): Row {
  const made = withAmounts({ ...method, order_id, detail: shipping }, { ...totals.totals }, "all")
  made.tax_lines = parts.tax_lines.map((it, i) => withAmounts(it, { ...totals.tax_lines[i] }, "all"))
  made.adjustments = parts.adjustments.map((it, i) => withAmounts(it, { ...totals.adjustments[i] }, "all"))
  return made
}
