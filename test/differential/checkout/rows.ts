import type { Sql } from "postgres"
import { UNORDERED_IN_CARTS } from "../carts/shop.ts"
import { normalise } from "../compare.ts"

/** Every row of an order, and of what it took: ids that were made with it are their prefixes, times are gone. */
export type OrderRows = Record<string, string[]>

const LINES = "select item_id from order_item where order_id = $1"
const METHODS = "select shipping_method_id from order_shipping where order_id = $1"
const COLLECTIONS = "select payment_collection_id from order_payment_collection where order_id = $1"
const PAYMENTS = `select id from payment where payment_collection_id in (${COLLECTIONS})`
const FULFILLMENTS = "select fulfillment_id from order_fulfillment where order_id = $1"
const ADDRESSES = `select unnest(array[shipping_address_id, billing_address_id]) from "order" where id = $1`

const of = (table: string, link: string) => `${link} in (select id from "${table}" where order_id = $1)`

/** All tables that completing a cart writes to, and those of what is done with its order; and which rows are the order's. */
const TABLES: Record<string, string> = {
  order: "id = $1",
  order_address: `id in (${ADDRESSES})`,
  order_summary: "order_id = $1",
  order_item: "order_id = $1",
  order_line_item: `id in (${LINES})`,
  order_line_item_tax_line: `item_id in (${LINES})`,
  order_line_item_adjustment: `item_id in (${LINES})`,
  order_shipping: "order_id = $1",
  order_shipping_method: `id in (${METHODS})`,
  order_shipping_method_tax_line: `shipping_method_id in (${METHODS})`,
  order_shipping_method_adjustment: `shipping_method_id in (${METHODS})`,
  order_credit_line: "order_id = $1",
  order_transaction: "order_id = $1",
  order_cart: "order_id = $1",
  order_payment_collection: "order_id = $1",
  order_promotion: "order_id = $1",
  payment_collection: `id in (${COLLECTIONS})`,
  payment_session: `payment_collection_id in (${COLLECTIONS})`,
  payment: `payment_collection_id in (${COLLECTIONS})`,
  capture: `payment_id in (${PAYMENTS})`,
  cart: "id = (select cart_id from order_cart where order_id = $1)",
  reservation_item: `line_item_id in (${LINES})`,
  refund: `payment_id in (${PAYMENTS})`,
  order_fulfillment: "order_id = $1",
  fulfillment: `id in (${FULFILLMENTS})`,
  fulfillment_item: `fulfillment_id in (${FULFILLMENTS})`,
  order_change: "order_id = $1",
  order_change_action: "order_id = $1",
  return: "order_id = $1",
  return_item: of("return", "return_id"),
  order_exchange: "order_id = $1",
  order_exchange_item: of("order_exchange", "exchange_id"),
  order_claim: "order_id = $1",
  order_claim_item: of("order_claim", "claim_id"),
}

/** Ids that are made with an order, or with what is done with it. */
export const MADE = new RegExp(
  `\\b(${[
    ...["cart", "caaddr", "order", "ordaddr", "ordli", "orditem", "ordlitxl", "ordliadj", "ordsm", "ordspmv"],
    ...["ordsmtxl", "ordsmadj", "ordsum", "ordcl", "ordercart", "ordpay", "orderpromo", "pay", "payses", "pay_col"],
    ...["resitem", "cus", "capt", "ordtrx", "ref", "ordful", "ful", "fulit", "fuladdr"],
    ...["ordch", "ordchact", "return", "retitem", "oexc", "oexcitem", "claim", "claitem"],
  ].join("|")})_[0-9A-HJKMNP-TV-Z]{26}\\b`,
  "g",
)

/** An answer without what is made with an order; then its lists, which come in no order, can be brought into one. */
export const alike = (body: unknown) =>
  normalise(
    JSON.parse(
      JSON.stringify(body)
        .replace(MADE, "$1_")
        .replace(/"display_id":\d+/g, '"display_id":0')
        .replace(/"ordering":\d+/g, '"ordering":0')
        .replace(/"location_id":"[^"]+"/g, '"location_id":"..."')
        .replace(/_at":"[^"]+"/g, '_at":"..."'),
    ),
    { exactly: true, unordered: [...UNORDERED_IN_CARTS, "payment_collections"] },
  )

/** @returns the order's rows, those of a table in an order that says nothing */
export async function readOrderRows(sql: Sql, orderId: string): Promise<OrderRows> {
  const found: OrderRows = {}
  for (const [table, where] of Object.entries(TABLES)) {
    const rows = await sql.unsafe<{ row: Record<string, unknown> }[]>(
      `select to_jsonb(it) as row from "${table}" it where ${where}`,
      [orderId],
    )
    found[table] = rows.map(({ row }) => likeness(row)).sort()
  }
  return found
}

/**
 * Of several locations that have it all Medusa takes any; what a session knew when it was made is not the order's; and
 * actions are numbered through all orders.
 */
const LEFT_OUT = ["location_id", "context", "ordering"]

function likeness(row: Record<string, unknown>): string {
  // When a row was written, it was not before; otherwise it may have been changed.
  const shown = Object.entries(row).map(([name, value]) => {
    if (LEFT_OUT.includes(name)) return [name, "..."]
    if (name === "display_id") return [name, typeof value]
    return [name, /_at$/.test(name) && value !== null ? "<time>" : value]
  })
  return JSON.stringify(Object.fromEntries(shown)).replace(MADE, "$1_")
}
