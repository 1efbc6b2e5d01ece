import { z } from "@hono/zod-openapi"

/**
 * Addresses that everybody takes for one. Of others Medusa says what it makes of them.
 *
 * @source Medusa 2.21 `medusa/dist/api/store/carts/validators.js` for all of this file
 */
export const email = z
  .string()
  // Without flags, of which JSON schemas know nothing.
  .regex(/^[A-Za-z0-9][\w+-]*(\.[\w+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/)
  .max(254)
  .openapi({ example: "ana@example.com" })

const text = z.string().nullish()
const metadata = z.record(z.string(), z.unknown()).nullish()
const variant_id = z.string().openapi({ example: "variant_01M7ZRVFH8HMMAP027Z42YKK0G" })

export const address = {
  ...{ first_name: text, last_name: text, phone: text, company: text, address_1: text, address_2: text },
  ...{ city: text, country_code: text, province: text, postal_code: text, metadata },
}

export const NewLine = z.strictObject({ variant_id, quantity: z.number().gt(0), metadata })

export const ChangedLine = z.strictObject({ quantity: z.number().gte(0), metadata })

const item = z.object({ variant_id, quantity: z.number().gt(0), metadata })

export const NewCart = z.strictObject({
  region_id: text,
  sales_channel_id: text,
  currency_code: text,
  email: email.nullish(),
  shipping_address: z.strictObject(address).optional(),
  billing_address: z.strictObject(address).optional(),
  items: z.array(item).optional(),
  promo_codes: z.array(z.string()).optional(),
  metadata,
  locale: text,
})

const changedAddress = z.object({ id: z.string().optional(), ...address })

export const ChangedCart = z.strictObject({
  region_id: z.string().min(1).optional(),
  email: email.nullish(),
  shipping_address: changedAddress.optional(),
  billing_address: changedAddress.optional(),
  sales_channel_id: text,
  metadata,
  promo_codes: z.array(z.string()).optional(),
  locale: text,
})

export const Promotions = z.strictObject({ promo_codes: z.array(z.string()) })

const option = z.object({
  option_id: z.string().openapi({ example: "so_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  data: z.record(z.string(), z.unknown()).optional(),
})
export const ShippingMethods = z.union([option, z.array(option).min(1)])

export const Taxes = z.strictObject({ fields: z.string().optional() })

export const Nothing = z.strictObject({})
