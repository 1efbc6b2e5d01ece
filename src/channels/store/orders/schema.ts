import { z } from "@hono/zod-openapi"

/** What is there of it depends on `fields`. */
export const OrderAnswer = z
  .looseObject({
    id: z.string(),
    status: z.string(),
    version: z.number().int(),
    payment_status: z.string(),
    fulfillment_status: z.string(),
    display_id: z.number().int().optional(),
    currency_code: z.string().optional(),
    total: z.number().optional(),
    items: z.array(z.looseObject({}).nullable()).optional(),
  })
  .openapi("StoreOrder")
