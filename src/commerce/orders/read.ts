import type { Sql, TransactionSql } from "postgres"
import { isoOf } from "../carts/index.ts"
import type { Order } from "./order.ts"
import { type OrderExtras, orderJson } from "./statement.ts"

/** An order, or a row of one, as few shops have it, and Medusa alone knows how it shows that. */
export const ODD = "odd"

/** By what a customer's orders can be asked for; without a name Medusa has them by their ids. */
type OrderColumn = "id" | "display_id" | "created_at" | "updated_at"

/** Which of a customer's orders are wanted. */
interface OrdersQuestion {
  ids?: readonly string[] | undefined
  statuses?: readonly string[] | undefined
  order: { by: OrderColumn; descending: boolean }
  limit: number
  offset: number
}

/**
 * Reads an order in one statement.
 *
 * @returns undefined when there is no such order; `ODD` when something that it is linked with is gone
 */
export async function readOrder(
  sql: Sql | TransactionSql,
  id: string,
  extras: OrderExtras = { variants: true },
): Promise<Order | typeof ODD | undefined> {
  const text = kept("one", extras, oneStatement)
  const [row] = await sql.unsafe<{ order: string }[]>(text, [id], { prepare: true })
  return row && orderOf(JSON.parse(row.order) as Order)
}

/**
 * Reads a page of a customer's orders, drafts excepted, and counts them all: one statement, which goes over the
 * customer's own orders and over no others.
 *
 * @returns `ODD` when something that one of them is linked with is gone
 */
export async function readOrders(
  sql: Sql | TransactionSql,
  customerId: string,
  { ids, statuses, order, limit, offset }: OrdersQuestion,
  extras: OrderExtras,
): Promise<{ orders: Order[]; count: number } | typeof ODD> {
  const text = kept(`${order.by} ${order.descending}`, extras, pageStatement(order))
  const wanted = [customerId, ids ? JSON.stringify(ids) : null, statuses ? JSON.stringify(statuses) : null]
  const [row] = await sql.unsafe<{ orders: string | null; count: number }[]>(text, [...wanted, limit, offset], {
    prepare: true,
  })
  if (!row) throw new Error("A statement without a table has one row")
  const orders = (JSON.parse(row.orders ?? "[]") as Order[]).map(orderOf)
  return orders.some((it) => it === ODD) ? ODD : { orders: orders as Order[], count: row.count }
}

const oneStatement = (value: string) =>
  `select ${value}::text as "order" from "order" own where own.id = $1 and own.deleted_at is null`

/** What is materialized is read by the index of the customers, however the page is sorted. */
const pageStatement =
  ({ by, descending }: OrdersQuestion["order"]) =>
  (value: string) =>
    `
    with mine as materialized (
      select it.id, it.${by} as place from "order" it
      where it.customer_id = $1 and it.deleted_at is null and not it.is_draft_order
        and ($2::text is null or it.id in (select json_array_elements_text($2::json)))
        and ($3::text is null or it.status::text in (select json_array_elements_text($3::json)))
    ), page as (
      select id, row_number() over (order by place ${descending ? "desc" : "asc"}, id) as nth from mine
      order by nth limit $4::int offset $5::int
    )
    select (select count(*)::int from mine) as count, (
      select json_agg(${value} order by page.nth) from page join "order" own on own.id = page.id)::text as orders`

/** A statement is made once for what it reads. */
function kept(name: string, extras: OrderExtras, make: (value: string) => string): string {
  const key = `${name} ${JSON.stringify(extras)}`
  const made = statements.get(key) ?? make(orderJson(extras))
  statements.set(key, made)
  return made
}
const statements = new Map<string, string>()

/** An order as Medusa has it: times in ISO. */
function orderOf(found: Order): Order | typeof ODD {
  const { order, shipping_address, billing_address, credit_lines, payment_collections, fulfillments } = found
  if (!found.summary || [...payment_collections, ...fulfillments].some((it) => it === null)) return ODD
  for (const it of [order, shipping_address, billing_address, found.customer]) inIso(it)
  for (const it of [...credit_lines, ...fulfillments]) inIso(it)
  for (const it of payment_collections) {
    for (const row of [it, ...(it.payments ?? []), ...(it.payment_sessions ?? [])]) inIso(row)
  }
  for (const it of found.promotions ?? []) for (const row of [it, it?.application_method]) inIso(row)
  for (const { item, line, variant, product, tax_lines, adjustments } of found.items) {
    for (const it of [item, line, variant, variant?.product, product, ...tax_lines, ...adjustments]) inIso(it)
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
const TIMES = [
  ...["created_at", "updated_at", "completed_at", "canceled_at", "captured_at", "authorized_at"],
  ...["packed_at", "shipped_at", "delivered_at"],
]
