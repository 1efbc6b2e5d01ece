import type { MiddlewareHandler } from "hono"
import type { Counter } from "./counter.ts"

/**
 * Every request is asked for by its path from here on: HTTP allows a whole address instead (`GET http://shop/store/...`),
 * and some clients leave a fragment behind it. Whoever looks at the target to say what it is about, and whose, must see
 * what Medusa's router will see.
 *
 * @source RFC 9112, 3.2.2; express 4 drops both
 */
export const plainTarget: MiddlewareHandler<Counter> = async (c, next) => {
  const { incoming } = c.env
  const target = incoming.url ?? "/"
  if (target.startsWith("/") && !target.includes("#")) return await next()
  const [path = ""] = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").split("#")
  // `OPTIONS *` is about the server.
  if (target !== "*") incoming.url = path.startsWith("/") ? path : `/${path}`
  await next()
}
