import { z } from "zod"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"
import { get, type MeasuredRequest } from "./request.ts"

const PAGE = 20
/** Shoppers look at the first pages of a list. */
const PAGES = 10

const Priced = z.object({ calculated_price: z.object({ calculated_amount: z.number().positive() }) })
const Product = z.object({ variants: z.array(Priced).min(1) })
const Products = z.object({ count: z.number(), products: z.array(Product).min(1) })

const pricedFor = (demo: Demo) => `region_id=${demo.regions.es}&fields=*variants.calculated_price`

/** What a shopper looks at, in this order. */
export const CATALOG_REQUESTS: MeasuredRequest[] = [
  {
    name: "list regions",
    repeatable: true,
    prepare: async () => [get("/store/regions")],
    answer: z.object({ regions: z.array(z.object({ id: z.string() })).min(3) }),
  },
  {
    name: `list ${PAGE} products with prices`,
    repeatable: true,
    prepare: async ({ demo, catalog }) =>
      Array.from({ length: Math.max(1, Math.min(PAGES, Math.floor(catalog.soldOnWeb / PAGE))) }, (_, page) =>
        get(`/store/products?${pricedFor(demo)}&limit=${PAGE}&offset=${page * PAGE}`),
      ),
    answer: Products.extend({ products: z.array(Product).length(PAGE) }),
  },
  {
    name: "search products",
    repeatable: true,
    prepare: async ({ demo, catalog }) =>
      catalog.names.map((name) =>
        get(`/store/products?q=${encodeURIComponent(name)}&${pricedFor(demo)}&limit=${PAGE}`),
      ),
    answer: Products,
  },
  {
    name: "product detail with stock",
    repeatable: true,
    prepare: async ({ demo, catalog }) =>
      catalog.sample.map(({ id }) => get(`/store/products/${id}?${pricedFor(demo)},%2Bvariants.inventory_quantity`)),
    answer: z.object({
      product: Product.extend({
        variants: z.array(Priced.extend({ inventory_quantity: z.number().positive() })).length(4),
      }),
    }),
  },
]
