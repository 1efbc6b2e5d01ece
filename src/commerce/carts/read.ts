import type { Sql, TransactionSql } from "postgres"
import type { Documents } from "../catalog/index.ts"
import type { Cart } from "./cart.ts"
import { cartTotals, shown } from "./totals.ts"

/** What is not read unless somebody asks for it. */
export interface Extras {
  /** The lines' variants, with all their columns. */
  variants?: boolean
  /** Of the lines' products where they belong, which is in memory, or all their columns. */
  products?: "places" | "columns"
}

/** A cart that is as it is in few shops, and Medusa alone knows how it shows that. */
export const ODD = "odd"

/**
 * Reads a cart with all its rows: one statement, each table by an index.
 *
 * Lists come in no order, as in Medusa, which asks for them without one.
 *
 * @param documents  tells where products belong: their categories, tags, collection and type
 * @returns undefined when there is none; `ODD` when it has more than one payment collection, or a product that is gone
 * @source Medusa 2.21 `cart/dist/services/cart-module.js` and the links of `link-modules`
 */
export async function readCart(
  sql: Sql | TransactionSql,
  documents: Documents,
  id: string,
  extras: Extras = {},
): Promise<Cart | typeof ODD | undefined> {
  const [row] = await sql.unsafe<{ cart: string }[]>(statement(extras), [id], { prepare: true })
  if (!row) return undefined
  const { payment_collections, state, ...columns } = JSON.parse(row.cart) as Cart & {
    payment_collections: NonNullable<Cart["payment_collection"]>[]
    state: { version: number; handed_over: string | null } | null
  }
  const cart: Cart = { ...columns, version: !state ? 0 : state.handed_over === null ? state.version : null }
  if (payment_collections.length > 1) return ODD
  if (extras.products === "places" && !(await placeProducts(cart.items, documents))) return ODD
  const [payment_collection] = payment_collections
  return asMedusaHasIt(payment_collection ? { ...cart, payment_collection } : cart)
}

/**
 * What a cart comes to, as prices that hang on it see it: 0 when it is not there.
 *
 * @param digitsOf  the decimal digits of a currency
 */
export async function readCartTotals(
  sql: Sql | TransactionSql,
  id: string,
  digitsOf: (currency: string) => number | undefined,
): Promise<{ item_total: number; total: number }> {
  const [row] = await sql.unsafe<{ cart: string }[]>(statement({}), [id], { prepare: true })
  if (!row) return { item_total: 0, total: 0 }
  const cart = JSON.parse(row.cart) as Cart
  const { item_total, total } = cartTotals(cart, digitsOf(cart.currency_code)).cart
  return { item_total: shown(item_total), total: shown(total) }
}

/** @returns whether every product was found */
async function placeProducts(items: Cart["items"], documents: Documents): Promise<boolean> {
  const ids = [...new Set(items.flatMap((it) => it.product_id ?? []))]
  const found = new Map((await documents.get(ids)).map((it) => [it.product_id, it.product]))
  for (const item of items) {
    const product = item.product_id === null ? undefined : found.get(item.product_id)
    if (!product) continue
    const { id, collection_id, type_id, categories, tags } = product
    const ids = (rows: { id: string }[]) => rows.map((it) => ({ id: it.id }))
    item.product = { id, collection_id, type_id, categories: ids(categories), tags: ids(tags) }
  }
  return ids.every((id) => found.has(id))
}

/** Times in ISO, and no relation that leads nowhere. */
function asMedusaHasIt(cart: Cart): Cart {
  const { customer, payment_collection } = cart
  const lines = [...cart.items, ...cart.shipping_methods]
  const rows = [cart, cart.shipping_address, cart.billing_address, customer, payment_collection, ...cart.credit_lines]
  const more = [...cart.promotions, ...(payment_collection?.payment_sessions ?? [])]
  for (const row of [...rows, ...more, ...lines]) if (row) showTimes(row)
  for (const { tax_lines, adjustments } of lines) for (const row of [...tax_lines, ...adjustments]) showTimes(row)
  for (const item of cart.items as { product?: object; variant?: object }[]) {
    for (const name of ["product", "variant"] as const) {
      if (item[name]) showTimes(item[name])
      else delete item[name]
    }
  }
  if (!customer) delete cart.customer
  return cart
}

function showTimes(row: object): void {
  const columns = row as Record<string, unknown>
  for (const name of TIMES) {
    const time = columns[name]
    if (typeof time === "string") columns[name] = new Date(time).toISOString()
  }
}
const TIMES = ["created_at", "updated_at", "completed_at", "authorized_at"]

const list = (select: string) => `coalesce((select json_agg(row_to_json(it)) from (${select}) it), '[]')`
const one = (select: string) => `(select row_to_json(it) from (${select}) it)`

const statements = new Map<string, string>()
function statement(extras: Extras): string {
  const key = JSON.stringify(extras)
  const known = statements.get(key)
  if (known) return known
  const made = cartStatement(extras)
  statements.set(key, made)
  return made
}

function cartStatement({ variants, products }: Extras): string {
  const taxLines = (table: string, parent: string) =>
    list(`select * from ${table} where deleted_at is null and ${parent} = row.id`)
  const product = `
    select product.*,
      ${list(`select category.id from product_category_product link
        join product_category category on category.id = link.product_category_id and category.deleted_at is null
        where link.product_id = product.id`)} as categories,
      ${list(`select tag.id from product_tags link
        join product_tag tag on tag.id = link.product_tag_id and tag.deleted_at is null
        where link.product_id = product.id`)} as tags
    from product where product.id = row.product_id and product.deleted_at is null`
  const items = `
    select row.*,
      ${taxLines("cart_line_item_tax_line", "item_id")} as tax_lines,
      ${taxLines("cart_line_item_adjustment", "item_id")} as adjustments,
      ${products === "columns" ? one(product) : "null"} as product
      ${variants ? `, ${one("select * from product_variant where id = row.variant_id and deleted_at is null")} as variant` : ""}
    from cart_line_item row where row.deleted_at is null and row.cart_id = cart.id`
  const methods = `
    select row.*,
      ${taxLines("cart_shipping_method_tax_line", "shipping_method_id")} as tax_lines,
      ${taxLines("cart_shipping_method_adjustment", "shipping_method_id")} as adjustments
    from cart_shipping_method row where row.deleted_at is null and row.cart_id = cart.id`
  const customer = `
    select customer.*,
      ${list(`select it.id from customer_group_customer link
        join customer_group it on it.id = link.customer_group_id and it.deleted_at is null
        where link.customer_id = customer.id order by link.id`)} as groups
    from customer where customer.id = cart.customer_id and customer.deleted_at is null`
  const promotion = `
    select promotion.*,
      ${one(`select method.* from promotion_application_method method
        where method.promotion_id = promotion.id and method.deleted_at is null`)} as application_method
    from promotion where promotion.id = link.promotion_id and promotion.deleted_at is null`
  const promotions = `
    coalesce((select json_agg(${one(promotion)}) from cart_promotion link
      where link.deleted_at is null and link.cart_id = cart.id), '[]')`
  const sessions = `
    select ${SESSION_COLUMNS}, case when payment.id is not null then json_build_object('id', payment.id) end as payment
    from payment_session session left join payment on payment.payment_session_id = session.id
    where session.payment_collection_id = collection.id and session.deleted_at is null`
  const payments = `
    select ${COLLECTION_COLUMNS}, ${list(sessions)} as payment_sessions
    from cart_payment_collection link
    join payment_collection collection on collection.id = link.payment_collection_id and collection.deleted_at is null
    where link.cart_id = cart.id and link.deleted_at is null`
  const address = (kind: string) =>
    one(`select * from cart_address where id = cart.${kind}_address_id and deleted_at is null`)
  return `
    select row_to_json(it)::text as cart from (
      select cart.*,
        ${list(items)} as items, ${list(methods)} as shipping_methods,
        ${list("select * from credit_line where deleted_at is null and cart_id = cart.id")} as credit_lines,
        ${address("shipping")} as shipping_address, ${address("billing")} as billing_address,
        ${one("select version, handed_over from mostrador.cart_state where cart_id = cart.id")} as state,
        ${one(customer)} as customer, ${promotions} as promotions, ${list(payments)} as payment_collections
      from cart where id = $1 and deleted_at is null) it`
}

const columnsOf = (table: string, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${table}.${name}`)
    .join(", ")
/** Those that Medusa's models have: the tables have others, left by its older versions. */
const COLLECTION_COLUMNS = columnsOf(
  "collection",
  `id currency_code completed_at status metadata amount authorized_amount captured_amount refunded_amount raw_amount
   raw_authorized_amount raw_captured_amount raw_refunded_amount created_at updated_at deleted_at`,
)
const SESSION_COLUMNS = columnsOf(
  "session",
  `id currency_code provider_id data context status authorized_at payment_collection_id metadata amount raw_amount
   created_at updated_at deleted_at`,
)
