import type { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { readBody } from "./body.ts"
import type { Counter } from "./counter.ts"
import { refusal } from "./refusals.ts"

const MOST_DEEP = 8

/**
 * The body of a route that the counter alone knows; one that is not there is an empty one.
 *
 * @throws WireError 400 with what is wrong
 */
export async function readAs<T extends z.ZodType>(c: Context<Counter>, schema: T): Promise<z.output<T>> {
  const body = (await readBody(c, MOST_DEEP)) ?? {}
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw refusal(parsed.error, body)
  return parsed.data
}
