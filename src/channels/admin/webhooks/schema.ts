import { z } from "@hono/zod-openapi"
import { DELIVERY_STATUSES, isSecret } from "../../../commerce/webhooks/index.ts"
import { count, id, ids, time } from "../parameters.ts"

const MOST_ROWS = 200
const MOST_TYPES = 100

/** JSON has them, and Postgres's does not. */
const isKept = (it: unknown) => !/[\0\p{Cs}]/u.test(text(it))
/** All strings that stand in it, keys too. */
const text = (it: unknown): string =>
  typeof it === "object" && it !== null ? Object.entries(it).flat().map(text).join(" ") : String(it)

const eventTypes = z
  .array(
    z
      .string()
      .max(100)
      .regex(/^(\*|[a-z0-9_-]+\.\*|[a-z0-9_-]+(\.[a-z0-9_-]+)+)$/, "An event type is a name, `noun.*` or `*`"),
  )
  .min(1)
  .max(MOST_TYPES)
  .openapi({ description: "Names of events, all of a noun, or `*`.", example: ["order.*", "cart.completed"] })
const secret = z.string().max(200).refine(isSecret, "A secret is `whsec_` and 24 to 64 bytes in base64").openapi({
  description: "One of your own; without it one is made.",
  example: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
})
const settings = {
  url: z.string().openapi({
    description: "`https:`, at a public address; in development also `http:` at this machine.",
    example: "https://erp.example/hooks/mostrador",
  }),
  description: z.string().max(1_000).refine(isKept, "A zero byte or half a character is in no text").nullable(),
  event_types: eventTypes,
  metadata: z
    .record(z.string(), z.unknown())
    .refine(isKept, "A zero byte or half a character is in no text")
    .nullable(),
  disabled: z.boolean().openapi({ description: "`false` tries an endpoint anew, with all that waits for it." }),
}

export const NewEndpoint = z
  .object({
    ...settings,
    description: settings.description.default(null),
    metadata: settings.metadata.default(null),
    disabled: settings.disabled.default(false),
    secret: secret.optional(),
  })
  .strict()
export const EndpointChange = z.object(settings).partial().strict()
export const Rotation = z.object({ secret: secret.optional() }).strict()

export const ReplayRange = z
  .object({
    since: time.optional().openapi({ example: "2026-11-20T08:00:00Z" }),
    from_event_id: id.optional().openapi({ example: "evt_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    after_event_id: id.optional(),
    until: time.optional(),
    event_types: eventTypes.optional(),
  })
  .strict()
  .refine(
    (it) => [it.since, it.from_event_id, it.after_event_id].filter((begin) => begin !== undefined).length === 1,
    "Give one of `since`, `from_event_id` and `after_event_id`",
  )

const page = {
  limit: count(1, MOST_ROWS).openapi({ example: "50" }),
  offset: count(0, 999_999_999).openapi({ example: "0" }),
}
export const Page = z.object(page).strict()
export const DeliveryFilter = z
  .object({
    ...page,
    status: z.enum(DELIVERY_STATUSES).optional(),
    ...{ event_type: ids, event_id: ids, subject_id: ids },
  })
  .strict()

const moment = z.iso.datetime().nullable()

export const ReplayShown = z
  .object({
    id: z.string(),
    asked: z.looseObject({}).openapi({ description: "As it was asked for." }),
    events: z.number().int().openapi({ description: "How many were found." }),
    created_at: z.iso.datetime(),
    finished_at: moment.openapi({ description: "When all were found; they are sent from then on." }),
  })
  .openapi("WebhookReplay")
export const EndpointShown = z
  .object({
    ...{ id: z.string().openapi({ example: "whep_01M7ZRVFH8HMMAP027Z42YKK0G" }), url: z.string() },
    ...{ description: z.string().nullable(), event_types: z.array(z.string()) },
    ...{ metadata: z.looseObject({}).nullable(), disabled: z.boolean(), disabled_at: moment },
    disabled_reason: z.enum(["by_staff", "gone", "failing"]).nullable().openapi({
      description: "`gone`: it answered 410. `failing`: it took nothing for three days.",
    }),
    previous_secret_until: moment.openapi({ description: "Until then the secret before signs, too." }),
    ...{ created_at: z.iso.datetime(), updated_at: z.iso.datetime() },
    health: z.object({
      ...{ last_success_at: moment, last_failure_at: moment, last_failure: z.string().nullable() },
      failing_since: moment.openapi({ description: "The first failure since the last success." }),
      retry_at: moment.openapi({ description: "It takes nothing, and is not tried before." }),
      waiting: z.number().int(),
      dead: z.number().int(),
      last_replay: ReplayShown.nullable(),
    }),
  })
  .openapi("WebhookEndpoint")
export const DeliveryShown = z
  .object({
    ...{ event_id: z.string(), event_type: z.string(), subject_id: z.string(), occurred_at: z.iso.datetime() },
    status: z.enum(DELIVERY_STATUSES).openapi({ description: "`dead`: given up after three days." }),
    attempts: z.number().int(),
    ...{ first_attempt_at: moment, last_attempt_at: moment, next_attempt_at: moment, delivered_at: moment },
    duration_ms: z.number().int().nullable(),
    response_status: z.number().int().nullable(),
    response_body: z.string().nullable().openapi({ description: "Its first thousand characters." }),
    error: z.string().nullable().openapi({ description: "Why there was no answer." }),
  })
  .openapi("WebhookDelivery")
export const TestShown = z
  .object({
    delivered: z.boolean(),
    ...{ response_status: z.number().int().nullable(), response_body: z.string().nullable() },
    ...{ error: z.string().nullable(), duration_ms: z.number().int() },
  })
  .openapi("WebhookTest")
