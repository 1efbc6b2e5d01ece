import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { NoSlot } from "../../../platform/slots.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import type { Answered } from "../own.ts"
import { type OwnAction, ownAction } from "../own-action.ts"

/** Something that a shopper does with an order, and that Medusa does not know. */
interface OrderAction<Path extends string, Query extends z.ZodObject, Body extends z.ZodType, Content extends Answered>
  extends Omit<OwnAction<Path, Query, Body, Content>, "params" | "around"> {
  /**
   * For what waits for Medusa: under keys it is done to one order by one at a time, in each process. Throws for whom the
   * order does not exist: he keeps nobody from it; all others are told that it is busy.
   */
  requireAccess?(c: Context<Counter>): Promise<unknown>
}

export function orderAction<
  Path extends string,
  Content extends Answered,
  Query extends z.ZodObject,
  Body extends z.ZodType,
>(
  services: Services,
  { requireAccess, ...own }: OrderAction<Path, Query, Body, Content>,
): OwnAction<Path, Query, Body, Content> {
  return ownAction({
    ...{ ...own, params: OrderParams },
    ...(requireAccess && {
      async around(c, inner) {
        await requireAccess(c)
        return await alone(services, `order ${c.req.param("id")} ${own.path}`, inner)
      },
    }),
  })
}

/**
 * Under a key one holds a connection while Medusa is asked: the many who come for one busy order must not take them all
 * from others.
 *
 * @param work  throws no `NoSlot` of its own
 */
async function alone<T>({ turns }: Services, name: string, work: () => Promise<T>): Promise<T> {
  return await turns.use(name, 0, work).catch((cause) => {
    throw cause instanceof NoSlot ? busy() : cause
  })
}

const busy = () =>
  new WireError(409, "conflict", "The same is being done to this order just now. Ask again in a moment.", {
    ...{ code: "order_busy", headers: { "Retry-After": "1" } },
  })

export const OrderParams = z.object({ id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }) })
