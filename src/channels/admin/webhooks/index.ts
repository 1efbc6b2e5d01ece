import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../../counter.ts"
import { addDeliveries } from "./deliveries.ts"
import { addEndpoints } from "./endpoints.ts"

export { webhookRoutes } from "./document.ts"

/** Where integrators are told of events, and what became of each. */
export function addWebhooks(app: OpenAPIHono<Counter>, services: Services): void {
  addEndpoints(app, services)
  addDeliveries(app, services)
}
