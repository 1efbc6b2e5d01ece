import type { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { readBody } from "../../body.ts"
import type { Counter } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { refusal } from "../../refusals.ts"
import { id } from "../parameters.ts"

export const PATH = "/admin/omnichannel/webhooks"
const MOST_DEEP = 8

/** @throws WireError 400 with what is wrong; a body that is not there is an empty one */
export async function readAs<T extends z.ZodType>(c: Context<Counter>, schema: T): Promise<z.output<T>> {
  const body = (await readBody(c, MOST_DEEP)) ?? {}
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw refusal(parsed.error, body)
  return parsed.data
}

/** @throws WireError 404 when it can be nobody's */
export function endpointId(c: Context<Counter>): string {
  const given = id.safeParse(c.req.param("id"))
  if (!given.success) throw noEndpoint(c)
  return given.data
}

export const noEndpoint = (c: Context<Counter>) =>
  new WireError(404, "not_found", `Webhook endpoint with id: ${c.req.param("id")} was not found`)
