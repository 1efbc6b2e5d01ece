import type { SearchDocument, SearchQuery } from "../../../../src/commerce/search/engine.ts"

/** A product of the tests, with what is said of it and nothing else. */
export function product(id: string, more: Partial<SearchDocument> = {}): SearchDocument {
  return {
    id,
    title: id,
    subtitle: null,
    description: null,
    handle: id,
    thumbnail: null,
    status: "published",
    created_at: Date.parse("2026-01-01"),
    updated_at: Date.parse("2026-01-01"),
    collection_id: null,
    collection_title: null,
    type_id: null,
    type: null,
    tag_ids: [],
    tags: [],
    category_ids: [],
    categories: [],
    options: [],
    option_value_ids: [],
    skus: [],
    barcodes: [],
    variant_ids: [],
    sales_channel_ids: ["web"],
    price: {},
    in_stock_sales_channel_ids: [],
    in_stock_location_ids: [],
    ...more,
  }
}

/** A search of the web store, with what is said of it and nothing else. */
export const query = (more: Partial<SearchQuery> = {}): SearchQuery => ({
  channels: ["web"],
  q: "",
  facets: [],
  disjunctive: false,
  match: "all",
  typos: true,
  order: [],
  skip: 0,
  take: 20,
  ...more,
})

/** A small shop. */
export const SHOP: SearchDocument[] = [
  product("camisa", {
    title: "Camisa de lino",
    description: "Fresca y ligera, para los días largos del verano junto al mar, con botones de nácar y cuello mao.",
    tags: ["Verano", "Lino"],
    category_ids: ["cat_ropa", "cat_camisas"],
    categories: ["Camisas"],
    options: ["Color:Azul cielo", "Color:Blanco", "Talla:M"],
    skus: ["CAM-LINO-M", "CAM-LINO-L"],
    barcodes: ["8412345678905"],
    price: { eur: 39.9, gbp: 35 },
    in_stock_sales_channel_ids: ["web"],
    created_at: Date.parse("2026-03-01"),
  }),
  product("mantel", {
    title: "Mantel de lino",
    subtitle: "Para la mesa grande",
    tags: ["Lino"],
    category_ids: ["cat_casa"],
    categories: ["Casa"],
    options: ["Color:Blanco"],
    skus: ["MAN-1"],
    price: { eur: 59 },
    collection_id: "col_1",
    collection_title: "Mesa",
    created_at: Date.parse("2026-02-01"),
  }),
  product("lampara", {
    title: "Lámpara de pie",
    description: "Campana de vidrio: una luz que se mueve. También en lino crudo.",
    category_ids: ["cat_casa"],
    categories: ["Casa"],
    options: ["Color:Negro"],
    skus: ["LAM 7"],
    price: { eur: 120 },
    in_stock_sales_channel_ids: ["web", "till"],
    in_stock_location_ids: ["loc_madrid"],
  }),
  product("vela", {
    title: 'Vela "Siesta" \\ noche',
    type: "Regalo",
    price: { eur: 12 },
    sales_channel_ids: ["web", "till"],
  }),
  product("secreto", {
    title: "Camisa secreta de lino",
    price: { eur: 1 },
    skus: ["SECRET-1"],
    sales_channel_ids: ["till"],
  }),
]
