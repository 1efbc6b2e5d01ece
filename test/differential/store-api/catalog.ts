import type { Step } from "./step.ts"

/** A list and one of its entries are read in the shop's default way, and in one that a storefront uses. */
export const READS: Step[] = [
  { route: "GET /store/products" },
  {
    route: "GET /store/products",
    query: "region_id=$es&limit=5&offset=3&order=title&fields=*variants.calculated_price",
  },
  { route: "GET /store/products", query: "q=lino&category_id=$category&tag_id=$tag&limit=3" },
  { route: "GET /store/products", query: "limit=2&fields=*variants.calculated_price" },
  { route: "GET /store/products", query: "nothing=1", status: 400 },
  { route: "GET /store/products/:id", params: { id: "$product" } },
  {
    route: "GET /store/products/:id",
    params: { id: "$product" },
    query: "region_id=$gb&fields=title,*variants,%2Bvariants.inventory_quantity,*variants.calculated_price",
  },
  { route: "GET /store/products/:id", params: { id: "prod_unknown" }, status: 404 },

  { route: "GET /store/product-variants", query: "limit=5" },
  { route: "GET /store/product-variants", query: "product_id=$product&region_id=$es&fields=*calculated_price" },
  { route: "GET /store/product-variants", query: "limit=x", status: 400 },
  { route: "GET /store/product-variants/:id", params: { id: "$variant" } },
  { route: "GET /store/product-variants/:id", params: { id: "variant_unknown" }, status: 404 },

  { route: "GET /store/product-options" },
  { route: "GET /store/product-options", query: "id=$option&fields=title" },
  { route: "GET /store/product-options", query: "nothing=1", status: 400 },
  { route: "GET /store/product-options/:id", params: { id: "$option" } },
  { route: "GET /store/product-options/:id", params: { id: "opt_unknown" }, status: 404 },

  { route: "GET /store/product-types" },
  { route: "GET /store/product-types", query: "limit=2&order=value" },
  { route: "GET /store/product-types", query: "nothing=1", status: 400 },
  { route: "GET /store/product-types/:id", params: { id: "$type" } },
  { route: "GET /store/product-types/:id", params: { id: "ptyp_unknown" }, status: 404 },

  { route: "GET /store/product-tags" },
  { route: "GET /store/product-tags", query: "limit=2&order=-value" },
  { route: "GET /store/product-tags", query: "nothing=1", status: 400 },
  { route: "GET /store/product-tags/:id", params: { id: "$tag" } },
  { route: "GET /store/product-tags/:id", params: { id: "ptag_unknown" }, status: 404 },

  { route: "GET /store/product-categories" },
  { route: "GET /store/product-categories", query: "parent_category_id=null&include_descendants_tree=true" },
  { route: "GET /store/product-categories", query: "nothing=1", status: 400 },
  { route: "GET /store/product-categories/:id", params: { id: "$category" } },
  { route: "GET /store/product-categories/:id", params: { id: "$category" }, query: "include_ancestors_tree=true" },
  { route: "GET /store/product-categories/:id", params: { id: "pcat_unknown" } }, // Medusa answers `{}`

  { route: "GET /store/collections" },
  { route: "GET /store/collections", query: "limit=1&order=-handle&fields=title" },
  { route: "GET /store/collections", query: "nothing=1", status: 400 },
  { route: "GET /store/collections/:id", params: { id: "$collection" } },
  { route: "GET /store/collections/:id", params: { id: "pcol_unknown" }, status: 404 },

  { route: "GET /store/regions" },
  { route: "GET /store/regions", query: "currency_code=eur&fields=name,*countries" },
  { route: "GET /store/regions", query: "nothing=1", status: 400 },
  { route: "GET /store/regions/:id", params: { id: "$fr" } },
  { route: "GET /store/regions/:id", params: { id: "reg_unknown" }, status: 404 },

  { route: "GET /store/currencies" },
  { route: "GET /store/currencies", query: "code=gbp" },
  { route: "GET /store/currencies", query: "nothing=1", status: 400 },
  { route: "GET /store/currencies/:code", params: { code: "eur" } },
  { route: "GET /store/currencies/:code", params: { code: "xxx" }, status: 404 },

  { route: "GET /store/payment-providers", query: "region_id=$es" },
  { route: "GET /store/payment-providers", status: 400 },

  { route: "GET /store/return-reasons" },
  { route: "GET /store/return-reasons", query: "nothing=1", status: 400 },
  { route: "GET /store/return-reasons/:id", params: { id: "$return_reason" } },
  { route: "GET /store/return-reasons/:id", params: { id: "rr_unknown" } }, // `{}` too

  {
    route: "GET /store/locales",
    status: 404,
    impossible:
      "Medusa serves it with the feature flag `translation` only, which is off unless a merchant turns it on.",
  },

  {
    route: "POST /store/search",
    body: { entity: "customer" },
    status: 404,
    impossible:
      "Medusa opens no search index to shoppers unless the merchant does so in code, with `configureStoreSearch`; that of products is the counter's own, see test/channels/store/search.test.ts.",
  },
  ...[
    {},
    { queries: [] },
    { queries: "all" },
    { queries: Array(21).fill({ entity: "product" }) },
    { queries: [{}] },
    { entity: "" },
    { entity: 5 },
    { entity: "product", colour: "blue" },
    { entity: "product", fields: "title" },
    { entity: "product", filters: [] },
    { entity: "product", pagination: { take: 101 } },
    { entity: "product", pagination: { skip: -1 } },
    { entity: "product", pagination: { order: { title: "UP" } } },
    { entity: "product", search_options: { match_strategy: "some" } },
    { entity: "product", search_options: { facets: [{ field: "title", type: "range" }] } },
    { entity: "product", search_options: { highlight: { fields: "title" } } },
    { entity: "product", search_options: { provider_options: {} } },
    { queries: [{ entity: "product" }], entity: "product" },
  ].map((body): Step => ({ route: "POST /store/search", body, status: 400 })),
]
