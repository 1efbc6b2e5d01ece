import type { Context } from "hono"
import type { Counter } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { id } from "../parameters.ts"

export const PATH = "/admin/omnichannel/webhooks"

/** @throws WireError 404 when it can be nobody's */
export function endpointId(c: Context<Counter>): string {
  const given = id.safeParse(c.req.param("id"))
  if (!given.success) throw noEndpoint(c)
  return given.data
}

export const noEndpoint = (c: Context<Counter>) =>
  new WireError(404, "not_found", `Webhook endpoint with id: ${c.req.param("id")} was not found`)
