import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { answer, Made } from "../store/lane.ts"
import { describe } from "./document.ts"
import { addPage } from "./page.ts"

/** The reference of all that the counter answers itself. Added when all else is: it tells of what is there by then. */
export function addDocs(app: OpenAPIHono<Counter>, services: Services): void {
  const { config } = services
  let document: Made | undefined
  app.get("/openapi.json", (c) => {
    c.set("way", "own")
    c.set("route", "/openapi.json")
    document ??= new Made(JSON.stringify(describe(app, config.publicUrl)))
    c.header("Cache-Control", "no-cache")
    return answer(c, document)
  })
  addPage(app, services)
}
