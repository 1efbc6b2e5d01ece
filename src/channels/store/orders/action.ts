import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { Counter, Services } from "../../counter.ts"
import { error, errorsOf, json } from "../../described.ts"
import { allowOrigin, answerPreflight, originRule } from "../../origins.ts"
import type { Security } from "../../security.ts"
import { answeredOnce, IdempotencyErrors, IdempotencyHeaders } from "../idempotency.ts"
import { requirePublishableKey } from "../lane.ts"
import type { Answered } from "../own.ts"

/** Something that a shopper does with an order, and that Medusa does not know. */
export interface OrderAction<
  Path extends string = string,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Content extends Answered = Answered,
> {
  /** As OpenAPI writes it. */
  path: Path
  summary: string
  description: string
  query?: Query
  headers?: z.ZodObject
  security: Security
  body?: Body
  answer: { description: string; content: Content }
  /** What can go wrong, by status, beyond the missing publishable key. */
  errors: Record<number, string>
  handle(c: Context<Counter>): Promise<Response>
}

/** It as it is, with its types followed from its schemas. */
export const orderAction = <
  Path extends string,
  Content extends Answered,
  Query extends z.ZodObject,
  Body extends z.ZodType,
>(
  it: OrderAction<Path, Query, Body, Content>,
): OrderAction<Path, Query, Body, Content> => it

/** Puts it on the app and into the OpenAPI document. */
export function addOrderAction(app: OpenAPIHono<Counter>, services: Services, action: OrderAction): void {
  const path = action.path.replace(/\{(\w+)\}/g, ":$1")
  const origins = originRule(services.config.cors.store)
  app.options(path, (c) => answerPreflight(c, origins))
  app.post(path, async (c) => {
    c.set("way", "own")
    c.set("route", path)
    allowOrigin(c, origins)
    requirePublishableKey(c, services.publishableKeys)
    return await answeredOnce(c, services, () => action.handle(c))
  })
  const { query, headers = z.object({}), body } = action
  app.openAPIRegistry.registerPath({
    ...{ method: "post", path: action.path, security: action.security },
    ...{ summary: action.summary, description: action.description },
    request: {
      params: OrderParams,
      headers: z.object({ ...IdempotencyHeaders.shape, ...headers.shape }),
      ...(query ? { query } : {}),
      ...(body ? { body: json(body) } : {}),
    },
    responses: {
      200: action.answer,
      400: error("The publishable key is missing or unknown, or something else is wrong: the message says what."),
      ...IdempotencyErrors,
      ...errorsOf(action.errors),
    },
  })
}

export const OrderParams = z.object({ id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }) })
