import type { Context } from "hono"
import type { ChangedBy } from "../../../commerce/carts/index.ts"
import type { Config } from "../../../config.ts"
import { type PublishableKey, readToken } from "../../../platform/auth/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { onlyMedusaKnows } from "../products/shopper.ts"
import { customerAsking } from "./presented.ts"

/** Who changes a cart, as its events tell it. */
export async function byWhom(c: Context<Counter>, { jwtSecret }: Config, key?: PublishableKey): Promise<ChangedBy> {
  const desk = c.get("desk")
  if (desk) return desk.by
  const { sales_channel_ids } = key ?? c.get("publishableKey")
  const [channel, ...more] = sales_channel_ids
  const actor = await readToken(c.req.header("authorization"), jwtSecret)
  const isCustomer = actor?.actor_type === "customer" && actor.actor_id !== ""
  const customer = c.get("loggedIn") ?? c.get("sessionCustomer") ?? (isCustomer ? actor.actor_id : undefined)
  return {
    actor: customer === undefined ? { type: "guest", id: null } : { type: "customer", id: customer },
    channel: channel !== undefined && more.length === 0 ? channel : null,
    channel_id: c.get("channel")?.id ?? null,
    device: c.req.header("x-device-id")?.slice(0, 200) ?? null,
  }
}

/** The same for who is to own a cart: a session is asked about, since its customer has one open cart, too. */
export async function ownerOf(c: Context<Counter>, services: Services): Promise<{ id?: string } | undefined> {
  if (services.config.cartMerge === "off" || !onlyMedusaKnows(c)) return await actorOf(c, services)
  const id = await customerAsking(c, services.config)
  return id === undefined ? undefined : { id }
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
