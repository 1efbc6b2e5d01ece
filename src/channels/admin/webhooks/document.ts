import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter } from "../../counter.ts"
import { error, json } from "../../described.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "../../idempotency.ts"
import { forAdmins } from "../../security.ts"
import { notAdmin } from "../room.ts"
import { PATH } from "./requests.ts"
import {
  DeliveryFilter,
  DeliveryShown,
  EndpointChange,
  EndpointShown,
  NewEndpoint,
  Page,
  ReplayRange,
  ReplayShown,
  Rotation,
  TestShown,
} from "./schema.ts"

const wrong = { 400: error("A value is wrong: the message says which.") }
const missing = { 404: error("There is no such endpoint.") }
const whole = z.number().int()
const paged = { count: whole, offset: whole, limit: whole }
const WithSecret = EndpointShown.extend({
  secret: z.string().openapi({ description: "It is shown this once." }),
}).openapi("WebhookEndpointWithSecret")

interface Route {
  method: "get" | "post" | "delete"
  path: string
  summary: string
  description?: string
  query?: z.ZodObject
  body?: z.ZodType
  /** What is answered, under which status. */
  answer: z.ZodType
  status?: 200 | 202
  errors: Record<number, ReturnType<typeof error>>
}

const ROUTES: Route[] = [
  {
    ...{ method: "get", path: "", summary: "List webhook endpoints", query: Page },
    description: "The newest first, each with how it goes.",
    answer: z.object({ webhooks: z.array(EndpointShown), ...paged }),
    errors: wrong,
  },
  {
    ...{ method: "post", path: "", summary: "Make a webhook endpoint", body: NewEndpoint },
    description: "It is sent what happens from now on. The secret is in this answer only.",
    answer: z.object({ webhook: WithSecret }),
    errors: wrong,
  },
  {
    ...{ method: "get", path: "/{id}", summary: "Get a webhook endpoint" },
    answer: z.object({ webhook: EndpointShown }),
    errors: missing,
  },
  {
    ...{ method: "post", path: "/{id}", summary: "Change a webhook endpoint", body: EndpointChange },
    answer: z.object({ webhook: EndpointShown }),
    errors: { ...wrong, ...missing },
  },
  {
    ...{ method: "delete", path: "/{id}", summary: "Delete a webhook endpoint" },
    description: "With its delivery log and all that waits for it.",
    answer: z.object({ id: z.string(), object: z.literal("webhook"), deleted: z.literal(true) }),
    errors: missing,
  },
  {
    ...{ method: "post", path: "/{id}/rotate-secret", summary: "Give a webhook endpoint a new secret", body: Rotation },
    description: "Messages are signed with both for 24 hours.",
    answer: z.object({ webhook: WithSecret }),
    errors: { ...wrong, ...missing },
  },
  {
    ...{ method: "post", path: "/{id}/test", summary: "Send a test to a webhook endpoint" },
    description: "A `webhook.test`, once, at once; it is not in the delivery log.",
    answer: z.object({ test: TestShown }),
    errors: missing,
  },
  {
    ...{ method: "post", path: "/{id}/replay", summary: "Send events again", body: ReplayRange },
    description: "All that the endpoint wants, from a time or an event on, in their order.",
    answer: z.object({ replay: ReplayShown }),
    status: 202,
    errors: {
      ...wrong,
      404: error("There is no such endpoint or event."),
      409: error("Another one is prepared, or the `Idempotency-Key` is in use: `code` says which."),
    },
  },
  {
    ...{ method: "get", path: "/{id}/deliveries", summary: "List deliveries", query: DeliveryFilter },
    description: "Those of the newest events first.",
    answer: z.object({ deliveries: z.array(DeliveryShown), ...paged }),
    errors: { ...wrong, ...missing },
  },
  {
    ...{ method: "post", path: "/{id}/deliveries/{event_id}/retry", summary: "Send an event again" },
    answer: z.object({ delivery: DeliveryShown }),
    status: 202,
    errors: { 404: error("There is no such endpoint or delivery.") },
  },
]

export function documentWebhooks(app: OpenAPIHono<Counter>): void {
  for (const { method, path, summary, description, query, body, answer, status = 200, errors } of ROUTES) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
    const isChange = method !== "get"
    const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])))
    app.openAPIRegistry.registerPath({
      ...{ method, path: PATH + path, summary, security: forAdmins },
      ...(description ? { description } : {}),
      request: {
        params,
        ...(query ? { query } : {}),
        ...(isChange ? { headers: IdempotencyHeaders } : {}),
        ...(body ? { body: json(body) } : {}),
      },
      responses: {
        [status]: { description: "Done.", ...json(answer) },
        ...(isChange ? IdempotencyErrors : {}),
        ...errors,
        ...notAdmin,
      },
    })
  }
}
