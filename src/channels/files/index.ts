import path from "node:path"
import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { securityHeaders } from "../protect.ts"
import { sendFile } from "./send-file.ts"

export { sendFile } from "./send-file.ts"

/** Pictures and other uploads of Medusa's local file provider, which writes them to `DATA_DIR/static`. */
export function addFiles(app: OpenAPIHono<Counter>, { config }: Services): void {
  const folder = path.join(config.dataDir, "static")
  const headers = {
    ...securityHeaders(config),
    "Cache-Control": "public, max-age=3600",
    // An upload may be any file: nobody's browser shall run it as a page of this shop.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  }
  app.get("/static/*", async (c, next) => {
    c.set("route", "/static/*")
    const pathname = (c.env.incoming.url ?? "").split("?")[0]?.slice("/static".length) ?? "/"
    const sent = await sendFile(c, folder, pathname, { ...headers, "X-Request-Id": c.var.requestId })
    if (sent) return sent
    return next()
  })
}
