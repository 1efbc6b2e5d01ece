import type { MiddlewareHandler } from "hono"
import type { Config } from "../config.ts"
import type { Counter } from "./counter.ts"

/**
 * Security headers on what the counter answers itself; Medusa's answers pass unchanged.
 */
export function protect(config: Config): MiddlewareHandler<Counter> {
  const secure = config.publicUrl.startsWith("https:")
  return async (c, next) => {
    await next()
    if (c.var.way === "passthrough") return
    c.header("X-Content-Type-Options", "nosniff")
    c.header("X-Frame-Options", "SAMEORIGIN")
    c.header("Referrer-Policy", "strict-origin-when-cross-origin")
    if (secure) c.header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
  }
}
