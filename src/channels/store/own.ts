import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { Counter, Services } from "../counter.ts"
import { error, errorsOf } from "../described.ts"
import { WireError } from "../errors.ts"
import { allowOrigin, answerPreflight, originRule } from "../origins.ts"
import { readParameters, wrongParameter } from "../parameters.ts"
import { type Security, withKey } from "../security.ts"
import { requirePublishableKey } from "./lane.ts"

/** What comes back, by its media type. */
export type Answered = Record<string, { schema: z.ZodType }>

/** A request of a store's clients that Medusa does not know: what is wrong with it is said here. */
export interface OwnRoute<
  Query extends z.ZodObject,
  Path extends string = string,
  Content extends Answered = Answered,
> {
  /** As OpenAPI writes it. */
  path: Path
  summary: string
  description: string
  params?: z.ZodObject
  query: Query
  /** The parameter in which the publishable key may come instead of its header. */
  keyParameter?: string
  /** What it takes, where it is not a publishable key alone. */
  security?: Security
  /** Headers that it reads beside the publishable key. */
  headers?: z.ZodObject
  /** What it answers with when all is well. */
  answer: { description: string; content: Content }
  /** What can go wrong, by status; 400 is there already. */
  errors?: Record<number, string>
  handle(c: Context<Counter>, query: z.output<Query>): Promise<Response>
}

/** A route as it is, with its types followed from its schemas. */
export const ownRoute = <Query extends z.ZodObject, Path extends string, Content extends Answered>(
  it: OwnRoute<Query, Path, Content>,
): OwnRoute<Query, Path, Content> => it

/** Puts it on the app and into the OpenAPI document. */
export function addOwnRoute<Query extends z.ZodObject>(
  app: OpenAPIHono<Counter>,
  { config, publishableKeys }: Services,
  route: OwnRoute<Query>,
): void {
  const path = route.path.replace(/\{(\w+)\}/g, ":$1")
  const schema = route.query.strict()
  const origins = originRule(config.cors.store)
  app.options(path, (c) => answerPreflight(c, origins))
  app.get(path, async (c) => {
    c.set("route", path)
    allowOrigin(c, origins)
    const inAddress = route.keyParameter && c.req.query(route.keyParameter)
    requirePublishableKey(c, publishableKeys, c.req.header("x-publishable-api-key") || inAddress)
    requireSalesChannel(c)
    return await route.handle(c, readParameters(schema, c.req.url) as z.output<Query>)
  })
  app.openAPIRegistry.registerPath(documented(route))
}

/** Sales channels that are asked for: of those that the key opens. */
export const salesChannelParameter = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((it) => (typeof it === "string" ? [it] : it))
  .optional()
  .openapi({ description: "Only these of the key's sales channels.", example: "sc_01M7ZRVFH8HMMAP027Z42YKK0G" })

/** @source Medusa 2.21 `medusa/dist/api/utils/middlewares/products/filter-by-valid-sales-channels.js` */
export function requireSalesChannel(c: Context<Counter>): void {
  if (c.get("publishableKey").sales_channel_ids.length > 0) return
  throw new WireError(400, "invalid_data", "Publishable key needs to have a sales channel configured")
}

/**
 * The channels through which a request sees the shop: those of its key, or some of them.
 *
 * @throws WireError when the key does not open one of them
 */
export function channelsOf(c: Context<Counter>, asked: string[] | undefined): string[] {
  const ofKey = c.get("publishableKey").sales_channel_ids
  const foreign = asked?.find((it) => !ofKey.includes(it))
  if (foreign !== undefined) throw wrongParameter("sales_channel_id", `the publishable key does not open ${foreign}`)
  return [...new Set(asked ?? ofKey)].sort()
}

function documented<Query extends z.ZodObject>(route: OwnRoute<Query>): RouteConfig {
  return {
    method: "get",
    path: route.path,
    summary: route.summary,
    description: route.description,
    security: route.security ?? withKey(),
    request: {
      query: route.query,
      ...(route.params ? { params: route.params } : {}),
      ...(route.headers ? { headers: route.headers } : {}),
    },
    responses: {
      200: route.answer,
      400: error(
        "The publishable key is missing, unknown or of no sales channel, or a parameter is wrong: the message says which.",
      ),
      ...errorsOf(route.errors),
    },
  }
}
