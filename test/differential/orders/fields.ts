import { createRequire } from "node:module"
import path from "node:path"

/** Medusa's own lists, so that a field that it allows one day is asked for here. */
const config = createRequire(import.meta.url)(
  path.resolve(import.meta.dirname, "../../../node_modules/@medusajs/medusa/dist/api/store/orders/query-config.js"),
) as Record<"retrieveTransformQueryConfig" | "listTransformQueryConfig", { allowed: string[] }>

/** All that Medusa allows in `fields` of `GET /store/orders/:id`. */
export const ONE_FIELDS = config.retrieveTransformQueryConfig.allowed
/** All that it allows in `fields` of `GET /store/orders`. */
export const LIST_FIELDS = config.listTransformQueryConfig.allowed

/** Of those, what leads to rows that can be asked for whole. */
export const RELATIONS = [
  ...[
    "credit_lines",
    "items",
    "items.tax_lines",
    "items.adjustments",
    "items.detail",
    "items.variant",
    "items.product",
  ],
  ...["items.variant.product", "shipping_address", "billing_address", "shipping_methods", "shipping_methods.tax_lines"],
  ...["shipping_methods.adjustments", "payment_collections", "payment_collections.payments", "fulfillments"],
  ...["payment_collections.payment_sessions", "promotions"],
]

/** What storefronts ask for: Medusa's own starter, and what its documentation shows. */
export const STOREFRONTS = {
  one: [
    "*payment_collections.payments,*items,*items.metadata,*items.variant,*items.product",
    "*items,+items.metadata,*items.variant,*items.product,*shipping_methods,*fulfillments",
    "id,display_id,total,currency_code,*items,*shipping_address,customer.email,payment_status,fulfillment_status",
    "id,status,items.title,items.thumbnail,items.total,items.quantity,shipping_methods.name,shipping_methods.total,total",
    "+metadata,+customer_id,+sales_channel_id,*promotions,+cart.id,+customer.email,-items.variant.product",
    "+items.detail.fulfilled_quantity,*items.detail,-payment_collections",
    "id",
  ],
  list: [
    "*items,+items.metadata,*items.variant,*items.product",
    "id,display_id,created_at,total,currency_code,payment_status,fulfillment_status",
    "+email,*shipping_address,*billing_address,*shipping_methods,*payment_collections,*fulfillments",
    "*payment_collections.payments,customer.email,*promotions,cart.id",
    "id",
  ],
}
