/** What is not read unless somebody asks for it. */
export interface Extras {
  /** The lines' variants, with all their columns. */
  variants?: boolean
  /** Of the lines' products where they belong, which is in memory, or all their columns. */
  products?: "places" | "columns"
}

/** Names with spaces between, by what is made of their text. */
interface Columns {
  text: string
  number: string
  boolean?: string
  json: string
  time: string
}
type Row = Record<string, unknown>

/**
 * Of the tables of which a cart has many rows, these columns are read as lists of their texts: of rows that it makes
 * into JSON objects, Postgres looks up the type of each column in each row anew, which takes longer than all else.
 */
const ITEM: Columns = {
  text: `id cart_id title subtitle thumbnail variant_id product_id product_title product_description product_subtitle
    product_type product_type_id product_collection product_handle variant_sku variant_barcode variant_title`,
  number: "quantity unit_price compare_at_unit_price",
  boolean: "requires_shipping is_discountable is_giftcard is_tax_inclusive is_custom_price",
  json: "raw_unit_price raw_compare_at_unit_price metadata variant_option_values",
  time: "created_at updated_at deleted_at",
}
const ITEM_TAX_LINE: Columns = {
  text: "id item_id description code provider_id tax_rate_id",
  number: "rate",
  json: "data metadata",
  time: "created_at updated_at deleted_at",
}

const KINDS = ["text", "number", "boolean", "json", "time"] as const
const MADE: Record<(typeof KINDS)[number], (text: string) => unknown> = {
  text: (text) => text,
  number: Number,
  boolean: (text) => text === "true",
  json: JSON.parse,
  time: isoOf,
}
const cellsOf = (columns: Columns) =>
  KINDS.flatMap((kind) => (columns[kind]?.trim().split(/\s+/) ?? []).map((name) => ({ name, made: MADE[kind] })))

const texts = (columns: Columns) =>
  `array[${cellsOf(columns)
    .map(({ name, made }) => (made === MADE.text ? `it.${name}` : `it.${name}::text`))
    .join(", ")}]`

/** @returns what makes rows of lists of texts */
function reader(columns: Columns): (rows: (string | null)[][]) => Row[] {
  const cells = cellsOf(columns)
  return (rows) =>
    rows.map((values) => {
      const row: Row = {}
      let place = 0
      for (const { name, made } of cells) {
        const text = values[place++]
        row[name] = text == null ? null : made(text)
      }
      return row
    })
}
export const itemsOf = reader(ITEM)
export const itemTaxLinesOf = reader(ITEM_TAX_LINE)

/** A time as Medusa shows it: to the millisecond, in UTC. */
export function isoOf(time: string): string {
  const [, day, clock, fraction = ""] = IN_UTC.exec(time) ?? []
  return day ? `${day}T${clock}.${fraction.slice(0, 3).padEnd(3, "0")}Z` : new Date(time).toISOString()
}
/** As Postgres writes it where sessions are in UTC, which is much faster than `Date`. */
const IN_UTC = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?\+00(?::00)?$/

/** The one row of `cartStatement`: JSON, or null where there is nothing. */
export interface CartTexts {
  cart: string
  state: string | null
  hold: "live" | "expired" | null
  owner: string | null
  shipping_address: string | null
  billing_address: string | null
  customer: string | null
  groups: string | null
  /** Lists of texts, for `itemsOf`. */
  items: string | null
  /** Lists of texts, for `itemTaxLinesOf`. */
  item_tax_lines: string | null
  item_adjustments: string | null
  /** Each with its taxes and its discounts. */
  methods: string | null
  credit_lines: string | null
  promotions: string | null
  payments: string | null
  variants: string | null
  products: string | null
}

/** @returns the statement that reads all rows of the cart `$1`, each table by an index */
export function cartStatement(extras: Extras): string {
  const key = `${extras.variants} ${extras.products}`
  const known = statements.get(key)
  if (known) return known
  const made = statementOf(extras)
  statements.set(key, made)
  return made
}
const statements = new Map<string, string>()

const list = (value: string, from: string) => `(select json_agg(${value}) from ${from})::text`

/** Lines of the cart, and what belongs to them. They hang on `$1` alone, so that Postgres runs each once. */
const lines = (table: string, value = "it") =>
  list(value, `${table} it where it.cart_id = $1 and it.deleted_at is null`)
const parts = (lines: string, table: string, parent: string, value = "it") =>
  list(
    value,
    `${lines} line join ${table} it on it.${parent} = line.id and it.deleted_at is null
     where line.cart_id = $1 and line.deleted_at is null`,
  )
const ofLines = (table: string, id: string) =>
  `${table} it where it.deleted_at is null and it.id in (
     select line.${id} from cart_line_item line where line.cart_id = $1 and line.deleted_at is null)`

const METHODS = lines(
  "cart_shipping_method",
  `json_build_array(it, (
     select json_agg(tax) from cart_shipping_method_tax_line tax
     where tax.shipping_method_id = it.id and tax.deleted_at is null
   ), (
     select json_agg(adjustment) from cart_shipping_method_adjustment adjustment
     where adjustment.shipping_method_id = it.id and adjustment.deleted_at is null
   ))`,
)
// What links lead to stands in sub-selects, which take hardly any time where there are no links.
const PROMOTIONS = list(
  `json_build_array(link.id, (
    select json_build_array(it, (
      select row_to_json(method) from promotion_application_method method
      where method.promotion_id = it.id and method.deleted_at is null))
    from promotion it where it.id = link.promotion_id and it.deleted_at is null))`,
  "cart_promotion link where link.cart_id = $1 and link.deleted_at is null",
)
const PAYMENTS = list(
  `(select json_build_array(it, (
      select json_agg(json_build_array(session, payment.id))
      from payment_session session left join payment on payment.payment_session_id = session.id
      where session.payment_collection_id = it.id and session.deleted_at is null))
    from payment_collection it where it.id = link.payment_collection_id and it.deleted_at is null)`,
  "cart_payment_collection link where link.cart_id = $1 and link.deleted_at is null",
)
const GROUPS = list(
  "it.id order by link.id",
  `customer_group_customer link
   join customer_group it on it.id = link.customer_group_id and it.deleted_at is null
   where link.customer_id = cart.customer_id`,
)
const CATEGORIES = `(
  select json_agg(category.id) from product_category_product link
  join product_category category on category.id = link.product_category_id and category.deleted_at is null
  where link.product_id = it.id)`
const TAGS = `(
  select json_agg(tag.id) from product_tags link
  join product_tag tag on tag.id = link.product_tag_id and tag.deleted_at is null
  where link.product_id = it.id)`

function statementOf({ variants, products }: Extras): string {
  const product = `json_build_array(it, ${CATEGORIES}, ${TAGS})`
  return `
    select row_to_json(cart)::text as cart, row_to_json(state)::text as state,
      (select case when expires_at > clock_timestamp() then 'live' else 'expired' end
        from mostrador.stock_hold where cart_id = $1) as hold,
      -- As ownerOfRow has it, of the customer who is read here anyway.
      coalesce((select customer_id from mostrador.cart_owner where cart_id = $1),
        case when customer.has_account then customer.id end) as owner,
      row_to_json(shipping)::text as shipping_address, row_to_json(billing)::text as billing_address,
      row_to_json(customer)::text as customer, ${GROUPS} as groups,
      ${lines("cart_line_item", texts(ITEM))} as items,
      ${parts("cart_line_item", "cart_line_item_tax_line", "item_id", texts(ITEM_TAX_LINE))} as item_tax_lines,
      ${parts("cart_line_item", "cart_line_item_adjustment", "item_id")} as item_adjustments,
      ${METHODS} as methods,
      ${lines("credit_line")} as credit_lines, ${PROMOTIONS} as promotions, ${PAYMENTS} as payments,
      ${variants ? list("it", ofLines("product_variant", "variant_id")) : "null"} as variants,
      ${products === "columns" ? list(product, ofLines("product", "product_id")) : "null"} as products
    from cart
    left join mostrador.cart_state state on state.cart_id = cart.id
    left join cart_address shipping on shipping.id = cart.shipping_address_id and shipping.deleted_at is null
    left join cart_address billing on billing.id = cart.billing_address_id and billing.deleted_at is null
    left join customer on customer.id = cart.customer_id and customer.deleted_at is null
    where cart.id = $1 and cart.deleted_at is null`
}
