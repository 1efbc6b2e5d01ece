import fs from "node:fs"
import path from "node:path"
import { serveStatic } from "@hono/node-server/serve-static"
import type { OpenAPIHono } from "@hono/zod-openapi"
import { dashboardFolder, dashboardIsBuilt } from "../../medusa/dashboard.ts"
import type { Counter } from "../counter.ts"

/**
 * Medusa's dashboard under `/app`, from the files that `medusa build` made of it. It is a single page: every path
 * that is not a file of it is the page itself, and its own router goes on from there.
 */
export function addDashboard(app: OpenAPIHono<Counter>): void {
  app.use("/app/*", async (c, next) => {
    c.set("route", "/app/*")
    if (dashboardIsBuilt()) return next()
    return c.html(BEING_BUILT, 503, { "Retry-After": "5", "Cache-Control": "no-store" })
  })
  // File names under assets/ carry a hash of what is in them.
  // Made when it is first needed: it complains of a folder that is not there yet.
  let assets: ReturnType<typeof serveStatic<Counter>> | undefined
  app.get("/app/assets/*", async (c, next) => {
    assets ??= serveStatic<Counter>({ root: dashboardFolder(), rewriteRequestPath: (it) => it.slice("/app".length) })
    const answer = await assets(c, next)
    answer?.headers.set("Cache-Control", "public, max-age=31536000, immutable")
    return answer
  })
  app.get("/app/assets/*", (c) => c.notFound())
  app.get("/app/*", (c) => {
    const page = fs.readFileSync(path.join(dashboardFolder(), "index.html"), "utf8")
    return c.html(page, 200, { "Cache-Control": "no-cache" })
  })
}

const BEING_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Mostrador</title></head>
<body style="font: 16px/1.5 system-ui; display: grid; place-items: center; min-height: 90vh; color: #222">
<main><h1 style="font-size: 1.3em">The dashboard is being built</h1>
<p>This happens once, and takes about a minute. The page opens by itself.</p></main></body></html>
`
