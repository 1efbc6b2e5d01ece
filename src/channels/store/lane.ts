import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi"
import type { Context } from "hono"
import { cors } from "hono/cors"
import { etag } from "hono/etag"
import qs from "qs"
import type { z } from "zod"
import type { Counter, Services } from "../counter.ts"
import { ErrorBody, WireError } from "../errors.ts"
import { originRule } from "../origins.ts"
import type { Passthrough } from "../passthrough/index.ts"

/**
 * A request of Medusa's Store API that the counter answers itself.
 *
 * A lane answers exactly what Medusa would, or not at all: `query` accepts what the lane can do exactly, and whatever
 * it refuses (an unknown parameter, an operator, a mistake) is passed through, so that Medusa answers it or says what
 * is wrong with it.
 */
export interface Lane<Query extends z.ZodObject> {
  method: "get"
  /** As OpenAPI writes it: `/store/regions/{id}`. */
  path: string
  summary: string
  description?: string
  params?: z.ZodObject
  query: Query
  answer: z.ZodType
  /** What can go wrong, by status, beyond the missing publishable key. */
  errors?: Record<number, string>
  handle(c: Context<Counter>, query: z.output<Query>): Response | Promise<Response>
}

/** A lane as it is, with the type of its query followed from its schema. */
export const lane = <Query extends z.ZodObject>(it: Lane<Query>): Lane<Query> => it

const KEY_HEADER = "x-publishable-api-key"

/** Puts a lane on the app and into the OpenAPI document. */
export function addLane<Query extends z.ZodObject>(
  app: OpenAPIHono<Counter>,
  { config, publishableKeys }: Services,
  passthrough: Passthrough,
  lane: Lane<Query>,
): void {
  const path = lane.path.replace(/\{(\w+)\}/g, ":$1")
  // As strict as it is documented: what Zod would drop silently, Medusa may refuse or understand.
  const schema = lane.query.strict()

  app.use(path, cors({ origin: originRule(config.cors.store), credentials: true, allowMethods: MEDUSA_METHODS }))
  app.use(path, etag({ weak: true }))
  app.on(lane.method, path, async (c) => {
    c.set("way", "lane")
    c.set("route", path)
    requirePublishableKey(c, publishableKeys)
    if (c.req.header("x-medusa-locale")) return passthrough(c)
    const query = schema.safeParse(parseQuery(c.req.url))
    return query.success ? lane.handle(c, query.data as z.output<Query>) : passthrough(c)
  })
  app.openAPIRegistry.registerPath(documented(lane))
}

/** What Medusa's CORS middleware (express `cors`) allows. */
const MEDUSA_METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"]

/** @source Medusa 2.21 `framework/dist/http/middlewares/ensure-publishable-api-key.js` */
function requirePublishableKey(c: Context<Counter>, keys: Services["publishableKeys"]): void {
  const token = c.req.header(KEY_HEADER)
  if (!token?.trim()) {
    throw new WireError(
      400,
      "not_allowed",
      `Publishable API key required in the request header: ${KEY_HEADER}. You can manage your keys in settings in the dashboard.`,
    )
  }
  const key = keys.find(token)
  if (!key) throw new WireError(400, "not_allowed", "A valid publishable key is required to proceed with the request")
  c.set("publishableKey", key)
}

/**
 * The query as Medusa understands it: parsed as Express does, and a list that came as one value split at its commas
 * (`name[]=a,b`).
 *
 * @source Medusa 2.21 `framework/dist/http/utils/validate-query.js`; keys with a dot are left to Medusa
 */
function parseQuery(url: string): Record<string, unknown> {
  const begin = url.indexOf("?")
  if (begin < 0) return {}
  const parsed = qs.parse(url.slice(begin + 1), { allowPrototypes: true })
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => {
      const single = Array.isArray(value) && value.length === 1 && typeof value[0] === "string" ? value[0] : undefined
      return [key, single === undefined ? value : single.split(",")]
    }),
  )
}

function documented<Query extends z.ZodObject>(lane: Lane<Query>): RouteConfig {
  const error = (description: string) => ({ description, content: { "application/json": { schema: ErrorBody } } })
  const errors = Object.entries(lane.errors ?? {}).map(([status, text]) => [status, error(text)])
  return {
    method: lane.method,
    path: lane.path,
    tags: ["store"],
    summary: lane.summary,
    ...(lane.description ? { description: lane.description } : {}),
    security: [{ publishableKey: [] }],
    request: { query: lane.query, ...(lane.params ? { params: lane.params } : {}) },
    responses: {
      200: { description: "As Medusa answers it.", content: { "application/json": { schema: lane.answer } } },
      304: { description: "The answer is the one whose `ETag` was sent in `If-None-Match`." },
      400: error("The publishable key is missing, unknown or revoked."),
      ...Object.fromEntries(errors),
      503: error("The lane cannot answer this form of the request, and Medusa, which could, is not up."),
    },
  }
}
