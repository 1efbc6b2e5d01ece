import { z } from "@hono/zod-openapi"
import { ACTIVITIES, CHANNEL_KINDS } from "../../commerce/channels/index.ts"
import { ROLES } from "../../commerce/staff/index.ts"
import { id } from "../admin/parameters.ts"

/** Whatever it is, it is shown in no refusal. */
const secretText = (pattern: RegExp, message: string) =>
  z.custom<string>((it) => typeof it === "string" && pattern.test(it), message)

/** Digits, as a person types them. */
export const pin = secretText(/^\d{4,8}$/, "A PIN has 4 to 8 digits").openapi({
  type: "string",
  pattern: "^\\d{4,8}$",
  example: "4917",
})

export const Pairing = z
  .object({
    code: secretText(/^[\x20-\x7e]{1,40}$/, "A pairing code has 8 characters").openapi({
      type: "string",
      description: "From `POST /admin/omnichannel/tills/{id}/pairing-code`; case, blanks and dashes do not matter.",
      example: "K7MP-4XQA",
    }),
  })
  .strict()

export const SignIn = z
  .object({
    user_id: id.optional().openapi({ example: "user_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    email: z
      .string()
      .min(1)
      .max(320)
      .refine((it) => !it.includes("\0"), "a zero byte is in no text")
      .optional()
      .openapi({ example: "marta@tienda.example" }),
    pin,
  })
  .strict()
  .refine((it) => (it.user_id === undefined) !== (it.email === undefined), "Give one of `user_id` and `email`")

/** Who works, as his desk shows him. */
export const StaffShown = z
  .object({
    user_id: z.string().openapi({ example: "user_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    email: z.string().openapi({ example: "marta@tienda.example" }),
    first_name: z.string().nullable().openapi({ example: "Marta" }),
    last_name: z.string().nullable().openapi({ example: "Solís" }),
    role: z.enum(ROLES).openapi({ example: "cashier" }),
  })
  .openapi("Staff")

/** The channel, as those see it who work in it. */
export const DeskChannel = z
  .object({
    id: z.string().openapi({ example: "chan_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    name: z.string().openapi({ example: "Cajas de las tiendas" }),
    kind: z.enum(CHANNEL_KINDS).openapi({ example: "pos" }),
    sales_channel_id: z.string().openapi({ example: "sc_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    may: z.array(z.enum(ACTIVITIES)).openapi({ example: ["browse", "cart", "checkout", "cash"] }),
  })
  .openapi("DeskChannel")

const Named = z.object({
  id: z.string().openapi({ example: "sloc_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  name: z.string().openapi({ example: "Tienda Madrid" }),
})
const TillNamed = z.object({
  id: z.string().openapi({ example: "till_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  name: z.string().openapi({ example: "Caja Madrid 1" }),
})
const Shift = z.object({
  signed_in_at: z.iso.datetime().openapi({ example: "2026-11-23T09:00:00.000Z" }),
  expires_at: z.iso.datetime().openapi({ example: "2026-11-23T21:00:00.000Z" }),
})

export const Paired = z.object({
  till: TillNamed,
  token: z.string().openapi({ description: "The device keeps it; it is shown this once.", example: "till_q3V..." }),
})
export const SignedIn = z.object({
  session: Shift.extend({
    token: z
      .string()
      .openapi({ description: "For the header `x-till-session`; shown this once.", example: "shift_8fK..." }),
  }),
  cashier: StaffShown,
})
export const Me = z.object({
  till: TillNamed,
  location: Named,
  channel: DeskChannel,
  cashier: StaffShown.nullable().openapi({ description: "Null: nobody's session was shown." }),
  session: Shift.nullable(),
})
export const SignedOut = z.object({ object: z.literal("till_session"), deleted: z.literal(true) })
