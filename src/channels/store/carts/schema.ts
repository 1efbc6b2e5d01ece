import { z } from "@hono/zod-openapi"

const amount = z.number().openapi({ example: 24.9 })

/** The part of a cart that shops build on; all of it is in Medusa's documentation of `StoreCart`. */
export const CartAnswer = z
  .looseObject({
    id: z.string().openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    currency_code: z.string().openapi({ example: "eur" }),
    email: z.string().nullable(),
    region_id: z.string().nullable(),
    sales_channel_id: z.string().nullable(),
    total: amount.openapi({ example: 54.7 }),
    subtotal: amount.openapi({ example: 45.21 }),
    tax_total: amount.openapi({ example: 9.49 }),
    discount_total: amount.openapi({ example: 0 }),
    shipping_total: amount.openapi({ example: 4.9 }),
    item_total: amount.openapi({ example: 49.8 }),
    items: z.array(
      z.looseObject({
        id: z.string().openapi({ example: "cali_01M7ZRVFH8HMMAP027Z42YKK0G" }),
        variant_id: z.string().nullable(),
        title: z.string(),
        quantity: z.number(),
        unit_price: amount,
      }),
    ),
    shipping_methods: z.array(
      z.looseObject({
        id: z.string(),
        amount: amount.openapi({ example: 4.9 }),
        shipping_option_id: z.string().nullable(),
      }),
    ),
  })
  .openapi("StoreCart")

/** What came of a cart that met the customer's other one. */
export const MergeAnswer = z
  .object({
    policy: z.enum(["sum", "maximum", "keep_newest"]),
    from: z
      .string()
      .nullable()
      .openapi({ description: "The cart that is now an alias of this one; null where lines were put in." }),
    dropped: z
      .array(
        z.looseObject({
          type: z.enum(["line", "promotion", "shipping_method", "credit_line"]),
          reason: z.enum([
            "insufficient_inventory",
            "unavailable",
            "without_price",
            "custom_line",
            "not_applicable",
            "choose_again",
            "apply_again",
          ]),
        }),
      )
      .openapi({
        description: "What could not be kept, and why.",
        example: [
          {
            type: "line",
            variant_id: "variant_01M7",
            title: "Cafetera",
            quantity: 2,
            reason: "insufficient_inventory",
          },
        ],
      }),
  })
  .openapi("CartMerge")
