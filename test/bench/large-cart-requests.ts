import { z } from "zod"
import { THREE_FOR_TWO } from "../../src/medusa/demo-shop/offers.ts"
import { LARGE_LINES } from "./carts.ts"
import { cartWith, get, logIn, type MeasuredRequest, post, type Shop } from "./request.ts"

/** One is a hundred rows and more to copy; a figure that used them up is marked. */
const MOST_CARTS = 800
const READ_CARTS = 32

const HOME = "BENCH-HOGAR-5"
const ORDER = "BENCH-15-MENOS"
/** Of these, and the demo shop's three for two, all must have taken something off the lines of an answer. */
const CODES = [HOME, ORDER, THREE_FOR_TWO.code]

const name = (request: string) => `${request} (${LARGE_LINES} lines)`

const Line = z.object({
  quantity: z.number().positive(),
  tax_lines: z.array(z.unknown()).length(1),
  adjustments: z.array(z.object({ code: z.string(), amount: z.number().positive() })),
})
const Lines = (count: number) => ({
  items: z
    .array(Line)
    .length(count)
    .refine((lines) => {
      const codes = lines.flatMap(({ adjustments }) => adjustments.map(({ code }) => code))
      return CODES.every((code) => codes.includes(code))
    }, `not discounted by each of ${CODES}`),
  discount_total: z.number().positive(),
  total: z.number().positive(),
})

/** What is asked of a cart of `LARGE_LINES` lines, in a shop that `offerPromotions` has furnished. */
export const LARGE_CART_REQUESTS: MeasuredRequest[] = [
  {
    name: name("add line item"),
    repeatable: false,
    prepare: async ({ catalog, carts }, count) =>
      (await carts.large(Math.min(count, MOST_CARTS))).map((id, index) =>
        post(`/store/carts/${id}/line-items`, {
          variant_id: catalog.sample[index % catalog.sample.length]?.variants.at(-1),
          quantity: 1,
        }),
      ),
    answer: cartWith(Lines(LARGE_LINES + 1)),
  },
  {
    name: name("get cart"),
    repeatable: true,
    prepare: async ({ carts }) => (await carts.large(READ_CARTS)).map((id) => get(`/store/carts/${id}`)),
    answer: cartWith(Lines(LARGE_LINES)),
  },
  {
    name: name("update quantity"),
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.withLine(await carts.large(count))).map(({ cart, line }) =>
        post(`/store/carts/${cart}/line-items/${line}`, { quantity: 3 }),
      ),
    answer: cartWith(Lines(LARGE_LINES)),
  },
  {
    name: name("set shipping method"),
    repeatable: false,
    onlyLatency: true,
    async prepare({ carts }, count) {
      const option_id = await carts.shippingOption()
      return (await carts.large(count)).map((id) => post(`/store/carts/${id}/shipping-methods`, { option_id }))
    },
    answer: cartWith({ ...Lines(LARGE_LINES), shipping_methods: z.array(z.object({ amount: z.number() })).length(1) }),
  },
]

/**
 * Adds two automatic promotions to the demo shop's own, so that three take something off the lines of every large cart:
 * five percent off a category, fifteen euros off the order, and three for two. They stay: all other figures are of a
 * shop without them.
 */
export async function offerPromotions({ medusa, demo }: Shop): Promise<void> {
  const headers = await logIn(medusa, "user", demo.admin)
  const categories = await medusa.send({ ...get("/admin/product-categories?handle=hogar&fields=id"), headers })
  const { product_categories } = Categories.parse(JSON.parse(categories))
  const active = { type: "standard", status: "active", is_automatic: true }
  const promotions = [
    {
      ...active,
      code: HOME,
      application_method: {
        type: "percentage",
        target_type: "items",
        allocation: "across",
        value: 5,
        target_rules: [
          { attribute: "items.product.categories.id", operator: "in", values: product_categories.map(({ id }) => id) },
        ],
      },
    },
    {
      ...active,
      code: ORDER,
      rules: [{ attribute: "item_total", operator: "gte", values: ["100"] }],
      application_method: {
        type: "fixed",
        target_type: "order",
        allocation: "across",
        value: 15,
        currency_code: "eur",
      },
    },
  ]
  for (const promotion of promotions) await medusa.send({ ...post("/admin/promotions", promotion), headers })
}

const Categories = z.object({ product_categories: z.array(z.object({ id: z.string() })).length(1) })
