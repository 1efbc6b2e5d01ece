import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { Context, MiddlewareHandler } from "hono"
import type { Activity } from "../../commerce/channels/index.ts"
import { requireActivity } from "../channel-refusals.ts"
import type { Counter, Services } from "../counter.ts"
import { allowOrigin, originRule } from "../origins.ts"
import { KEY_HEADER } from "./lane.ts"

/** The counter itself asks, to end what a shopper has begun; with `ownToken`. */
export const OWN_HEADER = "x-mostrador-own"

/** Shows that a request is the shop's own. @param secret `JWT_SECRET` */
export const ownToken = (secret: string) =>
  createHmac("sha256", secret).update("mostrador own request").digest("base64url")

/** Whether the counter itself asks, which may do what those may whose work it ends. */
export function isOwn(c: Context<Counter>, { jwtSecret }: Pick<Services["config"], "jwtSecret">): boolean {
  const given = c.req.header(OWN_HEADER)
  if (given === undefined) return false
  const digest = (it: string) => createHash("sha256").update(it).digest()
  return timingSafeEqual(digest(given), digest(ownToken(jwtSecret)))
}

/** What requests do, by their paths. What stands nowhere (regions, log-ins, orders) every channel may that is open. */
const ACTIVITIES: [Activity, RegExp][] = [
  ["checkout", /^\/store\/(carts\/[^/]+\/complete|payment-collections)(\/|$)/],
  ["cart", /^\/store\/(carts|customers\/me\/cart|handoffs)(\/|$)/],
  ["browse", /^\/store\/(products|product-(variants|categories|tags|types)|collections|search|catalog|variants)(\/|$)/],
]

/**
 * Finds the channel of a Store request by its publishable key, and refuses what that may not do, whoever would answer: a
 * lane, a route of ours or Medusa. A key that is of no channel goes on as in Medusa.
 */
export function enterChannel(services: Services): MiddlewareHandler<Counter> {
  const { config, publishableKeys, channels } = services
  const origins = originRule(config.cors.store)
  return async (c, next) => {
    // Medusa's router does not look at letters' case.
    const path = c.req.path.toLowerCase()
    if (!path.startsWith("/store/") || c.req.method === "OPTIONS") return await next()
    // Streams are asked for by browsers that cannot send headers.
    const key = publishableKeys.find(c.req.header(KEY_HEADER) || c.req.query("publishable_api_key") || "")
    const channel = key && channels.ofKey(key.id)
    c.set("channel", channel)
    if (channel && !isOwn(c, config)) {
      try {
        requireActivity(channel, ACTIVITIES.find(([, of]) => of.test(path))?.[0])
      } catch (error) {
        allowOrigin(c, origins)
        throw error
      }
    }
    await next()
  }
}
