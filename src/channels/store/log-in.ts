import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Context } from "hono"
import { OnlyMedusa } from "../../commerce/carts/index.ts"
import { isForeign, readToken } from "../../platform/auth/index.ts"
import { requireActivity } from "../channel-refusals.ts"
import type { Counter, Services } from "../counter.ts"
import { answerError, WireError } from "../errors.ts"
import { isEmpty, type MedusaAnswer, type Passthrough } from "../passthrough/index.ts"
import { asPresented, byWhom, meetCart, selectCart } from "./carts/index.ts"
import { requirePublishableKey } from "./lane.ts"

/** The cart that a device has when its shopper logs in. */
const CART_HEADER = "x-cart-id"

/** Where Medusa gives a customer his token, or a session for it. */
const LOG_INS: ["GET" | "POST", string][] = [
  ["POST", "/auth/customer/:provider"],
  ["GET", "/auth/customer/:provider/callback"],
  ["POST", "/auth/customer/:provider/callback"],
  ["POST", "/auth/mfa/challenges/:id/verify"],
  ["POST", "/auth/token/refresh"],
  ["POST", "/auth/session"],
]

/**
 * Lets a cart meet its customer's with the log-in itself: Medusa answers the log-in, and whom it has let in gets what
 * `POST /store/carts/{id}/customer` does to the cart that he names, and `cart_id` and `merge` beside Medusa's answer. A
 * log-in never fails for the cart's sake: then `merge.error` says why. Without the header it passes as it is; the body,
 * which holds a password, is read by nobody here in any case.
 */
export function addLogIns(app: OpenAPIHono<Counter>, services: Services, passthrough: Passthrough): void {
  for (const [method, path] of LOG_INS) {
    app.on(method, path, async (c) => {
      const cartId = c.req.header(CART_HEADER)
      if (!cartId) return await passthrough(c)
      const answer = await passthrough.ask(c, { "accept-encoding": "identity" })
      const { status, headers, body } = answer
      const said = wordsOf(answer)
      const met = said && (await meetAtLogIn(c, services, cartId, said))
      if (!met) return new Response(isEmpty(status) ? null : (body as Uint8Array<ArrayBuffer>), { status, headers })
      // They were of Medusa's own words.
      headers.delete("content-length")
      headers.delete("etag")
      return new Response(JSON.stringify({ ...said, ...met }), { status, headers })
    })
  }
}

/** @returns undefined when nobody was let in: it is refused, or not at its end */
function wordsOf({ status, headers, body }: MedusaAnswer): { token?: unknown } | undefined {
  const isJson = headers.get("content-type")?.startsWith("application/json") ?? false
  return status < 300 && isJson && Buffer.isBuffer(body) ? JSON.parse(body.toString()) : undefined
}

/** @returns undefined when it is no customer who was let in */
async function meetAtLogIn(
  c: Context<Counter>,
  services: Services,
  cartId: string,
  { token }: { token?: unknown },
): Promise<object | undefined> {
  // A session is of the token that it was asked for with.
  const authorization = typeof token === "string" ? `Bearer ${token}` : c.req.header("authorization")
  const actor = await readToken(authorization, services.config.jwtSecret)
  const isLetIn = actor?.actor_type === "customer" && actor.actor_id !== "" && !actor.needs_mfa
  if (!isLetIn && !isForeign(authorization)) return undefined
  c.set("loggedIn", actor?.actor_id)
  const response = await meet(c, services, cartId, actor?.actor_id).catch((error) => answerError(told(error), c))
  if (!response.ok) return { cart_id: null, merge: { error: await response.json() } }
  const { cart, merge } = (await response.json()) as { cart: { id: string }; merge?: object }
  return { cart_id: cart.id, ...(merge ? { merge } : {}) }
}

async function meet(
  c: Context<Counter>,
  services: Services,
  cartId: string,
  customerId: string | undefined,
): Promise<Response> {
  const { config, publishableKeys, channels } = services
  requirePublishableKey(c, publishableKeys)
  const channel = channels.ofKey(c.get("publishableKey").id)
  if (channel) requireActivity(channel, "cart")
  c.set("channel", channel)
  if (customerId === undefined) throw new OnlyMedusa("the token is signed in a way that only Medusa knows")
  const show = selectCart("id")
  if (!show) throw new Error("The fields of a cart are known")
  const by = await byWhom(c, config)
  return await asPresented(c, services, () =>
    meetCart(c, services, customerId, { cartId: c.get("cartId") ?? cartId, show, by, isPart: true }),
  )
}

const told = (error: Error) =>
  error instanceof OnlyMedusa
    ? new WireError(400, "not_allowed", "Only Medusa can do this: ask for it by POST /store/carts/{id}/customer.", {
        code: "left_to_medusa",
      })
    : error
