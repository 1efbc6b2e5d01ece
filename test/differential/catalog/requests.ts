import fc from "fast-check"
import { demo } from "../../support/counter.ts"
import type { Ids } from "./shop.ts"

/** Words of `fields`, of products and of variants, sense and nonsense. */
const PRODUCT_FIELDS = [
  ...["id", "title", "handle", "status", "metadata", "type_id", "created_at", "deleted_at", "nothing", "*nothing", " "],
  ...["constructor.name", "+__proto__.x", "__proto__", "toString"],
  ...["*variants", "*variants.options", "variants.title", "variants.sku", "variants.options.value", "*variants.images"],
  ...["*variants.calculated_price", "variants.calculated_price", "+variants.inventory_quantity", "+variants.thumbnail"],
  ...["variants.inventory_quantity", "*options", "*options.values", "options.title", "options.values.value", "options"],
  ...["*type", "type.value", "type", "*collection", "collection.title", "collection", "*tags", "tags.value", "tags"],
  ...["*images", "images.url", "images", "*categories", "+categories", "categories.name", "sales_channels.id"],
  ...["+metadata", "+status", "-options", "-variants", "-images", "-type", "-title", "-variants.options", "-id"],
  ...[
    "+variants.manage_inventory",
    "*variants.prices",
    "variants.inventory_items.required_quantity",
    "variants.prices",
  ],
]
const VARIANT_FIELDS = [
  ...["id", "title", "sku", "barcode", "metadata", "variant_rank", "product_id", "deleted_at", "nothing", "*nothing"],
  ...["constructor.name", "+__proto__.x", "__proto__", "toString"],
  ...[
    "*options",
    "options.value",
    "*images",
    "images.url",
    "product.id",
    "product.type_id",
    "*product",
    "product.title",
  ],
  ...["*calculated_price", "calculated_price", "+inventory_quantity", "inventory_quantity", "+deleted_at", "-options"],
  ...["-images", "-product", "-metadata", "-title", "*inventory_items", "*options.option", " "],
]
const fieldsOf = (names: string[]) =>
  fc.uniqueArray(fc.constantFrom(...names), { maxLength: 5 }).map((it) => it.join(","))

const param = <T>(name: string, value: fc.Arbitrary<T>) => value.map((it) => [name, String(it)] as [string, string])
const count = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }).map(String) },
  fc.constantFrom("0", "abc", "1.5", "", "90", "-1"),
)
const moments = ["2020-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z", "null", "yesterday", "2026-02-31T00:00:00Z"]

/** Who asks, and from where. */
function context() {
  const regions = Object.values(demo().regions)
  const channels = Object.values(demo().channels).map((it) => it.sales_channel_id)
  return [
    { weight: 6, arbitrary: param("region_id", fc.constantFrom(...regions, ...regions, "reg_none", "")) },
    { weight: 3, arbitrary: param("country_code", fc.constantFrom("es", "fr", "gb", "ES", "us", "xx")) },
    { weight: 1, arbitrary: param("province", fc.constantFrom("es-cn", "Madrid")) },
    { weight: 1, arbitrary: param("sales_channel_id", fc.constantFrom(...channels)) },
    { weight: 1, arbitrary: param("currency_code", fc.constantFrom("eur")) },
    { weight: 1, arbitrary: param("locale", fc.constantFrom("es-ES")) },
  ]
}

const text = (params: [string, string][]) =>
  params.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")
const parameters = (...options: { weight: number; arbitrary: fc.Arbitrary<[string, string]> }[]) =>
  fc.array(fc.oneof(...options), { maxLength: 5 }).map(text)

/** `/store/products?...` */
export function productList(ids: Ids, carts: string[]): fc.Arbitrary<string> {
  const some = (name: string, of: string[]) => [
    { weight: 2, arbitrary: param(name, fc.constantFrom(...of, "none", "null", "")) },
    { weight: 1, arbitrary: param(`${name}[]`, fc.constantFrom(...of)) },
    {
      weight: 1,
      arbitrary: param(`${name}[]`, fc.uniqueArray(fc.constantFrom(...of), { minLength: 2, maxLength: 4 })),
    },
  ]
  return parameters(
    ...context(),
    { weight: 9, arbitrary: param("fields", fieldsOf(PRODUCT_FIELDS)) },
    { weight: 7, arbitrary: param("limit", count) },
    { weight: 4, arbitrary: param("offset", count) },
    {
      weight: 3,
      arbitrary: param(
        "order",
        fc.constantFrom(
          "id",
          "-id",
          "title",
          "-title",
          "handle",
          "created_at",
          "-created_at",
          "updated_at",
          "status",
          "x",
        ),
      ),
    },
    {
      weight: 2,
      arbitrary: param(
        "q",
        fc.constantFrom("lino", "taza azul", "DELANTAL", "%", "_a", "8421147222926", "", "ñ", "a b"),
      ),
    },
    { weight: 1, arbitrary: param("cart_id", fc.constantFrom(...carts, "cart_none")) },
    ...some("id", ids.products),
    ...some("collection_id", ids.collections),
    ...some("category_id", ids.categories),
    ...some("tag_id", ids.tags),
    ...some("type_id", ids.types),
    ...some("option_value_id", ids.optionValues),
    { weight: 1, arbitrary: param("option_id", fc.constantFrom(...ids.options)) },
    ...some("title", ids.titles.slice(0, 20)),
    ...some("handle", ids.handles.slice(0, 20)),
    { weight: 1, arbitrary: param("is_giftcard", fc.constantFrom("true", "false", "maybe")) },
    { weight: 1, arbitrary: param("external_id", fc.constantFrom("null", "x")) },
    { weight: 1, arbitrary: param("created_at[$gt]", fc.constantFrom(...moments)) },
    { weight: 1, arbitrary: param("updated_at[$lte]", fc.constantFrom(...moments)) },
    { weight: 1, arbitrary: param("title[$ilike]", fc.constantFrom("%taza%")) },
    { weight: 1, arbitrary: param("$or[0][handle]", fc.constantFrom(...ids.handles.slice(0, 5))) },
    { weight: 1, arbitrary: param("$or[1][title]", fc.constantFrom(...ids.titles.slice(0, 5))) },
    { weight: 1, arbitrary: param("$and[0][collection_id]", fc.constantFrom(...ids.collections)) },
    { weight: 1, arbitrary: param("variants[sku]", fc.constantFrom(...ids.skus.slice(0, 5))) },
    { weight: 1, arbitrary: param("with_deleted", fc.constantFrom("true", "no")) },
    { weight: 1, arbitrary: param("unknown", fc.constantFrom("1")) },
  ).map((query) => `/store/products?${query}`)
}

/** `/store/products/:id?...` */
export function product(ids: Ids, carts: string[]): fc.Arbitrary<string> {
  const query = parameters(
    ...context(),
    { weight: 9, arbitrary: param("fields", fieldsOf(PRODUCT_FIELDS)) },
    { weight: 1, arbitrary: param("cart_id", fc.constantFrom(...carts, "cart_none")) },
    { weight: 1, arbitrary: param("limit", count) },
  )
  return fc.tuple(fc.constantFrom(...ids.products, "prod_none"), query).map(([id, it]) => `/store/products/${id}?${it}`)
}

/** `/store/product-variants?...` */
export function variantList(ids: Ids, carts: string[]): fc.Arbitrary<string> {
  return parameters(
    ...context(),
    { weight: 9, arbitrary: param("fields", fieldsOf(VARIANT_FIELDS)) },
    { weight: 7, arbitrary: param("limit", count) },
    { weight: 4, arbitrary: param("offset", count) },
    { weight: 2, arbitrary: param("order", fc.constantFrom("id", "-id", "sku", "title", "-created_at", "x")) },
    { weight: 1, arbitrary: param("q", fc.constantFrom("lino", "azul", "TAZA-", "8421147222926", "")) },
    { weight: 2, arbitrary: param("id", fc.constantFrom(...ids.variants, "none")) },
    {
      weight: 2,
      arbitrary: param("id[]", fc.uniqueArray(fc.constantFrom(...ids.variants), { minLength: 2, maxLength: 4 })),
    },
    { weight: 2, arbitrary: param("sku", fc.constantFrom(...ids.skus.slice(0, 30), "none")) },
    { weight: 2, arbitrary: param("product_id", fc.constantFrom(...ids.products, "none")) },
    {
      weight: 1,
      arbitrary: param(
        "product_id[]",
        fc.uniqueArray(fc.constantFrom(...ids.products), { minLength: 2, maxLength: 3 }),
      ),
    },
    { weight: 1, arbitrary: param("manage_inventory", fc.constantFrom("true", "false", "no")) },
    { weight: 1, arbitrary: param("allow_backorder", fc.constantFrom("true", "false")) },
    { weight: 1, arbitrary: param("created_at[$gt]", fc.constantFrom(...moments)) },
    { weight: 1, arbitrary: param("options[value]", fc.constantFrom("Azul marino", "M")) },
    { weight: 1, arbitrary: param("cart_id", fc.constantFrom(...carts, "cart_none")) },
    { weight: 1, arbitrary: param("unknown", fc.constantFrom("1")) },
  ).map((query) => `/store/product-variants?${query}`)
}

/** `/store/product-variants/:id?...` */
export function variant(ids: Ids, carts: string[]): fc.Arbitrary<string> {
  const query = parameters(
    ...context(),
    { weight: 9, arbitrary: param("fields", fieldsOf(VARIANT_FIELDS)) },
    { weight: 1, arbitrary: param("cart_id", fc.constantFrom(...carts, "cart_none")) },
  )
  return fc
    .tuple(fc.constantFrom(...ids.variants, "variant_none"), query)
    .map(([id, it]) => `/store/product-variants/${id}?${it}`)
}
