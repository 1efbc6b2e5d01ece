import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { type CartPlace, cartsIn, isReached, issueTicket, placeOfCart, takeTicket } from "../../commerce/carts/index.ts"
import { findStaff, worksAt } from "../../commerce/staff/index.ts"
import { isSignedIn } from "../../commerce/tills/index.ts"
import { readToken, tokenHash } from "../../platform/auth/index.ts"
import { clientAddress } from "../client-address.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { readParameters } from "../parameters.ts"
import { Bearer, cartIn, noCart } from "../store/index.ts"
import { addDeskRoute, type DeskRoom, onCart } from "./desk-carts.ts"

const position = z.string().max(4_000).optional()
export const StreamQuery = z
  .object({
    ticket: z
      .string()
      .min(1, "is empty")
      .max(200)
      .optional()
      .openapi({ description: "Instead of headers; used once." }),
    last_event_id: position.openapi({ description: "For clients that cannot send the header, which wins." }),
  })
  .strict()

type Follower = NonNullable<Bearer["desk"]> & { device: string | null }

/** Carts at a desk are followed as those of the store, for as long as who follows them works there. */
export function addDeskStreams(app: OpenAPIHono<Counter>, services: Services, room: DeskRoom): void {
  const { sql } = services.database
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/stream-ticket" },
    handle: onCart(services, async (c) => {
      const { device, ...desk } = await followerOf(c, services)
      const bearer: Bearer = { customer: null, claim: null, device, desk }
      const { ticket, expires_at } = await issueTicket(sql, cartIn(c), bearer)
      return c.json({ ticket, expires_at: expires_at.toISOString() })
    }),
  })
  const path = `${room.prefix}/carts/:id/stream`
  app.get(path, async (c, next) => {
    if (c.req.query("ticket") === undefined) return await next()
    c.set("route", path)
    const { ticket = "" } = readParameters(StreamQuery, c.req.url)
    const { place, follower } = await byTicket(c, services, room, ticket)
    return await open(c, services, place.cart_id, follower)
  })
  addDeskRoute(app, room, {
    ...{ method: "get", path: "/carts/:id/stream" },
    handle: onCart(services, async (c) => open(c, services, cartIn(c), await followerOf(c, services))),
  })
}

async function open(c: Context<Counter>, services: Services, cartId: string, follower: Follower): Promise<Response> {
  const { last_event_id } = readParameters(StreamQuery, c.req.url)
  const given = c.req.header("last-event-id") || last_event_id
  const { actor, channel_id, till_id, device } = follower
  return await services.cartStreams.open(c, {
    ...{ cartId, address: clientAddress(c, services.config) },
    from: given ? services.cartPositions.read(given, await cartsIn(services.database.sql, cartId)) : undefined,
    viewer: {
      channel: services.channels.find(channel_id ?? "")?.sales_channel_id ?? null,
      ...{ device: till_id ?? device, actor_type: actor.type },
    },
    mayFollow: (cart) => mayFollow(services, follower, cart),
  })
}

/** Who is let through, as he is known for as long as he follows a cart. */
async function followerOf(c: Context<Counter>, { config }: Services): Promise<Follower> {
  const worker = c.get("desk")?.worker
  if (!worker) throw new Error("who follows a cart at a desk works there")
  const shift = c.get("shift")
  const session = shift ? tokenHash(c.req.header("x-till-session") ?? "") : null
  const { expires_at } = shift ? {} : ((await readToken(c.req.header("authorization"), config.jwtSecret)) ?? {})
  const until = shift ? Date.parse(shift.expires_at) : (expires_at?.getTime() ?? Date.now())
  return { ...worker, session, until, device: c.req.header("x-device-id")?.slice(0, 200) ?? null }
}

async function mayFollow({ database: { sql } }: Services, follower: Follower, { cart_id }: CartPlace) {
  if (Date.now() >= follower.until) return false
  return (await stillWorks(sql, follower)) && (await isReached(sql, follower, cart_id))
}

async function stillWorks(sql: Services["database"]["sql"], { session, actor }: Follower): Promise<boolean> {
  if (session !== null) return await isSignedIn(sql, session)
  const member = await findStaff(sql, actor.id)
  return member?.is_active === true && worksAt(member.role, "telephone")
}

async function byTicket(
  c: Context<Counter>,
  services: Services,
  room: DeskRoom,
  ticket: string,
): Promise<{ place: CartPlace; follower: Follower }> {
  const { sql } = services.database
  const id = c.req.param("id") ?? ""
  const taken = await takeTicket(sql, ticket)
  const [place, of] = taken ? await Promise.all([placeOfCart(sql, id), placeOfCart(sql, taken.cart_id)]) : []
  const bearer = taken && Bearer.parse(taken.bearer)
  if (!place || place.cart_id !== of?.cart_id || bearer?.desk?.actor.type !== room.actor) {
    throw new WireError(
      401,
      "unauthorized",
      "The ticket was used, has expired, or is of another cart. Get a new one.",
      {
        code: "ticket_invalid",
      },
    )
  }
  const follower = { ...bearer.desk, device: bearer.device }
  if (!(await mayFollow(services, follower, place))) throw noCart(id)
  return { place, follower }
}
