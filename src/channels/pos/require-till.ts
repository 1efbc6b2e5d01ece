import type { Context, MiddlewareHandler } from "hono"
import type { ChangedBy } from "../../commerce/carts/index.ts"
import { type KnownTill, readShown, type Shown, type TillSession } from "../../commerce/tills/index.ts"
import { recordRefusal } from "../../platform/audit/index.ts"
import { requireActivity } from "../channel-refusals.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"

/** With the token of who is signed in at the till. */
export const SESSION_HEADER = "x-till-session"

/**
 * Lets through a device that is a till (`Authorization: Bearer`, with its token), and tells what follows which one it is:
 * `till`, `channel`. Who stands at it is not looked at.
 */
export function requireTill(services: Services): MiddlewareHandler<Counter> {
  return async (c, next) => {
    await enter(c, services, await shown(c, services, undefined))
    await next()
  }
}

/**
 * Lets through who is signed in at a till, with both tokens: `till`, `channel`, `staff`, `shift`.
 *
 * @param mayBeClosed  also while the channel is closed: he signs out, and is not signed in when it opens again
 */
export function requireCashier(services: Services, { mayBeClosed = false } = {}): MiddlewareHandler<Counter> {
  return async (c, next) => {
    const found = await shown(c, services, c.req.header(SESSION_HEADER) ?? "")
    const till = await enter(c, services, found, mayBeClosed)
    const shift = await signedIn(services, till, found.session)
    c.set("shift", shift)
    c.set("staff", shift.staff)
    await next()
  }
}

/** By whom a cart is changed at a till; behind `requireCashier`. */
export function byCashier(c: Pick<Context<Counter>, "get">): ChangedBy {
  const channel = c.get("channel")
  return {
    actor: { type: "cashier", id: c.get("staff").user_id },
    channel: channel?.sales_channel_id ?? null,
    channel_id: channel?.id ?? null,
    device: c.get("till").id,
  }
}

async function shown(c: Context<Counter>, { database }: Services, session: string | undefined): Promise<Shown> {
  const [, token] = /^bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? []
  if (!token) throw unknownTill()
  return await readShown(database.sql, token, session)
}

async function enter(
  c: Context<Counter>,
  services: Services,
  { till }: Shown,
  mayBeClosed = false,
): Promise<KnownTill> {
  const { channels, database, feed } = services
  if (!till) throw unknownTill()
  const { id, channel_id } = till
  if (till.is_revoked) {
    await recordRefusal(database.sql, {
      ...{ action: "till.refused", actor: { type: "till", id }, channel_id, till_id: id, subject_id: id },
      details: { reason: "till_revoked" },
    })
    throw new WireError(403, "forbidden", "This till was revoked. Ask for a new pairing code.", {
      code: "till_revoked",
    })
  }
  // One that another counter has just made is not in this one's memory yet.
  if (!channels.find(channel_id)) await feed.catchUp()
  const channel = channels.find(channel_id)
  if (!channel) throw new Error("the channel of a till is there")
  if (!mayBeClosed) requireActivity(channel)
  c.set("till", till)
  c.set("channel", channel)
  return till
}

async function signedIn({ database }: Services, till: KnownTill, session: Shown["session"]): Promise<TillSession> {
  if (session && "staff" in session) return session
  if (session) {
    const { ended: reason, user_id } = session
    await recordRefusal(database.sql, {
      actor: user_id === null ? { type: "till", id: till.id } : { type: "cashier", id: user_id },
      ...{ action: "session.refused", channel_id: till.channel_id, till_id: till.id, subject_id: user_id },
      details: { reason },
    })
  }
  throw new WireError(401, "unauthorized", "Nobody is signed in at this till with that. Sign in.", {
    code: "signed_out",
  })
}

const unknownTill = () =>
  new WireError(401, "unauthorized", "Only a till may ask this, with the token that it got when it was paired.", {
    code: "till_unknown",
  })
