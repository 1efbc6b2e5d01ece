import type { OrderExtras } from "../../../commerce/orders/index.ts"
import { type FieldSelection, parseFields } from "../fields.ts"
import { compileProjection, type Projection } from "../project.ts"
import { ALLOWED, DEFAULTS, named } from "./names.ts"

/** What the lanes can show whole. */
const RELATIONS = new Set([
  ...["credit_lines", "items", "items.tax_lines", "items.adjustments", "items.detail", "items.variant"],
  ...["items.variant.product", "items.product", "shipping_address", "billing_address", "shipping_methods"],
  ...["shipping_methods.tax_lines", "shipping_methods.adjustments", "payment_collections"],
  ...["payment_collections.payments", "payment_collections.payment_sessions", "fulfillments", "promotions"],
])
/** Relations that the lanes leave to Medusa. */
const LEFT_TO_MEDUSA = /(^|\.)(payment_providers|variant\.options|product\.(variants|options|images))$/
/** By their bare names these ask for nothing: relations of other modules of Medusa's. */
const NOT_BY_NAME = new Set(["items.product", "items.variant", "promotions"])

/** Only these make Medusa compute totals; then the lines' are there, too. */
const MAKE_TOTALS = named(
  "",
  `total subtotal tax_total discount_total discount_tax_total original_total original_tax_total original_subtotal
  item_total item_subtotal item_tax_total original_item_total original_item_subtotal original_item_tax_total
  shipping_total shipping_subtotal shipping_tax_total
  original_shipping_tax_total original_shipping_subtotal original_shipping_total
  credit_line_total credit_line_subtotal credit_line_tax_total`,
)

/** What Medusa's workflows ask for besides, whatever `fields` says, and leave in the answer. */
const ALWAYS = {
  one: { fields: ["id", "status", "version"], relations: ["payment_collections", "fulfillments"] },
  list: { fields: ["id", "status", "version"], relations: ["items"] },
  placed: { fields: [], relations: [] },
}
const STATUS_COLUMNS = [
  ...named("payment_collections.", "status amount captured_amount refunded_amount"),
  ...named("fulfillments.", "packed_at shipped_at delivered_at canceled_at"),
]

/** Ids that Medusa needs to put relations together, and leaves in the answer: of the row, and of what is in it. */
const INJECTED: Record<string, string[]> = {
  customer: ["customer_id", "customer.id"],
  cart: ["cart.id"],
  promotions: ["promotions.id"],
  payment_collections: ["payment_collections.id"],
  fulfillments: ["fulfillments.id"],
  "items.product": ["items.product_id", "items.product.id"],
  "items.variant": ["items.variant_id", "items.variant.id"],
  "items.variant.product": ["items.variant.product_id", "items.variant.product.id"],
  "promotions.application_method": ["promotions.application_method.id"],
}

/** What an answer shows of an order. */
export interface ShownOrder {
  project: Projection
  totals: boolean
  /** Whether Medusa reads the currency, whose decimal digits it otherwise does not know. */
  currency: boolean
  /** Whether an address that is not there is null, and not left out. */
  showsNull(address: string): boolean
  /** What has to be read for it. */
  extras: OrderExtras
  /** Whether this relation, or something of it, is asked for. */
  has(relation: string): boolean
}

/** `placed` is that which completes a cart, and asks for the fields of `one` and for no others. */
export type OrderRoute = keyof typeof ALWAYS

const known: Record<OrderRoute, Map<string | undefined, ShownOrder | undefined>> = {
  ...{ one: new Map(), list: new Map(), placed: new Map() },
}
const MOST_KNOWN = 500

/**
 * Reads `fields`.
 *
 * @param route  where it stands: each has its own defaults, and allows other fields
 * @returns undefined for what only Medusa can answer
 * @source Medusa 2.21 `core-flows/dist/order/workflows/get-order-detail.js`, `get-orders-list.js`, and what they call
 */
export function selectOrder(fields: string | undefined, route: OrderRoute): ShownOrder | undefined {
  const kept = known[route]
  if (kept.has(fields)) return kept.get(fields)
  if (kept.size >= MOST_KNOWN) kept.clear()
  const selection = read(fields, route)
  const made = selection && shownBy(selection, route)
  kept.set(fields, made)
  return made
}

function read(text: string | undefined, route: OrderRoute): FieldSelection | undefined {
  const names = route === "list" ? "list" : "one"
  const always = ALWAYS[route]
  const asked = parseFields(text, DEFAULTS[names])
  const fields = new Set([...asked.fields].filter((it) => ALLOWED[names].has(it) && !NOT_BY_NAME.has(it)))
  const relations = new Set([...asked.relations].filter((it) => ALLOWED[names].has(it)))
  const all = [...fields, ...relations]
  if (all.some((it) => LEFT_TO_MEDUSA.test(it))) return undefined
  const isAbout = (relation: string) => all.some((it) => it.includes(relation))
  for (const name of STATUS_COLUMNS) if (route === "list" && isAbout(name.split(".")[0] ?? "")) fields.add(name)
  for (const name of always.fields) fields.add(name)
  for (const name of always.relations) relations.add(name)
  // By their bare names they ask for what is there anyway.
  for (const name of ["payment_collections", "fulfillments", ...always.relations]) fields.delete(name)
  // Medusa's storefronts ask for this column as if it were a relation, which changes nothing when lines are shown whole.
  if (relations.has("items")) relations.delete("items.metadata")
  const isAnswered = [...relations].every((it) => RELATIONS.has(it)) && [...fields].every((it) => !RELATIONS.has(it))
  // `items.product` alone still makes Medusa show as many lines, of which nothing is there.
  const isBare = !all.some((it) => /^items(\.|$)/.test(it)) && [...asked.fields].some((it) => /^items\./.test(it))
  if (!isAnswered || (isBare && route !== "list") || dependsOnOthers({ fields, relations })) return undefined
  return { fields, relations }
}

/** Whether Medusa shows of something what it happens to have loaded for something else. */
function dependsOnOthers({ fields, relations }: FieldSelection): boolean {
  if (PAYMENTS.every((it) => relations.has(it))) return true
  if (makesTotals(fields)) return false
  // Without totals it loads what is named, and discounts of all versions of the order.
  const all = [...fields, ...relations]
  return (
    all.some((it) => /\.adjustments(\.|$)/.test(it)) ||
    (!relations.has("items") && (relations.has("items.detail") || OF_TWO_ROWS.some((it) => fields.has(it)))) ||
    (!relations.has("shipping_methods") && fields.has("shipping_methods.order_id"))
  )
}

const PAYMENTS = ["payment_collections.payments", "payment_collections.payment_sessions"]
/** What a line has of its row in this version of the order or, where that has none, of its own. */
const OF_TWO_ROWS = named("items.", "quantity unit_price metadata")
const makesTotals = (fields: Set<string>) => MAKE_TOTALS.some((it) => fields.has(it))

function shownBy({ fields, relations }: FieldSelection, route: OrderRoute): ShownOrder {
  const paths = [...relations, ...[...fields].filter((it) => it.includes(".")).map((it) => it.replace(/\.\w+$/, ""))]
  const has = (relation: string) => paths.some((it) => it === relation || it.startsWith(`${relation}.`))
  const injected = Object.entries(INJECTED).flatMap(([relation, ids]) => (has(relation) ? ids : []))
  return {
    has,
    totals: makesTotals(fields),
    showsNull: (address) => route === "list" || !relations.has(address),
    currency: fields.has("currency_code"),
    extras: {
      variants: has("items.variant"),
      products: has("items.product"),
      payments: has("payment_collections.payments"),
      paymentSessions: has("payment_collections.payment_sessions"),
      promotions: has("promotions"),
      customer: has("customer"),
      cart: has("cart"),
    },
    project: compileProjection({ fields: new Set([...fields, ...injected]), relations }),
  }
}
