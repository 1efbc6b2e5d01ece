import type { MiddlewareHandler } from "hono"
import type { Counter, Services } from "./counter.ts"
import { WireError } from "./errors.ts"
import { allowOrigin, originRule } from "./origins.ts"

/** Where it is refused: all that the counter knows itself. Medusa's router does not look at letters' case. */
const ROOMS = /^\/(store|pos|agent|admin\/omnichannel)\//i

/**
 * Refuses a request with a zero byte in its address, before anybody looks anything up by it or it is passed through: no
 * text of Postgres has one, so it can find nothing, and Medusa answers most of them with 500. One of the few answers that
 * are not Medusa's on purpose. Of bodies `readAs` sees to it, and of those of Medusa's Store API their lanes.
 */
export function refuseZeroBytes({ config: { cors } }: Services): MiddlewareHandler<Counter> {
  const [shoppers, staff] = [originRule(cors.store), originRule(cors.admin)]
  return async (c, next) => {
    const target = c.env.incoming.url ?? ""
    const [, room] = (target.includes("%00") && ROOMS.exec(target)) || []
    if (room !== undefined && c.req.method !== "OPTIONS") {
      allowOrigin(c, /^(store|pos)$/i.test(room) ? shoppers : staff)
      throw new WireError(400, "invalid_data", "Invalid request: a zero byte is in no text")
    }
    await next()
  }
}
