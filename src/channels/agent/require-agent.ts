import type { Context, MiddlewareHandler } from "hono"
import type { ChangedBy } from "../../commerce/carts/index.ts"
import type { Channel } from "../../commerce/channels/index.ts"
import { findStaff, worksAt } from "../../commerce/staff/index.ts"
import { recordRefusal } from "../../platform/audit/index.ts"
import { readToken } from "../../platform/auth/index.ts"
import { requireActivity } from "../channel-refusals.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"

/** Which of several channels on the telephone an agent works in. */
export const CHANNEL_HEADER = "x-channel-id"

/**
 * Lets through an agent or a supervisor with the bearer token of his log-in at Medusa, and tells what follows who he is:
 * `staff`, `channel`. Sessions and secret keys are nobody in particular, and a person must be known.
 */
export function requireAgent(services: Services): MiddlewareHandler<Counter> {
  const { config, database } = services
  return async (c, next) => {
    const actor = await readToken(c.req.header("authorization"), config.jwtSecret)
    if (actor?.actor_type !== "user" || actor.actor_id === "" || actor.needs_mfa) {
      throw new WireError(401, "unauthorized", "Log in: POST /auth/user/emailpass gives the token.", {
        code: "log_in_required",
      })
    }
    const member = await findStaff(database.sql, actor.actor_id)
    if (!member?.is_active || !worksAt(member.role, "telephone")) {
      await recordRefusal(database.sql, {
        ...{ action: "role.refused", actor: { type: "user", id: actor.actor_id }, subject_id: actor.actor_id },
        details: { desk: "telephone", role: member?.role ?? null },
      })
      throw new WireError(403, "forbidden", "This is for agents and supervisors.", { code: "role_not_allowed" })
    }
    const channel = channelOf(c, services)
    requireActivity(channel)
    const { user_id, email, first_name, last_name, role } = member
    c.set("staff", { user_id, email, first_name, last_name, role })
    c.set("channel", channel)
    await next()
  }
}

/** By whom a cart is changed on the telephone; behind `requireAgent`. */
export function byAgent(c: Context<Counter>): ChangedBy {
  const channel = c.get("channel")
  return {
    actor: { type: "agent", id: c.get("staff").user_id },
    channel: channel?.sales_channel_id ?? null,
    channel_id: channel?.id ?? null,
    device: c.req.header("x-device-id")?.slice(0, 200) ?? null,
  }
}

/** The one that he names, else the first that is open; where none is, one that is closed. */
function channelOf(c: Context<Counter>, { channels }: Services): Channel {
  const all = channels.ofKind("phone")
  const named = c.req.header(CHANNEL_HEADER)
  const channel = named === undefined ? (all.find((it) => it.is_active) ?? all[0]) : all.find((it) => it.id === named)
  if (channel) return channel
  if (named !== undefined) {
    throw new WireError(
      400,
      "invalid_data",
      `Invalid request: ${CHANNEL_HEADER}: there is no such channel by telephone`,
    )
  }
  throw new WireError(403, "forbidden", "The shop has no channel of the kind `phone`.", { code: "channel_inactive" })
}
