import { z } from "@hono/zod-openapi"

/** What says who asks, from where, and what of a product is shown. */
export const contextParameters = {
  fields: z.string().optional().openapi({
    description: "Fields of the product and its relations; `+ - *` as in Medusa.",
    example: "*variants.calculated_price,+variants.inventory_quantity",
  }),
  region_id: z.string().min(1).optional().openapi({ example: "reg_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  country_code: z.string().min(1).optional().openapi({ example: "es" }),
  province: z.string().min(1).optional(),
  cart_id: z.string().min(1).optional(),
  sales_channel_id: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .transform((it) => (typeof it === "string" ? [it] : it))
    .optional(),
}

const row = <Fields extends z.ZodRawShape>(fields: Fields) => z.looseObject({ id: z.string(), ...fields })

export const VariantAnswer = row({
  title: z.string().optional(),
  sku: z.string().nullable().optional(),
  barcode: z.string().nullable().optional(),
  options: z.array(z.looseObject({ value: z.string().optional() })).optional(),
  calculated_price: z
    .looseObject({ calculated_amount: z.number().nullable(), original_amount: z.number().nullable() })
    .nullable()
    .optional(),
  inventory_quantity: z.number().int().nullable().optional(),
}).openapi("StoreProductVariant")

/** What is there of it depends on `fields`. */
export const ProductAnswer = row({
  title: z.string().optional(),
  handle: z.string().optional(),
  description: z.string().nullable().optional(),
  thumbnail: z.string().nullable().optional(),
  variants: z.array(VariantAnswer).optional(),
}).openapi("StoreProduct")
