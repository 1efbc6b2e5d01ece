import type { MiddlewareHandler } from "hono"
import type { Config } from "../config.ts"
import type { Counter } from "./counter.ts"

/** What a browser is told to be careful with, on all that the counter answers itself. */
export function securityHeaders(config: Config): Record<string, string> {
  const secure = config.publicUrl.startsWith("https:")
  return {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    ...(secure ? { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" } : {}),
  }
}

/** Security headers on what the counter answers itself; Medusa's answers are made elsewhere, and pass unchanged. */
export function protect(config: Config): MiddlewareHandler<Counter> {
  const headers = Object.entries(securityHeaders(config))
  return async (c, next) => {
    for (const [name, value] of headers) c.header(name, value)
    await next()
  }
}
