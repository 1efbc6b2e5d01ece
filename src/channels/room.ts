import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter } from "./counter.ts"
import { allowOrigin, answerPreflight, originRule } from "./origins.ts"

/**
 * Opens a room of routes of our own, none of which is passed through: to pages of these origins, and so that what is
 * answered is kept by nobody on the way.
 *
 * @param prefix  what all its paths begin with: `/pos`
 * @param origins as Medusa's settings say them (`STORE_CORS`, ...)
 */
export function openRoom(app: OpenAPIHono<Counter>, prefix: string, origins: string): void {
  const rule = originRule(origins)
  const all = `${prefix}/*`
  app.options(all, (c) => answerPreflight(c, rule))
  app.use(all, async (c, next) => {
    c.set("way", "own")
    allowOrigin(c, rule)
    c.header("Cache-Control", "no-store")
    await next()
  })
}
