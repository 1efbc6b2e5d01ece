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
