import { getTableColumns } from "drizzle-orm"
import {
  account_holder,
  capture,
  cart,
  cart_address,
  cart_line_item,
  cart_line_item_adjustment,
  cart_line_item_tax_line,
  cart_payment_collection,
  cart_shipping_method,
  cart_shipping_method_adjustment,
  cart_shipping_method_tax_line,
  customer,
  customer_account_holder,
  order,
  order_address,
  order_cart,
  order_credit_line,
  order_item,
  order_line_item,
  order_line_item_adjustment,
  order_line_item_tax_line,
  order_payment_collection,
  order_promotion,
  order_shipping,
  order_shipping_method,
  order_shipping_method_adjustment,
  order_shipping_method_tax_line,
  order_summary,
  order_transaction,
  payment,
  payment_collection,
  payment_session,
} from "../../../medusa/schema.ts"

const columnsOf = (table: Parameters<typeof getTableColumns>[0]) => Object.keys(getTableColumns(table))

/**
 * The tables that a change of a cart writes to, its becoming an order included, in the order in which their rows refer to
 * each other.
 */
export const TABLES = {
  customer: columnsOf(customer),
  cart_address: columnsOf(cart_address),
  cart: columnsOf(cart),
  cart_line_item: columnsOf(cart_line_item),
  cart_line_item_tax_line: columnsOf(cart_line_item_tax_line),
  cart_line_item_adjustment: columnsOf(cart_line_item_adjustment),
  cart_shipping_method: columnsOf(cart_shipping_method),
  cart_shipping_method_tax_line: columnsOf(cart_shipping_method_tax_line),
  cart_shipping_method_adjustment: columnsOf(cart_shipping_method_adjustment),
  payment_collection: columnsOf(payment_collection),
  cart_payment_collection: columnsOf(cart_payment_collection),
  account_holder: columnsOf(account_holder),
  customer_account_holder: columnsOf(customer_account_holder),
  payment_session: columnsOf(payment_session),
  payment: columnsOf(payment),
  capture: columnsOf(capture),
  order_address: columnsOf(order_address),
  order: columnsOf(order),
  order_summary: columnsOf(order_summary),
  order_credit_line: columnsOf(order_credit_line),
  order_line_item: columnsOf(order_line_item),
  order_item: columnsOf(order_item),
  order_line_item_tax_line: columnsOf(order_line_item_tax_line),
  order_line_item_adjustment: columnsOf(order_line_item_adjustment),
  order_shipping_method: columnsOf(order_shipping_method),
  order_shipping: columnsOf(order_shipping),
  order_shipping_method_tax_line: columnsOf(order_shipping_method_tax_line),
  order_shipping_method_adjustment: columnsOf(order_shipping_method_adjustment),
  order_cart: columnsOf(order_cart),
  order_promotion: columnsOf(order_promotion),
  order_payment_collection: columnsOf(order_payment_collection),
  order_transaction: columnsOf(order_transaction),
} as const

export type Table = keyof typeof TABLES

/** A row with an id, by its columns' names; times are ISO texts, `jsonb` is an object. */
export type Row = { id: string }

/** What becomes of the rows of one table. */
export interface TableChanges {
  created: Map<string, Row>
  /** With the columns that change; `updated_at` is always among them. */
  updated: Map<string, { row: Row; columns: Set<string> }>
  /** Ids of those that are deleted softly. */
  removed: Set<string>
}

/** A row of `cart_promotion`. */
export interface LinkedPromotion {
  id: string
  promotion_id: string
}
