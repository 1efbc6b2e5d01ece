import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { NoSlot } from "../../../platform/slots.ts"
import type { Counter, Services } from "../../counter.ts"
import { ErrorBody, WireError } from "../../errors.ts"
import { type Answer, IdempotencyErrors, IdempotencyHeaders } from "../../idempotency.ts"
import { allowOrigin, answerPreflight, originRule } from "../../origins.ts"
import { answeredOnce } from "../idempotency.ts"
import { requirePublishableKey } from "../lane.ts"

/** Something that a shopper does with an order, and that Medusa does not know. */
interface OrderAction {
  /** As OpenAPI writes it. */
  path: string
  summary: string
  description: string
  query?: z.ZodObject
  headers?: z.ZodObject
  body?: z.ZodType
  answer: { description: string; content: Record<string, { schema: z.ZodType }> }
  /** What can go wrong, by status, beyond the missing publishable key. */
  errors: Record<number, string>
  handle(c: Context<Counter>): Promise<Response>
  /**
   * For what waits for Medusa: under keys it is done to one order by one at a time, in each process. Throws for whom the
   * order does not exist; all others are told that it is busy.
   */
  requireAccess?(c: Context<Counter>): Promise<unknown>
}

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
    const order = `order ${c.req.param("id")} ${path}`
    const refuse = async () => {
      await action.requireAccess?.(c)
      throw busy()
    }
    const around = action.requireAccess && ((inner: () => Promise<Answer>) => alone(services, order, inner, refuse))
    return await answeredOnce(c, services, () => action.handle(c), around)
  })
  const error = (description: string) => ({ description, content: { "application/json": { schema: ErrorBody } } })
  const errors = Object.entries(action.errors).map(([status, text]) => [status, error(text)])
  const { query, headers = z.object({}), body } = action
  app.openAPIRegistry.registerPath({
    ...{ method: "post", path: action.path, tags: ["store"], security: [{ publishableKey: [] }] },
    ...{ summary: action.summary, description: action.description },
    request: {
      params: OrderParams,
      headers: z.object({ ...IdempotencyHeaders.shape, ...headers.shape }),
      ...(query ? { query } : {}),
      ...(body ? { body: { content: { "application/json": { schema: body } } } } : {}),
    },
    responses: {
      200: action.answer,
      400: error("The publishable key is missing or unknown, or something else is wrong: the message says what."),
      ...IdempotencyErrors,
      ...Object.fromEntries(errors),
    },
  })
}

/**
 * Under a key one holds a connection while Medusa is asked: the many who come for one busy order must not take them all
 * from others.
 *
 * @param work  throws no `NoSlot` of its own
 */
async function alone<T>({ turns }: Services, name: string, work: () => Promise<T>, refuse: () => Promise<never>) {
  return await turns.use(name, 0, work).catch((cause) => {
    if (cause instanceof NoSlot) return refuse()
    throw cause
  })
}

const busy = () =>
  new WireError(409, "conflict", "The same is being done to this order just now. Ask again in a moment.", {
    ...{ code: "order_busy", headers: { "Retry-After": "1" } },
  })

export const OrderParams = z.object({ id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }) })
