import path from "node:path"
import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Context, MiddlewareHandler } from "hono"
import type { Config } from "../../config.ts"
import { type Demo, NoDemo, readDemo } from "../../medusa/demo-shop/index.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { sendFile } from "../files/index.ts"
import { securityHeaders } from "../protect.ts"
import { bundle } from "./bundle.ts"
import { pageConfig } from "./page-config.ts"

const PREFIX = "/demo"
const BROWSER = path.join(import.meta.dirname, "browser")

/** Nothing from outside, nothing that stands in the page itself, and no page around it. The QR code is a `data:` image. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ")

/**
 * The page on which four counters share one cart: web, phone, till and the agent's desk. It uses the public API and
 * nothing else; its source in `browser/` is the example for integrators. There is only one while the shop is the demo
 * shop and not in production, since it gives the demo's log-ins to whoever opens it.
 */
export function addDemo(app: OpenAPIHono<Counter>, { config }: Services): void {
  const headers = {
    ...securityHeaders(config),
    ...{ "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache" },
  }
  const onlyInDemo: MiddlewareHandler<Counter> = async (c, next) => {
    c.set("way", "own")
    c.set("route", `${PREFIX}/*`)
    demoOf(c, config)
    await next()
  }
  const file = (name: string) => async (c: Context<Counter>) =>
    (await sendFile(c, BROWSER, name, { ...headers, "X-Request-Id": c.var.requestId })) ?? c.notFound()

  app.use(PREFIX, onlyInDemo)
  app.use(`${PREFIX}/*`, onlyInDemo)
  app.get(PREFIX, file("/index.html"))
  app.get(`${PREFIX}/demo.css`, file("/demo.css"))
  app.get(`${PREFIX}/demo.js`, async (c) =>
    c.body(await bundle(path.join(BROWSER, "main.tsx")), 200, {
      ...headers,
      "Content-Type": "text/javascript; charset=utf-8",
    }),
  )
  app.get(`${PREFIX}/config.json`, (c) =>
    c.json(pageConfig(demoOf(c, config), config), 200, { ...headers, "Cache-Control": "no-store" }),
  )
  app.all(`${PREFIX}/*`, (c) => {
    throw noPage(c)
  })
}

/** @throws WireError 404 where there is no demo shop, or it must not be shown */
function demoOf(c: Context<Counter>, { demoShop, production, dataDir }: Config): Demo {
  if (!demoShop || production) throw noPage(c)
  try {
    return readDemo(dataDir)
  } catch (error) {
    if (error instanceof NoDemo) throw noPage(c) // a merchant's own shop
    throw error
  }
}

const noPage = (c: Context<Counter>) => new WireError(404, "not_found", `Cannot ${c.req.method} ${c.req.path}`)
