import path from "node:path"
import { fileURLToPath } from "node:url"
import type { OpenAPIHono } from "@hono/zod-openapi"
import { html } from "hono/html"
import type { Counter, Services } from "../counter.ts"
import { sendFile } from "../files/index.ts"
import { securityHeaders } from "../protect.ts"

const PAGE = "/docs"
const SCRIPT = `${PAGE}/scalar.js`
/** Scalar as one file, for browsers, beside what the package is for bundlers. */
const BROWSER_FILES = path.join(path.dirname(fileURLToPath(import.meta.resolve("@scalar/api-reference"))), "browser")

/** What of Scalar would ask others: its fonts, its makers' counting of visits, their proxy and their agent. */
const SETTINGS = {
  ...{ withDefaultFonts: false, telemetry: false, agent: { disabled: true }, hideClientButton: true },
  ...{ showDeveloperTools: "never", mcp: { disabled: true } },
  ...{ persistAuth: false, operationTitleSource: "summary", defaultOpenAllTags: false },
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
}

/** The reference for people at `/docs`: Scalar, which comes from this counter and asks nobody else. */
export function addPage(app: OpenAPIHono<Counter>, { config }: Services): void {
  const headers = securityHeaders(config)
  const policy = contentPolicy(config.publicUrl)
  app.get(PAGE, (c) => {
    c.set("route", PAGE)
    return c.html(page(), 200, { "Content-Security-Policy": policy, "Cache-Control": "no-cache" })
  })
  app.get(SCRIPT, async (c) => {
    c.set("route", SCRIPT)
    // Its name does not say its version: browsers ask whether it is still the one.
    const own = { ...headers, "X-Request-Id": c.var.requestId, "Cache-Control": "no-cache" }
    return (await sendFile(c, BROWSER_FILES, "/standalone.js", own)) ?? c.notFound()
  })
}

/**
 * Scripts from here only, none that stands in the page, and no request to anybody but the counter. Scalar puts its
 * styles into the page itself, which nothing but `unsafe-inline` allows.
 *
 * @param publicUrl  where "Send" sends to, also from a page that was opened under another name
 */
function contentPolicy(publicUrl: string): string {
  return [
    ...["default-src 'none'", "script-src 'self'", "style-src 'unsafe-inline'", "img-src 'self' data:"],
    ...[`connect-src 'self' ${new URL(publicUrl).origin}`, "font-src 'self' data:"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"],
  ].join("; ")
}

/**
 * Addresses without a host: the page works under whatever name, and behind whatever path, it is reached. Clipped, since
 * on a phone the row of an operation's statuses makes Scalar three points wider than the screen.
 */
const page = () => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Mostrador: API reference</title>
    <link rel="icon" href="data:,">
    <style>body > div { overflow-x: clip }</style>
  </head>
  <body>
    <noscript>The reference needs JavaScript; the same as JSON is at <a href="openapi.json">openapi.json</a>.</noscript>
    <script id="api-reference" data-url="openapi.json" data-configuration="${JSON.stringify(SETTINGS)}"></script>
    <script src="docs/scalar.js"></script>
  </body>
</html>`
