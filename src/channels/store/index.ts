import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import type { Passthrough } from "../passthrough/index.ts"
import { addLane } from "./lane.ts"
import { getRegion, listRegions } from "./regions.ts"

/** The lanes of Medusa's Store API. What is not here is passed through. */
export function addStoreLanes(app: OpenAPIHono<Counter>, services: Services, passthrough: Passthrough): void {
  addLane(app, services, passthrough, listRegions(services))
  addLane(app, services, passthrough, getRegion(services))
}
