import fs from "node:fs"
import path from "node:path"
import { serveStatic } from "@hono/node-server/serve-static"
import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"

/** Pictures and other uploads of Medusa's local file provider, which writes them to `DATA_DIR/static`. */
export function addFiles(app: OpenAPIHono<Counter>, { config }: Services): void {
  const root = path.join(config.dataDir, "static")
  fs.mkdirSync(root, { recursive: true })
  const files = serveStatic<Counter>({ root, rewriteRequestPath: (it) => it.slice("/static".length) })
  app.get("/static/*", async (c, next) => {
    c.set("route", "/static/*")
    const answer = await files(c, next)
    // An upload may be any file: nobody's browser shall run it as a page of this shop.
    answer?.headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    answer?.headers.set("Cache-Control", "public, max-age=3600")
    return answer
  })
}
