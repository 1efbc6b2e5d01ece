import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { Counter, Services } from "../counter.ts"
import { error, errorsOf, json } from "../described.ts"
import { type Answer, IdempotencyErrors, IdempotencyHeaders } from "../idempotency.ts"
import { allowOrigin, answerPreflight, originRule } from "../origins.ts"
import { type Security, withKey } from "../security.ts"
import { answeredOnce } from "./idempotency.ts"
import { requirePublishableKey } from "./lane.ts"
import type { Answered } from "./own.ts"

/** Something that a store's client does, and that Medusa does not know: once under an `Idempotency-Key`. */
export interface OwnAction<
  Path extends string = string,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Content extends Answered = Answered,
> {
  /** As OpenAPI writes it. */
  path: Path
  summary: string
  description: string
  params: z.ZodObject
  query?: Query
  headers?: z.ZodObject
  /** What it takes, where it is not a publishable key alone. */
  security?: Security
  body?: Body
  answer: { description: string; content: Content }
  /** What can go wrong, by status, beyond the missing publishable key. */
  errors: Record<number, string>
  handle(c: Context<Counter>): Promise<Response>
  /** Runs before a connection is taken for a key, and may refuse to go on. */
  around?(c: Context<Counter>, inner: () => Promise<Answer>): Promise<Answer>
}

/** It as it is, with its types followed from its schemas. */
export const ownAction = <
  Path extends string,
  Content extends Answered,
  Query extends z.ZodObject,
  Body extends z.ZodType,
>(
  it: OwnAction<Path, Query, Body, Content>,
): OwnAction<Path, Query, Body, Content> => it

/** Puts it on the app and into the OpenAPI document. */
export function addOwnAction(app: OpenAPIHono<Counter>, services: Services, action: OwnAction): void {
  const path = action.path.replace(/\{(\w+)\}/g, ":$1")
  const origins = originRule(services.config.cors.store)
  app.options(path, (c) => answerPreflight(c, origins))
  app.post(path, async (c) => {
    c.set("way", "own")
    c.set("route", path)
    allowOrigin(c, origins)
    requirePublishableKey(c, services.publishableKeys)
    const around = action.around && ((inner: () => Promise<Answer>) => action.around?.(c, inner) ?? inner())
    return await answeredOnce(c, services, () => action.handle(c), around)
  })
  const { params, query, headers = z.object({}), body } = action
  app.openAPIRegistry.registerPath({
    ...{ method: "post", path: action.path, security: action.security ?? withKey() },
    ...{ summary: action.summary, description: action.description },
    request: {
      params,
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
