import { createHash, timingSafeEqual } from "node:crypto"
import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { hashOfToken } from "../../../commerce/carts/index.ts"
import { type OwnedOrder, readOwned } from "../../../commerce/orders/index.ts"
import { TooManyAttempts } from "../../../platform/attempts/index.ts"
import { readToken } from "../../../platform/auth/index.ts"
import type { Actor } from "../../../platform/events/index.ts"
import { readBody } from "../../body.ts"
import { clientAddress } from "../../client-address.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { refusal } from "../../refusals.ts"
import { withKey } from "../../security.ts"
import { CART_TOKEN_HEADER, ORDER_TOKEN_HEADER } from "../lane.ts"
import { customerOfMedusa, onlyMedusaKnows } from "../products/shopper.ts"
import { orderAction } from "./action.ts"

/** Somebody may see an order, and do what its shopper may. */
export interface OrderAccess {
  order_id: string
  actor: Actor
  /** Until then he may. */
  until: Date
}

/** What a link by e-mail is good for: as long as one waits for a parcel, and sends it back. */
export const LINK_DAYS = 30
const DAY_SECONDS = 24 * 3600
/** Guesses at an order's e-mail: an order's own, and those of one client. */
const ATTEMPTS = { minutes: 15, ofOrder: 10, ofAddress: 30 }

/** The parameter of routes that take the token in their address, for links and for `EventSource`. */
export const tokenParameter = z
  .string()
  .max(2_000)
  .optional()
  .openapi({ description: `Opens the order, for who cannot send the header \`${ORDER_TOKEN_HEADER}\`.` })

/** What opens an order. */
export const withOrderAccess = withKey("orderToken", "customerToken")
export const AccessHeaders = z.object({
  [ORDER_TOKEN_HEADER]: z
    .string()
    .optional()
    .openapi({ description: "From `POST /store/orders/{id}/access`, or a link." }),
  authorization: z.string().optional().openapi({ description: "The order's customer: `Bearer ...`." }),
})

/**
 * Lets through who may see the order: its customer, or who holds a token that was given out for it.
 *
 * @throws WireError 404, as if it did not exist, to anybody else
 */
export async function requireOrderAccess(
  c: Context<Counter>,
  services: Services,
  given: string | undefined,
): Promise<OrderAccess> {
  const id = c.req.param("id") ?? ""
  const order = await readOwned(services.database.sql, id, null)
  const access = order && (await accessTo(c, services, order, given))
  if (!access) throw unknownOrder(id)
  return access
}

async function accessTo(
  c: Context<Counter>,
  services: Services,
  order: OwnedOrder,
  given?: string,
): Promise<OrderAccess | undefined> {
  const { id: order_id, customer_id } = order
  const token = c.req.header(ORDER_TOKEN_HEADER) || given
  const until = token ? await services.orderLinks.opens(token, subjectOf(order)) : undefined
  if (until) return { order_id, actor: { type: "guest", id: null }, until }
  if (customer_id === null || (await customerOf(c, services)) !== customer_id) return undefined
  return { order_id, actor: { type: "customer", id: customer_id }, until: new Date(Date.now() + DAY_SECONDS * 1000) }
}

/**
 * Whether an order answers to who asks for it by its id: a guest's to whoever knows that, as in Medusa; an account's to its
 * customer, to who holds a token for it, and to who has claimed its cart.
 *
 * @param order  read with `claimOf` the request
 */
export async function answersTo(c: Context<Counter>, services: Services, order: OwnedOrder): Promise<boolean> {
  if (services.config.cartAccess === "id" || !order.is_accounts || order.is_claimed) return true
  return (await accessTo(c, services, order)) !== undefined
}

/** What stands in the database for the token of a cart that who asks has claimed. */
export function claimOf(c: Context<Counter>): string | null {
  const token = c.req.header(CART_TOKEN_HEADER)
  return token ? hashOfToken(token) : null
}

/** The customer who asks, by his token or his session. */
export async function customerOf(c: Context<Counter>, { config }: Services): Promise<string | undefined> {
  if (onlyMedusaKnows(c)) return await customerOfMedusa(c, config)
  const actor = await readToken(c.req.header("authorization"), config.jwtSecret)
  return actor?.actor_type === "customer" && actor.actor_id && !actor.needs_mfa ? actor.actor_id : undefined
}

/** A token dies when the order gets another e-mail or customer: who has it transferred to him shares it with nobody. */
const subjectOf = ({ id, email, customer_id }: OwnedOrder) => `${id}\n${email ?? ""}\n${customer_id ?? ""}`

/** In Medusa's words. */
export const unknownOrder = (id: string) => new WireError(404, "not_found", `Order id not found: ${id}`)

/** A token for an order, for who is known to be allowed to have it. @returns undefined when there is no such order */
export async function issueOrderLink(
  services: Services,
  id: string,
  days: number,
): Promise<{ token: string; expires_at: string } | undefined> {
  const order = await readOwned(services.database.sql, id, null)
  return order && (await issue(services, order, days))
}

async function issue({ orderLinks }: Services, order: OwnedOrder, days: number) {
  const { token, expires_at } = await orderLinks.issue(subjectOf(order), days * DAY_SECONDS)
  return { token, expires_at: expires_at.toISOString() }
}

const Body = z
  .object({
    email: z
      .string()
      .min(1)
      .max(320)
      .optional()
      .openapi({ description: "Of the order; not needed by its customer.", example: "vega@example.com" }),
  })
  .strict()
export const OrderToken = z.object({
  token: z.string().openapi({ description: `For the header \`${ORDER_TOKEN_HEADER}\` or the parameter \`token\`.` }),
  expires_at: z.iso.datetime(),
})
const ACCESS_DAYS = 1

/** Gives a token for an order to who knows its e-mail, or is its customer. */
export const orderAccess = (services: Services) =>
  orderAction(services, {
    path: "/store/orders/{id}/access",
    summary: "Get a token for an order",
    description: [
      "For a guest, who says the order's e-mail; and for its customer, whose browser cannot send his log-in with an `EventSource` or a link. It opens this order alone, for a day.",
      "The e-mail is in the body, so that it ends up in no log of addresses.",
    ].join("\n\n"),
    body: Body,
    security: [...withKey(), ...withOrderAccess],
    answer: { description: "The token.", content: { "application/json": { schema: OrderToken } } },
    errors: {
      404: "There is no such order, or the e-mail is not its own.",
      429: "Too many e-mails were tried at this order, or from this address: `Retry-After` says when to come back.",
    },
    async handle(c) {
      const id = c.req.param("id") ?? ""
      const body = (await readBody(c, 4)) ?? {}
      const given = Body.safeParse(body)
      if (!given.success) throw refusal(given.error, body)
      const order =
        given.data.email === undefined
          ? await ownOrder(c, services, id)
          : await orderByEmail(c, services, id, given.data.email)
      return c.json(await issue(services, order, ACCESS_DAYS), 200, { "Cache-Control": "no-store" })
    },
  })

async function ownOrder(c: Context<Counter>, services: Services, id: string): Promise<OwnedOrder> {
  await requireOrderAccess(c, services, undefined)
  const order = await readOwned(services.database.sql, id, null)
  if (!order) throw unknownOrder(id)
  return order
}

async function orderByEmail(c: Context<Counter>, services: Services, id: string, email: string): Promise<OwnedOrder> {
  const counted = [
    { name: `order ${id}`, most: ATTEMPTS.ofOrder },
    { name: `address ${clientAddress(c, services.config)}`, most: ATTEMPTS.ofAddress },
  ]
  const takeBack = await services.attempts.begin(counted, ATTEMPTS.minutes).catch((error) => {
    throw error instanceof TooManyAttempts ? tooMany(error) : error
  })
  const order = await readOwned(services.database.sql, id, null)
  // Compared also where there is nothing to compare it with: how long it takes tells nobody that the order exists.
  const isSame = sameEmail(email, order?.email ?? "")
  // Of an order that was transferred the e-mail is still that of who had it before.
  if (!order?.email || !isSame || order.is_others) throw unknownOrder(id)
  await takeBack()
  return order
}

function sameEmail(a: string, b: string): boolean {
  const digest = (it: string) => createHash("sha256").update(it.trim().toLowerCase()).digest()
  return timingSafeEqual(digest(a), digest(b))
}

const tooMany = ({ retryAfterSeconds }: TooManyAttempts) =>
  new WireError(429, "not_allowed", "There were too many attempts. Try again later, or use the link in your e-mail.", {
    code: "too_many_attempts",
    headers: { "Retry-After": String(retryAfterSeconds) },
  })
