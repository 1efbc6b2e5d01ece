import { getTableColumns } from "drizzle-orm"
import {
  cart,
  cart_address,
  cart_line_item,
  cart_line_item_adjustment,
  cart_line_item_tax_line,
  cart_shipping_method,
  cart_shipping_method_adjustment,
  cart_shipping_method_tax_line,
  customer,
  payment_collection,
} from "../../../medusa/schema.ts"

/** The tables that a change of a cart writes to, in the order in which their rows refer to each other. */
export const TABLES = {
  customer: Object.keys(getTableColumns(customer)),
  cart_address: Object.keys(getTableColumns(cart_address)),
  cart: Object.keys(getTableColumns(cart)),
  cart_line_item: Object.keys(getTableColumns(cart_line_item)),
  cart_line_item_tax_line: Object.keys(getTableColumns(cart_line_item_tax_line)),
  cart_line_item_adjustment: Object.keys(getTableColumns(cart_line_item_adjustment)),
  cart_shipping_method: Object.keys(getTableColumns(cart_shipping_method)),
  cart_shipping_method_tax_line: Object.keys(getTableColumns(cart_shipping_method_tax_line)),
  cart_shipping_method_adjustment: Object.keys(getTableColumns(cart_shipping_method_adjustment)),
  payment_collection: Object.keys(getTableColumns(payment_collection)),
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
