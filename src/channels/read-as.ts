import type { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { readBody } from "./body.ts"
import type { Counter } from "./counter.ts"
import { WireError } from "./errors.ts"
import { refusal } from "./refusals.ts"

const MOST_DEEP = 8

/**
 * The body of a route that the counter alone knows; one that is not there is an empty one.
 *
 * @throws WireError 400 with what is wrong
 */
export async function readAs<T extends z.ZodType>(c: Context<Counter>, schema: T): Promise<z.output<T>> {
  const body = (await readBody(c, MOST_DEEP)) ?? {}
  if (!isOfTexts(body)) {
    throw new WireError(400, "invalid_data", "Invalid request: a zero byte, or half a character, is in no text")
  }
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw refusal(parsed.error, body)
  return parsed.data
}

/** Whether Postgres can hold all that stands there, as a text or in JSON. */
function isOfTexts(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0") && !/\p{Surrogate}/u.test(value)
  if (typeof value !== "object" || value === null) return true
  return Object.entries(value).every(([key, it]) => isOfTexts(key) && isOfTexts(it))
}
