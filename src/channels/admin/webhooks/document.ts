import { z } from "@hono/zod-openapi"
import { routesOf } from "../../document.ts"
import { paged } from "../parameters.ts"
import { adminRoom, notAdmin, wrong } from "../room.ts"
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

const missing = { 404: "There is no such endpoint." }
const WithSecret = EndpointShown.extend({
  secret: z.string().openapi({ description: "It is shown this once." }),
}).openapi("WebhookEndpointWithSecret")

const done = <Schema extends z.ZodType>(schema: Schema) => ({ description: "Done.", schema })

export const webhookRoutes = routesOf({ ...adminRoom(PATH), errors: notAdmin }, [
  {
    ...{ method: "get", path: "", summary: "List webhook endpoints", query: Page },
    description: "The newest first, each with how it goes.",
    answer: done(z.object({ webhooks: z.array(EndpointShown), ...paged })),
    errors: wrong,
  },
  {
    ...{ method: "post", path: "", summary: "Make a webhook endpoint", body: NewEndpoint },
    description: "It is sent what happens from now on. The secret is in this answer only.",
    answer: done(z.object({ webhook: WithSecret })),
    errors: wrong,
  },
  {
    ...{ method: "get", path: "/{id}", summary: "Get a webhook endpoint" },
    answer: done(z.object({ webhook: EndpointShown })),
    errors: missing,
  },
  {
    ...{ method: "post", path: "/{id}", summary: "Change a webhook endpoint", body: EndpointChange.optional() },
    answer: done(z.object({ webhook: EndpointShown })),
    errors: { ...wrong, ...missing },
  },
  {
    ...{ method: "delete", path: "/{id}", summary: "Delete a webhook endpoint" },
    description: "With its delivery log and all that waits for it.",
    answer: done(z.object({ id: z.string(), object: z.literal("webhook"), deleted: z.literal(true) })),
    errors: missing,
  },
  {
    ...{
      method: "post",
      path: "/{id}/rotate-secret",
      summary: "Give a webhook endpoint a new secret",
      body: Rotation.optional(),
    },
    description: "Messages are signed with both for 24 hours.",
    answer: done(z.object({ webhook: WithSecret })),
    errors: { ...wrong, ...missing },
  },
  {
    ...{ method: "post", path: "/{id}/test", summary: "Send a test to a webhook endpoint" },
    description: "A `webhook.test`, once, at once; it is not in the delivery log.",
    answer: done(z.object({ test: TestShown })),
    errors: missing,
  },
  {
    ...{ method: "post", path: "/{id}/replay", summary: "Send events again", body: ReplayRange.optional() },
    description: "All that the endpoint wants, from a time or an event on, in their order.",
    answer: { ...done(z.object({ replay: ReplayShown })), status: 202 },
    errors: {
      ...wrong,
      404: "There is no such endpoint or event.",
      409: "Another one is prepared, or the `Idempotency-Key` is in use: `code` says which.",
    },
  },
  {
    ...{ method: "get", path: "/{id}/deliveries", summary: "List deliveries", query: DeliveryFilter },
    description: "Those of the newest events first.",
    answer: done(z.object({ deliveries: z.array(DeliveryShown), ...paged })),
    errors: { ...wrong, ...missing },
  },
  {
    ...{ method: "post", path: "/{id}/deliveries/{event_id}/retry", summary: "Send an event again" },
    answer: { ...done(z.object({ delivery: DeliveryShown })), status: 202 },
    errors: { 404: "There is no such endpoint or delivery." },
  },
])
