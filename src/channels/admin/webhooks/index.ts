import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../../counter.ts"
import { addDeliveries } from "./deliveries.ts"
import { documentWebhooks } from "./document.ts"
import { addEndpoints } from "./endpoints.ts"

/** Where integrators are told of events, and what became of each. */
export function addWebhooks(app: OpenAPIHono<Counter>, services: Services): void {
  addEndpoints(app, services)
  addDeliveries(app, services)
  documentWebhooks(app)
}
