/** What a name means wherever it stands in the API, for schemas that do not say it themselves. */
interface Word {
  /** As a parameter. */
  description?: string
  example?: unknown
}

const ULID = "01M7ZRVFH8HMMAP027Z42YKK0G"

const filter = (what: string, example?: unknown): Word => ({ description: `Only those with this ${what}.`, example })
const moment = (what: string): Word => ({
  description: `When it was ${what}: a time, or operators on one, as in \`${what}_at[$gte]=2026-11-01T00:00:00Z\`.`,
  example: "2026-11-20T08:00:00.000Z",
})

export const WORDS: Record<string, Word> = {
  limit: { description: "How many to answer with at the most.", example: 20 },
  offset: { description: "How many to leave out before them.", example: 0 },
  count: { example: 1 },
  order: { description: "A column; from last to first with `-`.", example: "-created_at" },
  fields: { description: "Fields to answer with; `+ - *` as in Medusa.", example: "id" },
  q: { description: "Words to look for.", example: "lámpara" },
  $and: { description: "Groups of filters, all of which must hold." },
  $or: { description: "Groups of filters, one of which must hold." },
  sort: { description: "By what hits are sorted; from last to first with `-`." },
  for: { description: "Who asks: `lanes` leaves Medusa out.", example: "lanes" },

  region_id: { description: "For whose prices: the region that the caller buys in." },
  country_code: { description: "For whose taxes: the country, in two letters.", example: "es" },
  province: { description: "For whose taxes: the province within the country.", example: "es-md" },
  cart_id: { description: "For the cart's region and customer; of shipping, the cart that is to be sent." },
  sales_channel_id: { description: "Only these of the key's sales channels." },
  currency_code: { ...filter("currency", "eur") },
  barcode: { description: "What stands under the bars: barcode, EAN or UPC.", example: "8437000000013" },
  sku: { ...filter("SKU, letter for letter", "CAMISETA-M-AZUL") },
  lat: { description: "Where the caller is, in degrees north.", example: "40.4226" },
  lng: { description: "Where the caller is, in degrees east.", example: "-3.6991" },
  price_min: { description: "Only what costs this much or more.", example: "10" },
  price_max: { description: "Only what costs this much or less.", example: "49.90" },
  is_return: { description: "`true`: the ways back to the shop.", example: "false" },
  is_giftcard: { description: "`true`: gift cards only; `false`: none." },
  is_done: { description: "`false`: only those that are still to be done.", example: "false" },
  manage_inventory: { description: "Only those whose stock is counted, or is not." },
  allow_backorder: { description: "Only those that may be ordered when there are none, or may not." },
  cursor: { description: "From the end of the last answer; without it the catalog begins anew." },
  "last-event-id": { description: "The id of the last event that arrived; browsers send it by themselves." },

  id: { description: "Only those with this id, or with one of several." },
  code: { description: "Its code, such as `eur`.", example: "eur" },
  title: filter("title", "Camiseta"),
  name: filter("name", "España"),
  value: filter("value", "vegano"),
  handle: filter("handle", "camiseta-de-algodon"),
  description: { ...filter("description", "Algodón orgánico, hecho en Portugal.") },
  external_id: filter("id in another system", "erp-1042"),
  status: { description: "Only those in this state, or in one of several." },
  collection_id: { description: "Only what is in this collection, or in one of several." },
  category_id: { description: "Only what is in this category, or in one of several." },
  type_id: { description: "Only what is of this type, or of one of several." },
  tag_id: { description: "Only what has this tag, or one of several." },
  option_id: { description: "Only what has this option, or one of several." },
  option_value_id: { description: "Only what has this value of an option, or one of several." },
  product_id: { description: "Only those of this product, or of one of several." },
  parent_category_id: { description: "Only those right below this category; `null`: the roots." },
  variant_id: { description: "Only those of this variant, or of one of several." },
  inventory_item_id: { description: "Only those of this inventory item, or of one of several." },
  location_id: { description: "Only those at this stock location, or at one of several." },
  stock_location_id: { description: "Only those of this stock location, or of one of several." },
  channel_id: { description: "Only those of this channel, or of one of several.", example: `chan_${ULID}` },
  till_id: { description: "Only those of this till, or of one of several." },
  user_id: { description: "Only this user, or one of several." },
  actor_id: {
    description: "Only what this user, till or channel has done, or one of several.",
    example: `user_${ULID}`,
  },
  kind: { description: "Only those of this kind, or of one of several." },
  role: { description: "Only those with this role, or with one of several." },
  is_active: { description: "`true`: only those that are; `false`: only those that are not." },
  action: { description: "Only this, or one of several." },
  outcome: { description: "Only what was done, or only what was refused." },
  since: { description: "Only from this time on." },
  line_id: { description: "The line's id." },
  event_id: { description: "The event's id." },
  event_type: { description: "Only events of this type, or of one of several.", example: "order.placed" },
  subject_id: { description: "Only what happened to this one, or to one of several: carts, orders, staff, tills." },
  created_at: moment("created"),
  updated_at: moment("updated"),
  deleted_at: moment("deleted"),

  email: { example: "ana@example.com" },
  promo_codes: { example: "BIENVENIDA" },
  phone: { example: "+34 600 123 456" },
  first_name: { example: "Ana" },
  last_name: { example: "Vega" },
  company: { example: "Casa Vega" },
  address_1: { example: "Calle de Hortaleza 12" },
  address_2: { example: "2.º B" },
  city: { example: "Madrid" },
  postal_code: { example: "28004" },
  timezone: { example: "Europe/Madrid" },
  latitude: { example: 40.4226 },
  longitude: { example: -3.6991 },
  distance_km: { example: 1.2 },
  subtitle: { example: "De algodón orgánico" },
  variant_title: { example: "M / Azul" },
  label: { example: "Hogar" },
  thumbnail: { example: "https://shop.example/static/camiseta.jpg" },
  url: { example: "https://shop.example/hooks/mostrador" },
  label_url: { example: "https://carrier.example/labels/ES123.pdf" },
  number: { example: "ES123" },
  quantity: { example: 2 },
  amount: { example: 24.9 },
  unit_price: { example: 24.9 },
  calculated_amount: { example: 24.9 },
  original_amount: { example: 29.9 },
  amount_with_tax: { example: 24.9 },
  total: { example: 12 },
  available: { example: 5 },
  inventory_quantity: { example: 12 },
  stocked_quantity: { example: 14 },
  reserved_quantity: { example: 3 },
  held_quantity: { example: 1 },
  available_quantity: { example: 11 },
  payment_status: { example: "authorized" },
  fulfillment_status: { example: "not_fulfilled" },
  display_id: { example: 1042 },
  version: { example: 1 },
  locale: { example: "es-ES" },
  message: { example: "The stock ran out while it was paid." },
  reason: { example: "fulfillment_started" },
  error: { example: null },
  response_status: { example: 200 },
  response_body: { example: "ok" },
  last_failure: { example: null },
  token: { example: "eyJhbGciOiJIUzI1NiJ9.e30.VGhlIHNpZ25hdHVyZQ" },
  secret: { example: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" },
  duration_ms: { example: 41 },
  processing_time_ms: { example: 4 },
  score: { example: 0.92 },
  skip: { example: 0 },
  take: { example: 20 },
  days: { example: 30 },
  attempts: { example: 1 },
  waiting: { example: 0 },
  dead: { example: 0 },
  events: { example: 12 },
  within_minutes: { example: 60 },
  key: { example: "0-50" },
  min: { example: 9.9 },
  max: { example: 149 },
}

/** What the ids of a noun begin with. */
const PREFIXES: Record<string, string> = {
  ...{ product: "prod", variant: "variant", product_variant: "variant", collection: "pcol", category: "pcat" },
  ...{ parent_category: "pcat", product_category: "pcat", type: "ptyp", product_type: "ptyp", tag: "ptag" },
  ...{ product_tag: "ptag", option: "opt", option_value: "optval", cart: "cart", order: "order", line: "cali" },
  ...{ line_item: "cali", item: "cali", shipping_method: "casm", shipping_option: "so", region: "reg" },
  ...{ sales_channel: "sc", channel: "chan", location: "sloc", stock_location: "sloc", place: "sloc", customer: "cus" },
  ...{ inventory_item: "iitem", payment_collection: "pay_col", payment_session: "payses", event: "evt" },
  ...{ webhook: "whep", webhook_endpoint: "whep", webhook_replay: "whrp", replay: "whrp", subject: "order" },
  ...{ shipping_address: "caaddr", billing_address: "caaddr" },
  ...{ payment_repair: "prep", catalog_hit: "prod", hit: "prod", after_event: "evt", from_event: "evt" },
}

/** @param noun  as it stands in a path, in a body or in the name of a schema: `product-variants`, `StoreProduct` */
export function idOf(noun: string): string {
  const word = noun
    .replace(/^Store/, "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll("-", "_")
    .replace(/ies$/, "y")
    .replace(/([^s])s$/, "$1")
  if (word === "provider") return "pp_system_default"
  return `${PREFIXES[word] ?? word}_${ULID}`
}
