/** What is not read unless somebody asks for it. */
export interface OrderExtras {
  /** The lines' variants, with their products. */
  variants?: boolean
  /** The lines' products. */
  products?: boolean
  payments?: boolean
  paymentSessions?: boolean
  promotions?: boolean
  customer?: boolean
  cart?: boolean
}

/** What is live, of the order's own version. */
const OF_ORDER = "it.order_id = own.id and it.deleted_at is null and it.version = own.version"
const list = (value: string, from: string) => `(select coalesce(json_agg(${value}), '[]') from ${from})`
const parts = (table: string, parent: string, of: string) =>
  list("part", `${table} part where part.${parent} = ${of} and part.deleted_at is null`)
/** Discounts are of a version, taxes are not. */
const discounts = (table: string, parent: string, of: string) =>
  list("part", `${table} part where part.${parent} = ${of} and part.deleted_at is null and part.version = it.version`)
const one = (table: string, id: string) =>
  `(select row_to_json(it) from ${table} it where it.id = ${id} and it.deleted_at is null)`
/** What a link leads to, of another of Medusa's modules: null where that is deleted. */
const linked = (link: string, table: string, id: string, value = "row_to_json(it)") =>
  list(
    `(select ${value} from ${table} it where it.id = link.${id} and it.deleted_at is null) order by link.${id}`,
    `${link} link where link.order_id = own.id and link.deleted_at is null`,
  )

const VARIANT = `(
  select to_jsonb(variant) || jsonb_build_object('product', product) from product_variant variant
  join product on product.id = variant.product_id and product.deleted_at is null
  where variant.id = line.variant_id and variant.deleted_at is null)`

const PAYMENTS = list("part", "payment part where part.payment_collection_id = it.id and part.deleted_at is null")
/** With the payment that came of it, which Medusa shows even when it is deleted. */
const SESSIONS = list(
  "to_jsonb(part) || jsonb_build_object('payment', (select jsonb_build_object('id', payment.id) from payment where payment.payment_session_id = part.id limit 1))",
  "payment_session part where part.payment_collection_id = it.id and part.deleted_at is null",
)
const PROMOTION = `to_jsonb(it) || jsonb_build_object('application_method', (
  select method from promotion_application_method method
  where method.promotion_id = it.id and method.deleted_at is null))`

/** @returns an expression: the order `own`, a row of `"order"`, as JSON with all that belongs to it, each by an index */
export function orderJson(extras: OrderExtras): string {
  const collection = [
    "to_jsonb(it)",
    ...(extras.payments ? [`jsonb_build_object('payments', ${PAYMENTS})`] : []),
    ...(extras.paymentSessions ? [`jsonb_build_object('payment_sessions', ${SESSIONS})`] : []),
  ].join(" || ")
  const more = [
    ...(extras.promotions ? [["promotions", linked("order_promotion", "promotion", "promotion_id", PROMOTION)]] : []),
    ...(extras.customer ? [["customer", one("customer", "own.customer_id")]] : []),
    ...(extras.cart
      ? [
          [
            "cart",
            `(select json_build_object('id', cart.id) from order_cart link
              join cart on cart.id = link.cart_id and cart.deleted_at is null
              where link.order_id = own.id and link.deleted_at is null limit 1)`,
          ],
        ]
      : []),
  ].map(([name, value]) => `, '${name}', ${value}`)
  return `json_build_object(
    'order', row_to_json(own),
    'summary', (select it.totals from order_summary it where ${OF_ORDER} limit 1),
    'credit_lines', ${list("it", `order_credit_line it where ${OF_ORDER}`)},
    'items', ${list(
      `json_build_object('item', it, 'line', line,
        'tax_lines', ${parts("order_line_item_tax_line", "item_id", "line.id")},
        'adjustments', ${discounts("order_line_item_adjustment", "item_id", "line.id")},
        'variant', ${extras.variants ? VARIANT : "null"}${
          extras.products ? `, 'product', ${one("product", "line.product_id")}` : ""
        }) order by line.created_at, line.id`,
      `order_item it join order_line_item line on line.id = it.item_id and line.deleted_at is null where ${OF_ORDER}`,
    )},
    'shipping_methods', ${list(
      `json_build_object('shipping', it, 'method', method,
        'tax_lines', ${parts("order_shipping_method_tax_line", "shipping_method_id", "method.id")},
        'adjustments', ${discounts("order_shipping_method_adjustment", "shipping_method_id", "method.id")})
        order by method.created_at, method.id`,
      `order_shipping it join order_shipping_method method on method.id = it.shipping_method_id
         and method.deleted_at is null where ${OF_ORDER}`,
    )},
    'shipping_address', ${one("order_address", "own.shipping_address_id")},
    'billing_address', ${one("order_address", "own.billing_address_id")},
    'payment_collections', ${linked("order_payment_collection", "payment_collection", "payment_collection_id", collection)},
    'fulfillments', ${linked("order_fulfillment", "fulfillment", "fulfillment_id")}${more.join("")})`
}
