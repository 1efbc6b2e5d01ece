import { createHash } from "node:crypto"
import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi"
import type { Context } from "hono"
import qs from "qs"
import type { z } from "zod"
import type { Counter, Services } from "../counter.ts"
import { error, errorsOf, json } from "../described.ts"
import { WireError } from "../errors.ts"
import { allowOrigin, answerPreflight, originRule } from "../origins.ts"
import type { Passthrough } from "../passthrough/index.ts"
import { type Security, withKeyOrLogIn } from "../security.ts"

/**
 * A request of Medusa's Store API that the counter answers itself.
 *
 * A lane answers exactly what Medusa would, or not at all: `query` accepts what the lane can do exactly, and whatever
 * it refuses (an unknown parameter, an operator, a mistake) is passed through, so that Medusa answers it or says what
 * is wrong with it.
 */
export interface Lane<Query extends z.ZodObject, Path extends string = string, Answer extends z.ZodType = z.ZodType> {
  method: "get"
  /** As OpenAPI writes it: `/store/regions/{id}`. */
  path: Path
  summary: string
  description?: string
  params?: z.ZodObject
  query: Query
  answer: Answer
  /** What it takes, where it is not a publishable key, and a customer's token if there is one. */
  security?: Security
  /** What can go wrong, by status, beyond the missing publishable key. */
  errors?: Record<number, string>
  /** Whether the answer is the same for every shopper, so that caches on the way may keep it, and ask if it still holds. */
  shared?: boolean | ((c: Context<Counter>, query: z.output<Query>) => boolean)
  /**
   * @returns the body of the answer, or its text; or the answer itself, which then has no fingerprint of its body;
   *          undefined when it must be Medusa's after all
   */
  handle(c: Context<Counter>, query: z.output<Query>): Body | Promise<Body>
}

/** An answer that is made already, with its fingerprint. */
export class Made {
  readonly bytes: Buffer
  readonly tag: string

  /**
   * @param text  JSON
   * @source express 4 `res.json`, and the package `etag` behind it: the same text has the same tag there
   */
  constructor(text: string) {
    this.bytes = Buffer.from(text)
    const digest = createHash("sha1").update(this.bytes).digest("base64").slice(0, 27)
    this.tag = `W/"${this.bytes.byteLength.toString(16)}-${digest}"`
  }
}

type Body = object | string | Made | Response | undefined

/** A lane as it is, with its types followed from its schemas. */
export const lane = <Query extends z.ZodObject, Path extends string, Answer extends z.ZodType>(
  it: Lane<Query, Path, Answer>,
): Lane<Query, Path, Answer> => it

export const KEY_HEADER = "x-publishable-api-key"

/** With a token that opens one cart, of who has claimed it by a code. */
export const CART_TOKEN_HEADER = "x-cart-token"

/** With a token for one order; see `orders/access.ts`. */
export const ORDER_TOKEN_HEADER = "x-order-token"

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

  const origins = originRule(config.cors.store)

  app.options(path, (c) =>
    c.req.header("access-control-request-method") ? answerPreflight(c, origins) : passthrough(c),
  )
  app.on(lane.method, path, async (c) => {
    c.set("way", "lane")
    c.set("route", path)
    allowOrigin(c, origins)
    requirePublishableKey(c, publishableKeys)
    if (c.req.header("x-medusa-locale") || hasBody(c) || !isPlain(c, path)) return passthrough(c)
    const query = schema.safeParse(parseQuery(c.req.url))
    if (!query.success) return passthrough(c)
    const body = await lane.handle(c, query.data as z.output<Query>)
    if (body === undefined) return passthrough(c)
    if (body instanceof Response) return body
    const { shared = false } = lane
    if (typeof shared === "function" ? shared(c, query.data as z.output<Query>) : shared) {
      c.header("Cache-Control", "public, max-age=0, must-revalidate")
      c.header("Vary", KEY_HEADER, { append: true })
    }
    return answer(c, body)
  })
  app.openAPIRegistry.registerPath(documented(lane))
}

/**
 * An answer with its fingerprint, or 304 for a client that has it.
 *
 * @source the package `fresh`, with which express 4 decides
 */
export function answer(c: Context<Counter>, body: object | string | Made): Response {
  const { bytes, tag } = body instanceof Made ? body : new Made(typeof body === "string" ? body : JSON.stringify(body))
  c.header("ETag", tag)
  const known = c.req.header("if-none-match")
  const insists = /(?:^|,)\s*no-cache\s*(?:,|$)/.test(c.req.header("cache-control") ?? "")
  if (known && !insists && isKnown(known, tag)) return c.body(null, 304)
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, { "Content-Type": "application/json; charset=utf-8" })
}

function isKnown(known: string, tag: string): boolean {
  const bare = (it: string) => it.trim().replace(/^W\//, "")
  return known === "*" || known.split(",").some((it) => bare(it) === bare(tag))
}

/** Medusa reads a body also where it needs none, and says what is wrong with it. */
function hasBody(c: Context<Counter>): boolean {
  return Number(c.req.header("content-length") ?? 0) > 0 || c.req.header("transfer-encoding") !== undefined
}

/** Whether the path stands there as Medusa's router takes it: no escapes in its words, no dots, no broken parameter. */
export function isPlain(c: Context<Counter>, path: string): boolean {
  const asked = (c.env.incoming.url ?? "").split("?")[0]?.split("/") ?? []
  const wanted = path.split("/")
  const fits = (it: string, i: number) => (wanted[i]?.startsWith(":") ? PARAMETER.test(it) : it === wanted[i])
  return asked.length === wanted.length && asked.every(fits)
}
const PARAMETER = /^[\w.~-]+$/

/** @source Medusa 2.21 `framework/dist/http/middlewares/ensure-publishable-api-key.js` */
export function requirePublishableKey(
  c: Context<Counter>,
  keys: Services["publishableKeys"],
  token = c.req.header(KEY_HEADER),
): void {
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
export function parseQuery(url: string): Record<string, unknown> {
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
  return {
    method: lane.method,
    path: lane.path,
    summary: lane.summary,
    ...(lane.description ? { description: lane.description } : {}),
    security: lane.security ?? withKeyOrLogIn,
    request: { query: lane.query, ...(lane.params ? { params: lane.params } : {}) },
    responses: {
      200: { description: "As Medusa answers it.", ...json(lane.answer) },
      304: { description: "The answer is the one whose `ETag` was sent in `If-None-Match`." },
      400: error("The publishable key is missing, unknown or revoked."),
      ...errorsOf(lane.errors),
      503: error("The lane cannot answer this form of the request, and Medusa, which could, is not up."),
    },
  }
}
