import type { Extras } from "../../../commerce/carts/index.ts"
import { type FieldSelection, parseFields } from "../fields.ts"
import { compileProjection, type Projection } from "../project.ts"

const named = (prefix: string, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${prefix}${name}`)

const TAX_LINE = "id description code rate provider_id data metadata"
const ADDRESS = `id first_name last_name company address_1 address_2 city postal_code country_code region_code province
  phone`

/** @source Medusa 2.21 `medusa/dist/api/store/carts/query-config.js` */
const DEFAULTS = [
  ...named("", "id currency_code email locale region_id created_at updated_at completed_at metadata sales_channel_id"),
  ...named(
    "",
    `total subtotal tax_total discount_total discount_subtotal discount_tax_total original_total original_tax_total
    item_total item_subtotal item_tax_total item_discount_total original_item_total original_item_subtotal
    original_item_tax_total shipping_total shipping_subtotal shipping_tax_total shipping_discount_total
    original_shipping_tax_total original_shipping_subtotal original_shipping_total
    credit_line_subtotal credit_line_tax_total credit_line_total`,
  ),
  ...named("promotions.", "id code is_automatic is_tax_inclusive"),
  ...named("promotions.application_method.", "value type currency_code"),
  ...named(
    "items.",
    `id thumbnail product variant variant_id product_id is_giftcard product_type_id product_title product_description
    product_subtitle product_type product_collection product_handle variant_sku variant_barcode variant_title
    requires_shipping metadata created_at updated_at title quantity unit_price compare_at_unit_price is_tax_inclusive`,
  ),
  ...named("items.product.", "id collection_id type_id categories.id tags.id"),
  ...named("items.tax_lines.", TAX_LINE),
  ...named("items.adjustments.", "id code promotion_id amount is_tax_inclusive"),
  ...named("customer.", "id email groups.id"),
  ...named("shipping_methods.", "amount is_tax_inclusive shipping_option_id"),
  ...named("shipping_methods.tax_lines.", TAX_LINE),
  ...named("shipping_methods.adjustments.", "id code amount"),
  ...["shipping_address_id", "billing_address_id"],
  ...named("shipping_address.", ADDRESS),
  ...named("billing_address.", ADDRESS),
  ...named("region.", "id name currency_code automatic_taxes"),
  ...["*region.countries", "*payment_collection", "*payment_collection.payment_sessions", "*credit_lines"],
]

const OF_LINE = "total subtotal tax_total discount_total discount_tax_total original_total original_subtotal"
/** What is allowed besides. */
const EXTRAS = [
  ...named("", "items region promotions customer shipping_methods shipping_address billing_address"),
  ...named("items.", `${OF_LINE} original_tax_total item_total item_subtotal item_tax_total cart_id is_discountable`),
  ...named("items.", "tax_lines adjustments"),
  ...named("items.tax_lines.", "item_id total subtotal tax_rate_id created_at updated_at"),
  ...named("items.adjustments.", "cart_id item_id description provider_id created_at updated_at"),
  ...named("", "original_subtotal gift_card_total gift_card_tax_total"),
  ...named("shipping_methods.", `name id cart_id description data metadata ${OF_LINE} original_tax_total created_at`),
  ...named("shipping_methods.", "updated_at tax_lines adjustments"),
  ...named("shipping_methods.tax_lines.", "shipping_method_id total subtotal tax_rate_id created_at updated_at"),
  ...named(
    "shipping_methods.adjustments.",
    "cart_id shipping_method_id description provider_id promotion_id created_at updated_at",
  ),
  ...named("shipping_address.", "created_at updated_at"),
  ...named("billing_address.", "created_at updated_at"),
  "region.countries.id",
  ...named("payment_collection.", "id currency_code amount status payment_providers payment_providers.id"),
  ...named("payment_collection.payment_sessions.", "data id amount currency_code provider_id status"),
]
const ALLOWED = new Set([...DEFAULTS, ...EXTRAS].map((it) => it.replace(/^\*/, "")))

/** What the lane can show whole. */
const RELATIONS = new Set([
  ...["items", "items.product", "items.variant", "items.tax_lines", "items.adjustments", "promotions", "customer"],
  ...["region", "region.countries", "shipping_methods", "shipping_methods.tax_lines", "shipping_methods.adjustments"],
  ...["shipping_address", "billing_address", "payment_collection", "payment_collection.payment_sessions"],
  "credit_lines",
])
/** Relations of other modules of Medusa's: by their bare name they ask for nothing. */
const NOT_BY_NAME = new Set([
  ...["items.product", "items.variant", "region", "promotions", "customer", "payment_collection"],
])
/**
 * Medusa's storefronts ask for these columns as if they were relations, which changes nothing when they are there: with
 * lines that are whole, or as they are shown when nobody says which of their columns. Among columns that somebody names,
 * Medusa sometimes leaves them out.
 */
const COLUMNS_WITH_STAR = new Set(["items.thumbnail", "items.metadata"])

/** Only these make Medusa compute totals; then the lines' are there too. */
const MAKE_TOTALS = named(
  "",
  `total subtotal tax_total discount_total discount_tax_total original_total original_tax_total item_total item_subtotal
  item_tax_total original_item_total original_item_subtotal original_item_tax_total shipping_total shipping_subtotal
  shipping_tax_total original_shipping_tax_total original_shipping_subtotal original_shipping_total`,
)

/** Ids that Medusa needs to put relations together, and leaves in the answer: of the row, and of what is in it. */
const INJECTED: Record<string, string[]> = {
  customer: ["customer_id", "customer.id"],
  region: ["region_id", "region.id"],
  promotions: ["id", "promotions.id"],
  payment_collection: ["id", "payment_collection.id"],
  "items.product": ["items.product_id", "items.product.id"],
  "items.variant": ["items.variant_id", "items.variant.id"],
  shipping_methods: ["shipping_methods.id"],
  credit_lines: ["credit_lines.id"],
  "promotions.application_method": ["promotions.application_method.id"],
  "payment_collection.payment_sessions": ["payment_collection.payment_sessions.id"],
}

/** What a cart's answer shows. */
export interface ShownCart {
  project: Projection
  totals: boolean
  /** What has to be read for it. */
  extras: Extras
  /** Whether this relation, or something of it, is asked for. */
  has(relation: string): boolean
  /** Whether this relation is asked for whole. */
  whole(relation: string): boolean
  /** The columns of this relation that are asked for by name. */
  named(relation: string): ReadonlySet<string>
}

const known = new Map<string | undefined, ShownCart | undefined>()
const MOST_KNOWN = 500

/**
 * Reads `fields`.
 *
 * @returns undefined for what only Medusa can answer
 * @source Medusa 2.21 `framework/dist/http/utils/get-query-config.js`, `query/dist/joiner/compile.js` (`injectJoinKeys`)
 */
export function selectCart(fields: string | undefined): ShownCart | undefined {
  if (known.has(fields)) return known.get(fields)
  if (known.size >= MOST_KNOWN) known.clear()
  const selection = read(fields)
  const made = selection && shownBy(selection)
  known.set(fields, made)
  return made
}

function read(text: string | undefined): FieldSelection | undefined {
  const asked = parseFields(text, DEFAULTS)
  const fields = new Set([...asked.fields].filter((it) => ALLOWED.has(it) && !NOT_BY_NAME.has(it)))
  const relations = new Set([...asked.relations].filter((it) => ALLOWED.has(it)))
  const namesAll = text?.split(",").some((it) => /^[^+\-*\s]/.test(it.trim())) ?? false
  for (const star of COLUMNS_WITH_STAR) {
    if (relations.has(star) && ((fields.has(star) && !namesAll) || relations.has("items"))) relations.delete(star)
  }
  const answered = [...relations].every((it) => RELATIONS.has(it)) && [...fields].every(isColumn)
  // `items.product` alone still makes Medusa show as many lines, of which nothing is there.
  const showsLines = [...fields, ...relations].some((it) => /^items(\.|$)/.test(it))
  const bare = [...asked.fields].some((it) => it.startsWith("items.") && NOT_BY_NAME.has(it))
  return answered && (showsLines || !bare) ? { fields, relations } : undefined
}

const isColumn = (field: string) =>
  !RELATIONS.has(field) && !field.split(".").includes("payment_providers") && field !== "*"

function shownBy({ fields, relations }: FieldSelection): ShownCart {
  const paths = [...relations, ...[...fields].filter((it) => it.includes(".")).map((it) => it.replace(/\.\w+$/, ""))]
  const has = (relation: string) => paths.some((it) => it === relation || it.startsWith(`${relation}.`))
  const products = relations.has("items.product") ? "columns" : has("items.product") ? "places" : undefined
  const names = new Map<string, Set<string>>()
  for (const field of fields) {
    const relation = field.slice(0, Math.max(0, field.lastIndexOf(".")))
    names.set(relation, (names.get(relation) ?? new Set()).add(field.slice(field.lastIndexOf(".") + 1)))
  }
  const injected = Object.entries(INJECTED).flatMap(([relation, ids]) => (has(relation) ? ids : []))
  return {
    has,
    whole: (relation) => relations.has(relation),
    named: (relation) => names.get(relation) ?? NO_NAMES,
    extras: { variants: has("items.variant"), ...(products ? { products } : {}) },
    totals: MAKE_TOTALS.some((it) => fields.has(it)),
    project: compileProjection({ fields: new Set([...fields, ...injected]), relations }),
  }
}
const NO_NAMES: ReadonlySet<string> = new Set()
