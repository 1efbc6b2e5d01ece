import { z } from "zod"

/**
 * The query parameters of Medusa's filters, as far as `filters.ts` translates them exactly. What these schemas refuse
 * is for Medusa to answer: mistakes, and forms that are rare and treacherous.
 *
 * @source Medusa 2.21 `medusa/dist/api/utils/validators.js` `createOperatorMap`; the word `null` becomes null in
 *   `utils/dist/common/remove-undefined-properties.js`
 */

/** Postgres has no zero byte in a text. */
const text = z.string().refine((it) => !it.includes("\0"))
const orNull = (it: string) => (it === "null" ? null : it)
const textOrNull = text.transform(orNull)

/** `LIKE` fails when its pattern ends with an escape. */
const pattern = text.refine((it) => (it.match(/\\*$/)?.[0].length ?? 0) % 2 === 0).transform(orNull)

/** A regular expression that cannot be wrong: words, blanks, `.`, `^` and `$`. */
const expression = text.refine((it) => /^[\p{L}\p{N} _.^$@-]*$/u.test(it)).transform(orNull)

/**
 * A moment, in the one form that means the same to every session of Postgres: its other forms (a date alone, other
 * orders of day and month, `now`) are read by the session's time zone and style.
 */
const instant = z
  .string()
  .refine((it) => it === "null" || isInstant(it))
  .transform(orNull)

function isInstant(it: string): boolean {
  if (!/^[1-9]\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$/.test(it)) return false
  const date = new Date(it)
  // The 31st of a shorter month is the 1st of the next one to JavaScript, and an error to Postgres.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(it.slice(0, 10))
}

type Value = z.ZodType<string | null, string>

const comparison = <T extends Value>(value: T) => ({
  $eq: value.optional(),
  $ne: value.optional(),
  $in: z.array(value).min(1).optional(),
  $nin: z.array(value).min(1).optional(),
  $gt: value.optional(),
  $gte: value.optional(),
  $lt: value.optional(),
  $lte: value.optional(),
})

/** One value, or a list of which one must fit. */
const oneOrMore = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1)])

/** A map without a known operator is Medusa's: it filters nothing. */
const operators = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape).refine((it) => Object.keys(it).length > 0)

/** A column by which Medusa also finds a row (`id`, `handle`, `code`): there `null`, or nothing, may be no filter. */
export const keyFilter = oneOrMore(text.refine((it) => it !== "null" && it !== ""))

/** A column of text: a value or a list; `null` where there is none. */
export const textFilter = oneOrMore(textOrNull)

/** A column of text, with operators. `$contains` is an error for a text, and Medusa's to say. */
export const textOperatorFilter = z.union([
  textOrNull,
  z.array(textOrNull).min(1),
  operators({
    ...comparison(textOrNull),
    $like: pattern.optional(),
    $ilike: pattern.optional(),
    $re: expression.optional(),
  }),
])

/** A column of time, with operators. `$like` and its kind are errors there, and Medusa's to say. */
export const instantFilter = z.union([instant, z.array(instant).min(1), operators(comparison(instant))])

/** @source Medusa 2.21 `medusa/dist/api/utils/common-validators/common.js` */
export const booleanText = z
  .string()
  .refine((it) => /^(true|false)$/i.test(it))
  .transform((it) => it.toLowerCase() === "true")

/** Words to search for. */
export const freeText = text.refine((it) => it !== "null")

/**
 * The filters of a table with `$and` and `$or` over the same.
 *
 * @param shape  an optional schema for each column
 */
export function withGroups<Shape extends z.ZodRawShape>(shape: Shape) {
  const group = z
    .array(z.strictObject(shape).refine((it) => Object.keys(it).length > 0))
    .min(1)
    .optional()
  return { ...shape, $and: group, $or: group }
}
