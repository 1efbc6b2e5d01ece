import type { OpenAPIHono } from "@hono/zod-openapi"
import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { OnlyMedusa } from "../../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../../counter.ts"
import { error, errorsOf, json } from "../../../described.ts"
import { WireError } from "../../../errors.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "../../../idempotency.ts"
import { allowOrigin, answerPreflight, originRule } from "../../../origins.ts"
import type { Passthrough } from "../../../passthrough/index.ts"
import { type Security, withCart } from "../../../security.ts"
import { requireShallow, wholeBody } from "../../../whole-body.ts"
import { isPlain, parseQuery, requirePublishableKey } from "../../lane.ts"
import { type ShownCart, selectCart } from "../fields.ts"
import { asPresented } from "../presented.ts"

/**
 * A request of Medusa's Store API that changes a cart, and that the counter answers itself: exactly as Medusa would, or
 * not at all. What `body` refuses, and every form of request that is not known here, is passed through.
 */
export interface ChangeLane<
  Body,
  Method extends "post" | "delete" = "post" | "delete",
  Path extends string = string,
  Answer extends z.ZodType = z.ZodType,
> {
  method: Method
  /** As OpenAPI writes it. */
  path: Path
  summary: string
  description?: string
  /** What the lane can do exactly; undefined for a route that reads none. */
  body?: z.ZodType<Body>
  answer: Answer
  /** What it takes, where it is not what a cart answers to. */
  security?: Security
  /** It reads `x-medusa-locale` itself; others leave a request that has one to Medusa. */
  readsLocale?: boolean
  /** The answer shows an order, whose `fields` the lane reads itself. */
  showsOrder?: boolean
  /** What can go wrong, by status, beyond the missing publishable key. */
  errors?: Record<number, string>
  /**
   * @param asked.show    what of the cart the answer shows, if that is what it shows
   * @param asked.fields  the same as it was asked for
   * @returns undefined when it must be Medusa's after all
   * @throws OnlyMedusa likewise
   */
  handle(
    c: Context<Counter>,
    asked: { body: Body; show: ShownCart; fields: string | undefined },
  ): Promise<Response | undefined>
}

/** A lane as it is, with its types followed from its schemas. */
export const changeLane = <
  Body,
  Method extends "post" | "delete" = "post" | "delete",
  Path extends string = string,
  Answer extends z.ZodType = z.ZodType,
>(
  it: ChangeLane<Body, Method, Path, Answer>,
): ChangeLane<Body, Method, Path, Answer> => it

/** The language of the client: what is new in a cart Medusa names in it. */
export const LOCALE_HEADER = "x-medusa-locale"

const Query = z.strictObject({ fields: z.string().optional() })

/** Puts a lane on the app and into the OpenAPI document. */
export function addChangeLane<Body>(
  app: OpenAPIHono<Counter>,
  { config, publishableKeys }: Services,
  passthrough: Passthrough,
  lane: ChangeLane<Body>,
): void {
  const path = lane.path.replace(/\{(\w+)\}/g, ":$1")
  const origins = originRule(config.cors.store)
  app.options(path, (c) =>
    c.req.header("access-control-request-method") ? answerPreflight(c, origins) : passthrough(c),
  )
  app.on(lane.method, path, async (c) => {
    c.set("way", "lane")
    c.set("route", path)
    allowOrigin(c, origins)
    if ((c.req.header(LOCALE_HEADER) && !lane.readsLocale) || !isPlain(c, path)) return passthrough(c)
    const query = Query.safeParse(parseQuery(c.req.url))
    const show = query.success ? selectCart(lane.showsOrder ? undefined : query.data.fields) : undefined
    // A body that is none is told of before a key that is missing.
    const body = show && (await readBody(c, lane.body))
    if (!show || !body) return passthrough(c)
    requirePublishableKey(c, publishableKeys)
    try {
      const asked = { body: body.read, show, fields: query.data?.fields }
      return (await asPresented(c, { config }, () => lane.handle(c, asked))) ?? (await passthrough(c))
    } catch (error) {
      if (!(error instanceof OnlyMedusa)) throw error
      c.var.log.debug({ request_id: c.var.requestId, reason: error.reason }, "a cart's change is left to Medusa")
      return passthrough(c)
    }
  })
  app.openAPIRegistry.registerPath({
    method: lane.method,
    path: lane.path,
    summary: lane.summary,
    ...(lane.description ? { description: lane.description } : {}),
    security: lane.security ?? withCart,
    request: {
      query: Query,
      headers: IdempotencyHeaders.extend(VersionHeader.shape),
      ...(lane.body ? { body: json(lane.body) } : {}),
    },
    responses: {
      200: { description: "As Medusa answers it.", ...json(lane.answer) },
      400: error("What is asked cannot be done to this cart, or the publishable key is missing."),
      ...errorsOf(lane.errors),
      412: error("The cart is not in the version of `If-Match`; `cart` is what it is now."),
      ...IdempotencyErrors,
      503: error(
        "Others are changing the cart (`counter_busy`); only Medusa can do this, and is not up (`medusa_unavailable`); or Stripe does not say whether a payment that was begun is closed (`payment_uncertain`).",
      ),
    },
  })
}

/** For the OpenAPI document of routes that change a cart. */
export const VersionHeader = z.object({
  "If-Match": z.string().optional().openapi({
    description: "The `ETag` of the cart that the change is meant for; any other is answered with 412.",
    example: '"7"',
  }),
})

/** Medusa takes no more, and says so. */
const MOST_BYTES = 100 * 1024

/**
 * @returns undefined where Medusa has to say what it makes of it
 * @throws WireError 400 for a zero byte, which no column holds, and half a character in metadata, at which Medusa fails;
 *   for what is nested too deep, at which it hangs; 413 over a megabyte
 */
async function readBody<Body>(
  c: Context<Counter>,
  schema: z.ZodType<Body> | undefined,
): Promise<{ read: Body } | undefined> {
  const bytes = await wholeBody(c)
  if (bytes.byteLength > MOST_BYTES || c.req.header("content-encoding")) return undefined
  const text = bytes.toString()
  if (
    bytes.byteLength > 0 &&
    !/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(c.req.header("content-type") ?? "")
  )
    return undefined
  // Amounts to Medusa, which rewrites them; and a name that is no name in JavaScript.
  if (/"raw_|__proto__/.test(text)) return undefined
  requireShallow(text)
  const json = parse(text)
  if (typeof json?.parsed !== "object" || json.parsed === null) return undefined
  if (!schema) return { read: undefined as Body }
  const read = schema.safeParse(json.parsed)
  if (!read.success) return undefined
  if (/(^|[^\\])(\\\\)*\\u0000/.test(text)) throw new WireError(400, "invalid_data", "A zero byte is in no text")
  if (/\\ud[89a-f]/i.test(text) && !isWellFormed(json.parsed)) return undefined
  return { read: read.data }
}

/**
 * Whether all texts are of whole characters: Medusa writes another for half of one.
 *
 * @throws WireError where it is in metadata, which is JSON, and holds no such thing
 */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return !HALF.test(value)
  if (typeof value !== "object" || value === null) return true
  let isWell = true
  for (const [name, it] of Object.entries(value)) {
    const isWellThere = !HALF.test(name) && isWellFormed(it)
    if (!isWellThere && (name === "metadata" || name === "data")) {
      throw new WireError(400, "invalid_data", `Half a character, as \\ud800, is in no ${name}`)
    }
    isWell &&= isWellThere
  }
  return isWell
}

const HALF = /\p{Surrogate}/u

function parse(text: string): { parsed: unknown } | undefined {
  try {
    // No body is an empty one, as in Express.
    return { parsed: text === "" ? {} : JSON.parse(text) }
  } catch {
    // Medusa says what is wrong with it.
    return undefined
  }
}
