import type { PendingQuery, Sql, TransactionSql } from "postgres"
import type { Documents, ProductDocument } from "../catalog/index.ts"
import type { AddressRow, Cart, ProductOfLine } from "./cart.ts"
import { type CartTexts, cartStatement, type Extras, isoOf, itemsOf, itemTaxLinesOf } from "./rows.ts"
import { cartTotals, shown } from "./totals.ts"

export type { Extras } from "./rows.ts"

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
  return await cartFrom(await cartQuery(sql, id, extras), documents, extras)
}

/** The cart's own rows alone: for who does not ask where its products belong. */
export async function readRows(sql: Sql | TransactionSql, id: string): Promise<Cart | typeof ODD | undefined> {
  const [row] = await cartQuery(sql, id)
  return row && cartOf(row)
}

/** @returns the cart that a payment collection belongs to, if it is one's */
export async function cartOfPayment(sql: Sql | TransactionSql, collectionId: string): Promise<string | undefined> {
  const [row] = await (sql as Sql)<{ cart_id: string }[]>`
    select cart_id from cart_payment_collection where payment_collection_id = ${collectionId} and deleted_at is null`
  return row?.cart_id
}

/** The statement of `readCart`, to be sent with others. */
export function cartQuery(sql: Sql | TransactionSql, id: string, extras: Extras = {}): PendingQuery<CartTexts[]> {
  return sql.unsafe<CartTexts[]>(cartStatement(extras), [id], { prepare: true })
}

/** What `readCart` makes of its statement's answer. */
export async function cartFrom(
  [row]: readonly CartTexts[],
  documents: Documents,
  extras: Extras = {},
): Promise<Cart | typeof ODD | undefined> {
  if (!row) return undefined
  const cart = cartOf(row)
  if (cart === ODD) return ODD
  if (extras.products === "places" && !(await placeProducts(cart.items, documents))) return ODD
  return cart
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
  const [row] = await sql.unsafe<CartTexts[]>(cartStatement({}), [id], { prepare: true })
  if (!row) return { item_total: 0, total: 0 }
  const cart = { ...(JSON.parse(row.cart) as Pick<Cart, "currency_code">), ...linesOf(row) }
  const { item_total, total } = cartTotals(cart, digitsOf(cart.currency_code)).cart
  return { item_total: shown(item_total), total: shown(total) }
}

/** @returns whether every product was found */
async function placeProducts(items: Cart["items"], documents: Documents): Promise<boolean> {
  const ids = [...new Set(items.flatMap((it) => it.product_id ?? []))]
  const found = new Map((await documents.get(ids)).map((it) => [it.product_id, placesOf(it.product)]))
  for (const item of items) {
    const product = item.product_id === null ? undefined : found.get(item.product_id)
    if (product) item.product = product
  }
  return ids.every((id) => found.has(id))
}

function placesOf({ id, collection_id, type_id, categories, tags }: ProductDocument["product"]): ProductOfLine {
  const ids = (rows: { id: string }[]) => rows.map((it) => ({ id: it.id }))
  return { id, collection_id, type_id, categories: ids(categories), tags: ids(tags) }
}

type Row = Record<string, unknown>

/** A cart as Medusa has it: times in ISO, and no relation that leads nowhere. */
function cartOf(row: CartTexts): Cart | typeof ODD {
  // Null where the link leads to one that is deleted.
  const payments = (parsed<(Payment | null)[]>(row.payments) ?? []).filter((it) => it !== null)
  if (payments.length > 1) return ODD
  const state = parsed<{ version: number; handed_over: string | null; handovers: number }>(row.state)
  const promotions = parsed<[string, [Row, Row | null] | null][]>(row.promotions) ?? []
  const customer = timed(parsed<NonNullable<Cart["customer"]>>(row.customer))
  const [payment] = payments
  const cart: Cart = {
    ...timed(JSON.parse(row.cart) as Cart),
    version: !state ? 0 : state.handed_over === null ? state.version : null,
    handovers: state?.handovers ?? 0,
    hold: row.hold,
    owner: row.owner,
    shipping_address: timed(parsed<AddressRow>(row.shipping_address)),
    billing_address: timed(parsed<AddressRow>(row.billing_address)),
    ...linesOf(row),
    promotion_links: promotions.map(([id]) => id),
    promotions: promotions.map(([, it]) => it && timed({ ...it[0], application_method: it[1] })) as Cart["promotions"],
  }
  if (customer) cart.customer = { ...customer, groups: idsOf(row.groups) }
  if (payment) cart.payment_collection = paymentCollectionOf(payment)
  link(cart.items, row)
  return cart
}

function linesOf(row: CartTexts): Pick<Cart, "items" | "shipping_methods" | "credit_lines"> {
  const items = itemsOf(parsed(row.items) ?? [])
  const methods = (parsed<[Row, Row[] | null, Row[] | null][]>(row.methods) ?? []).map(
    ([method, tax_lines, adjustments]) => ({
      ...timed(method),
      tax_lines: (tax_lines ?? []).map(timed),
      adjustments: (adjustments ?? []).map(timed),
    }),
  )
  attach(items, "tax_lines", itemTaxLinesOf(parsed(row.item_tax_lines) ?? []))
  attach(items, "adjustments", timedAll(row.item_adjustments))
  return {
    items: items as unknown as Cart["items"],
    shipping_methods: methods as unknown as Cart["shipping_methods"],
    credit_lines: timedAll(row.credit_lines) as Cart["credit_lines"],
  }
}

/** Gives each line those of the parts that are its own. */
function attach(lines: Row[], name: "tax_lines" | "adjustments", parts: Row[]): void {
  const lists = new Map<unknown, Row[]>()
  for (const line of lines) {
    const own: Row[] = []
    line[name] = own
    lists.set(line.id, own)
  }
  for (const part of parts) lists.get(part.item_id)?.push(part)
}

/** Gives lines their products and variants, where those were read. */
function link(items: Cart["items"], row: CartTexts): void {
  const variants = new Map(timedAll(row.variants).map((it) => [it.id, it]))
  const products = new Map(
    (parsed<[Row, string[] | null, string[] | null][]>(row.products) ?? []).map(([product, categories, tags]) => {
      const ids = (them: string[] | null) => (them ?? []).map((id) => ({ id }))
      return [product.id, { ...timed(product), categories: ids(categories), tags: ids(tags) } as ProductOfLine]
    }),
  )
  for (const item of items) {
    const product = products.get(item.product_id)
    if (product) item.product = product
    const variant = variants.get(item.variant_id)
    if (variant) item.variant = variant
  }
}

/** A collection, and its sessions with the ids of what they paid. */
type Payment = [Row, [Row, string | null][] | null]
function paymentCollectionOf([collection, sessions]: Payment) {
  return {
    ...timed(pick(collection, COLLECTION_COLUMNS)),
    payment_sessions: (sessions ?? []).map(([session, payment]) => ({
      ...timed(pick(session, SESSION_COLUMNS)),
      payment: payment === null ? null : { id: payment },
    })),
  } as unknown as NonNullable<Cart["payment_collection"]>
}

const pick = (row: Row, names: readonly string[]) => Object.fromEntries(names.map((name) => [name, row[name]]))
/** Those that Medusa's models have: the tables have others, left by its older versions. */
const COLLECTION_COLUMNS =
  `id currency_code completed_at status metadata amount authorized_amount captured_amount refunded_amount raw_amount
  raw_authorized_amount raw_captured_amount raw_refunded_amount created_at updated_at deleted_at`.split(/\s+/)
const SESSION_COLUMNS =
  `id currency_code provider_id data context status authorized_at payment_collection_id metadata amount raw_amount
  created_at updated_at deleted_at`.split(/\s+/)

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))
const timedAll = (text: string | null): Row[] => (parsed<Row[]>(text) ?? []).map(timed)
const idsOf = (text: string | null) => (parsed<string[]>(text) ?? []).map((id) => ({ id }))

function timed<T extends object | null>(row: T): T {
  if (row === null) return row
  const columns = row as Row
  for (const name of TIMES) {
    const time = columns[name]
    if (typeof time === "string") columns[name] = isoOf(time)
  }
  return row
}
const TIMES = ["created_at", "updated_at", "completed_at", "authorized_at"]
