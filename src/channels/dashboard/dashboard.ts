import type { OpenAPIHono } from "@hono/zod-openapi"
import { dashboardFolder, dashboardIsBuilt } from "../../medusa/dashboard.ts"
import type { Counter, Services } from "../counter.ts"
import { sendFile } from "../files/index.ts"
import { securityHeaders } from "../protect.ts"

/**
 * Medusa's dashboard under `/app`, from the files that `medusa build` made of it. It is a single page: every path
 * that is not a file of it is the page itself, and its own router goes on from there.
 */
export function addDashboard(app: OpenAPIHono<Counter>, { config }: Services): void {
  const headers = securityHeaders(config)
  app.get("/app/*", async (c) => {
    c.set("route", "/app/*")
    if (!dashboardIsBuilt()) return c.html(BEING_BUILT, 503, { "Retry-After": "5", "Cache-Control": "no-store" })
    const pathname = c.req.path.slice("/app".length)
    const own = { ...headers, "X-Request-Id": c.var.requestId }
    if (pathname.startsWith("/assets/")) {
      // Their names carry a hash of what is in them.
      const forever = { ...own, "Cache-Control": "public, max-age=31536000, immutable" }
      return (await sendFile(c, dashboardFolder(), pathname, forever)) ?? c.notFound()
    }
    const page = await sendFile(c, dashboardFolder(), "/index.html", { ...own, "Cache-Control": "no-cache" })
    return page ?? c.notFound()
  })
}

const BEING_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Mostrador</title></head>
<body style="font: 16px/1.5 system-ui; display: grid; place-items: center; min-height: 90vh; color: #222">
<main><h1 style="font-size: 1.3em">The dashboard is being built</h1>
<p>This happens once, and takes about a minute. The page opens by itself.</p></main></body></html>
`
