import { z } from "zod"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"
import type { Carts } from "./carts.ts"
import type { Catalog } from "./catalog.ts"
import type { Call } from "./load.ts"

/** What requests are made of. */
export interface Shop {
  demo: Demo
  catalog: Catalog
  carts: Carts
}

/** A request of the table in the design, as a shop sends it. */
export interface MeasuredRequest {
  name: string
  /** Whether a call may be sent again; one that changes its cart may not. */
  repeatable: boolean
  /** Medusa has no such request. */
  onlyCounter?: boolean
  /**
   * Makes calls, and the state that they need; outside of the measured time.
   *
   * @param count  how many different ones are wanted; those that may be repeated can be fewer
   */
  prepare(shop: Shop, count: number): Promise<Call[]>
  /** What a right answer holds: nobody is praised for answering nothing quickly. */
  answer: z.ZodType
}

const PAGE = 20
/** Shoppers look at the first pages of a list. */
const PAGES = 10

const Priced = z.object({ calculated_price: z.object({ calculated_amount: z.number().positive() }) })
const Product = z.object({ variants: z.array(Priced).min(1) })
const Products = z.object({ count: z.number(), products: z.array(Product).min(1) })
const cartWith = (fields: z.ZodRawShape) => z.object({ cart: z.object({ id: z.string(), ...fields }) })

const pricedFor = (demo: Demo) => `region_id=${demo.regions.es}&fields=*variants.calculated_price`
const get = (path: string): Call => ({ method: "GET", path })
const post = (path: string, body?: unknown): Call => ({ method: "POST", path, body })

/** Everything that is measured, in the order of a shopper's way through the shop. */
export const MEASURED: MeasuredRequest[] = [
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
  {
    name: "create cart",
    repeatable: true,
    prepare: async ({ demo }) => [post("/store/carts", { region_id: demo.regions.es })],
    answer: cartWith({ currency_code: z.literal("eur") }),
  },
  {
    name: "add line item",
    repeatable: false,
    prepare: async ({ catalog, carts }, count) =>
      (await carts.empty(count)).map((id, index) =>
        post(`/store/carts/${id}/line-items`, {
          variant_id: catalog.sample[index % catalog.sample.length]?.variants[index % 4],
          quantity: 1,
        }),
      ),
    answer: cartWith({ items: z.array(z.unknown()).length(1), total: z.number().positive() }),
  },
  {
    name: "get cart",
    repeatable: true,
    prepare: async ({ carts }) => (await carts.addressed(64)).map((id) => get(`/store/carts/${id}`)),
    answer: cartWith({ items: z.array(z.unknown()).length(2), total: z.number().positive() }),
  },
  {
    name: "set shipping method",
    repeatable: false,
    async prepare({ carts }, count) {
      const option_id = await carts.shippingOption()
      return (await carts.addressed(count)).map((id) => post(`/store/carts/${id}/shipping-methods`, { option_id }))
    },
    answer: cartWith({ shipping_methods: z.array(z.unknown()).length(1) }),
  },
  {
    name: "complete cart",
    repeatable: false,
    prepare: async ({ carts }, count) => (await carts.payable(count)).map((id) => post(`/store/carts/${id}/complete`)),
    answer: z.object({ type: z.literal("order"), order: z.object({ items: z.array(z.unknown()).length(2) }) }),
  },
]
