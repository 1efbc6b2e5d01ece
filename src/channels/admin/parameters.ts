import { z } from "@hono/zod-openapi"

/** An id. */
export const id = z
  .string()
  .min(1)
  .max(200)
  .refine((it) => !it.includes("\0"), "A zero byte is in no id")
/** Ids, of which one may stand alone. */
export const ids = z
  .union([id, z.array(id).min(1).max(100)])
  .transform((it) => (typeof it === "string" ? [it] : it))
  .optional()
/** A whole number, as parameters give it. */
export const count = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .refine((it) => it >= least && it <= most, `must be between ${least} and ${most}`)
    .optional()
/** Yes or no, as parameters give it. */
export const flag = z
  .enum(["true", "false"])
  .transform((it) => it === "true")
  .optional()
/** What people call something: on one line, with nothing that is no character. */
export const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "A name is one line of characters")
  // Written out: the flag would stand in the document's pattern, of which it is no part.
  .openapi({ pattern: "^[^\\p{Cc}\\p{Cs}]*$" })
/** A page of a list. */
export const page = {
  limit: count(1, 200).openapi({ description: "50 unless it is given.", example: "50" }),
  offset: count(0, 999_999_999).openapi({ example: "0" }),
}
/** A page, in an answer. */
export const paged = { count: z.number().int(), offset: z.number().int(), limit: z.number().int() }

const isInCalendar = (it: string) => /^\d{4}-/.test(asIso(it) ?? "") && !it.startsWith("0000")
const asIso = (it: string) => (Number.isNaN(Date.parse(it)) ? undefined : new Date(it).toISOString())
/** As Postgres takes it, whatever its offset and however fine it is. */
export const time = z.iso
  .datetime({ offset: true })
  .refine(isInCalendar, "must be a time of the years 1 to 9999")
  .transform((it) => new Date(it).toISOString())
