import type { Sql, TransactionSql } from "postgres"
import { isoOf } from "../carts/index.ts"
import type { Order } from "./order.ts"

/** What is live, of the order's own version. */
const OF_ORDER = "it.order_id = $1 and it.deleted_at is null and it.version = (select version from own)"
const list = (value: string, from: string) => `(select coalesce(json_agg(${value}), '[]') from ${from})`
const parts = (table: string, parent: string, of: string) =>
  list("part", `${table} part where part.${parent} = ${of} and part.deleted_at is null`)
/** Discounts are of a version, taxes are not. */
const discounts = (table: string, parent: string, of: string) =>
  list("part", `${table} part where part.${parent} = ${of} and part.deleted_at is null and part.version = it.version`)

const STATEMENT = `
  with own as materialized (select * from "order" where id = $1 and deleted_at is null)
  select json_build_object(
    'order', (select row_to_json(own) from own),
    'summary', (select it.totals from order_summary it where ${OF_ORDER} limit 1),
    'credit_lines', ${list("it", `order_credit_line it where ${OF_ORDER}`)},
    'items', ${list(
      `json_build_object('item', it, 'line', line,
        'tax_lines', ${parts("order_line_item_tax_line", "item_id", "line.id")},
        'adjustments', ${discounts("order_line_item_adjustment", "item_id", "line.id")},
        'variant', (
          select to_jsonb(variant) || jsonb_build_object('product', product) from product_variant variant
          join product on product.id = variant.product_id and product.deleted_at is null
          where variant.id = line.variant_id and variant.deleted_at is null))`,
      `order_item it join order_line_item line on line.id = it.item_id and line.deleted_at is null where ${OF_ORDER}`,
    )},
    'shipping_methods', ${list(
      `json_build_object('shipping', it, 'method', method,
        'tax_lines', ${parts("order_shipping_method_tax_line", "shipping_method_id", "method.id")},
        'adjustments', ${discounts("order_shipping_method_adjustment", "shipping_method_id", "method.id")})`,
      `order_shipping it join order_shipping_method method on method.id = it.shipping_method_id
         and method.deleted_at is null where ${OF_ORDER}`,
    )},
    'shipping_address', (
      select row_to_json(it) from order_address it
      where it.id = (select shipping_address_id from own) and it.deleted_at is null),
    'billing_address', (
      select row_to_json(it) from order_address it
      where it.id = (select billing_address_id from own) and it.deleted_at is null),
    'payment_collections', ${list(
      "it order by it.id",
      `payment_collection it join order_payment_collection link on link.payment_collection_id = it.id
         and link.deleted_at is null where link.order_id = $1 and it.deleted_at is null`,
    )},
    'fulfillments', (select count(*) from order_fulfillment it where it.order_id = $1 and it.deleted_at is null)
  )::text as "order"
  from own`

/**
 * Reads an order in one statement. Lists come in no order, as in Medusa, which asks for them without one.
 *
 * @returns undefined when there is no such order
 */
export async function readOrder(sql: Sql | TransactionSql, id: string): Promise<Order | undefined> {
  const [row] = await sql.unsafe<{ order: string }[]>(STATEMENT, [id], { prepare: true })
  if (!row) return undefined
  const found = JSON.parse(row.order) as Order
  const { order, shipping_address, billing_address, credit_lines, payment_collections } = found
  for (const it of [order, shipping_address, billing_address, ...credit_lines, ...payment_collections]) inIso(it)
  for (const { item, line, variant, tax_lines, adjustments } of found.items) {
    for (const it of [item, line, variant, variant?.product, ...tax_lines, ...adjustments]) inIso(it)
  }
  for (const { shipping, method, tax_lines, adjustments } of found.shipping_methods) {
    for (const it of [shipping, method, ...tax_lines, ...adjustments]) inIso(it)
  }
  return found
}

/** A row's own times, and none that a shop or a shopper has written into its metadata. */
export function inIso(row: Record<string, unknown> | null | undefined): void {
  if (!row) return
  for (const name of TIMES) {
    const time = row[name]
    if (typeof time === "string") row[name] = isoOf(time)
  }
}
const TIMES = ["created_at", "updated_at", "completed_at", "canceled_at"]
