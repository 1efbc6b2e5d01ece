import type { Context } from "hono"
import type { ChangedBy } from "../../../commerce/carts/index.ts"
import type { Config } from "../../../config.ts"
import { type PublishableKey, readToken } from "../../../platform/auth/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { onlyMedusaKnows } from "../products/shopper.ts"

/** Who changes a cart, as its events tell it. */
export async function byWhom(
  c: Context<Counter>,
  { jwtSecret }: Config,
  { sales_channel_ids }: PublishableKey = c.get("publishableKey"),
): Promise<ChangedBy> {
  const [channel, ...more] = sales_channel_ids
  const actor = await readToken(c.req.header("authorization"), jwtSecret)
  const isCustomer = actor?.actor_type === "customer" && actor.actor_id !== ""
  return {
    actor: isCustomer ? { type: "customer", id: actor.actor_id } : { type: "guest", id: null },
    channel: channel !== undefined && more.length === 0 ? channel : null,
    device: c.req.header("x-device-id")?.slice(0, 200) ?? null,
  }
}

/** @returns undefined when only Medusa knows who asks; without an id when nobody in particular does */
export async function actorOf(c: Context<Counter>, { config }: Services): Promise<{ id?: string } | undefined> {
  if (onlyMedusaKnows(c)) return undefined
  const authorization = c.req.header("authorization")
  const actor = await readToken(authorization, config.jwtSecret)
  if (actor?.actor_type !== "customer") return {}
  // A log-in without a customer, or one that is not finished.
  return actor.actor_id && !actor.needs_mfa ? { id: actor.actor_id } : undefined
}
