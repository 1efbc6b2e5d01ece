import type { z } from "@hono/zod-openapi"
import qs from "qs"
import { WireError } from "./errors.ts"

/**
 * The parameters of an address that the counter alone knows.
 *
 * @throws WireError with the first one that is wrong
 */
export function readParameters<T extends z.ZodType>(schema: T, url: string): z.output<T> {
  const begin = url.indexOf("?")
  const given = begin < 0 ? {} : qs.parse(url.slice(begin + 1), { arrayLimit: 100, parameterLimit: 300, depth: 1 })
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw wrongParameter(issue?.path.join("."), issue?.message)
}

/** A parameter that is wrong, and why. */
export function wrongParameter(parameter: string | undefined, reason: string | undefined): WireError {
  return new WireError(400, "invalid_data", `Invalid request: ${parameter ? `${parameter}: ` : ""}${reason}`)
}
