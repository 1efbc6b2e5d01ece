import type { MiddlewareHandler } from "hono"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { allowOrigin, originRule } from "../origins.ts"

/**
 * Refuses a Store request with a zero byte in its address, before it is passed through: no text of Postgres has one, so
 * it can find nothing, and Medusa answers most of them with 500. One of the few answers that are not Medusa's on purpose.
 */
export function refuseZeroBytes({ config }: Services): MiddlewareHandler<Counter> {
  const origins = originRule(config.cors.store)
  return async (c, next) => {
    const target = c.env.incoming.url ?? ""
    // Medusa's router does not look at letters' case.
    if (target.includes("%00") && /^\/store\//i.test(target) && c.req.method !== "OPTIONS") {
      allowOrigin(c, origins)
      throw new WireError(400, "invalid_data", "Invalid request: a zero byte is in no text")
    }
    await next()
  }
}
