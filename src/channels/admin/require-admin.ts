import type { MiddlewareHandler } from "hono"
import { z } from "zod"
import { standingOf } from "../../commerce/staff/index.ts"
import { recordRefusal } from "../../platform/audit/index.ts"
import { isForeign, readToken } from "../../platform/auth/index.ts"
import { askMedusa } from "../ask-medusa.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { sha256 } from "../idempotency.ts"

/**
 * Lets only those through who may use Medusa's admin: with the bearer token of a user, which is read here, or with a
 * session or a secret API key, about which Medusa is asked. Of users who are staff here only supervisors who are active:
 * agents and cashiers have desks of their own.
 *
 * @source Medusa 2.21 `framework/dist/http/middlewares/authenticate-middleware.js`, and its answer
 */
export function requireAdmin({ config, database: { sql } }: Services): MiddlewareHandler<Counter> {
  const { jwtSecret, medusaUrl } = config
  return async (c, next) => {
    const authorization = c.req.header("authorization")
    const cookie = c.req.header("cookie")
    const actor = await readToken(authorization, jwtSecret)
    if (actor?.actor_type === "user" && actor.actor_id !== "" && !actor.needs_mfa) {
      c.set("adminName", `user ${actor.actor_id}`)
      c.set("adminId", actor.actor_id)
    } else {
      const known = await knownToMedusa(medusaUrl, authorization, cookie)
      if (!known) {
        return c.json({ message: isSecretKeyAsToken(authorization) ? SECRET_KEY_AS_TOKEN : "Unauthorized" }, 401)
      }
      const session = cookie && /(?:^|;\s*)connect\.sid=([^;]*)/.exec(cookie)?.[1]
      c.set("adminName", `login ${sha256(JSON.stringify([authorization, session]))}`)
      c.set("adminId", known.user_id)
    }
    const id = c.get("adminId")
    const standing = id === undefined ? undefined : await standingOf(sql, id)
    if (id !== undefined && standing && !(standing.is_active && standing.role === "supervisor")) {
      await recordRefusal(sql, {
        ...{ action: "role.refused", actor: { type: "user", id }, subject_id: id },
        details: { desk: "back_office", role: standing.role },
      })
      throw new WireError(403, "forbidden", "This is for administrators and supervisors.", { code: "role_not_allowed" })
    }
    c.set("adminRole", standing?.role ?? undefined)
    await next()
  }
}

const Me = z.object({ user: z.object({ id: z.string() }) })

/**
 * Asks Medusa who sends these headers: a secret API key is nobody in particular, a session, or a token of another kind, is
 * somebody's.
 *
 * @returns undefined for who is nobody to Medusa's admin
 */
async function knownToMedusa(
  url: string,
  authorization: string | undefined,
  cookie: string | undefined,
): Promise<{ user_id?: string } | undefined> {
  // Alone: Medusa takes a session that comes with what is no key.
  if (/^basic\s/i.test(authorization ?? "")) {
    const { status } = await askMedusa(url, "/admin/stores?fields=id&limit=1", { authorization })
    if (status >= 200 && status < 300) return {}
  }
  if (!cookie?.includes("connect.sid") && !isForeign(authorization)) return undefined
  const { status, text } = await askMedusa(url, "/admin/users/me?fields=id", { authorization, cookie })
  return status >= 200 && status < 300 ? { user_id: Me.parse(JSON.parse(text)).user.id } : undefined
}

const SECRET_KEY_AS_TOKEN =
  "A secret API key was passed as a Bearer token. Secret API keys must be sent using HTTP Basic authentication instead (Authorization: Basic <secret-api-key>)."

// A common mistake, which Medusa explains.
const isSecretKeyAsToken = (authorization: string | undefined) => /^bearer sk_/i.test(authorization ?? "")
