import type { MiddlewareHandler } from "hono"
import type { Config } from "../../config.ts"
import { isForeign, readToken } from "../../platform/auth/index.ts"
import { askMedusa } from "../ask-medusa.ts"
import type { Counter } from "../counter.ts"
import { sha256 } from "../idempotency.ts"

/**
 * Lets only those through who may use Medusa's admin: with the bearer token of a user, which is read here, or with a
 * session or a secret API key, about which Medusa is asked.
 *
 * @source Medusa 2.21 `framework/dist/http/middlewares/authenticate-middleware.js`, and its answer
 */
export function requireAdmin({
  jwtSecret,
  medusaUrl,
}: Pick<Config, "jwtSecret" | "medusaUrl">): MiddlewareHandler<Counter> {
  return async (c, next) => {
    const authorization = c.req.header("authorization")
    const cookie = c.req.header("cookie")
    const actor = await readToken(authorization, jwtSecret)
    if (actor?.actor_type === "user" && actor.actor_id !== "" && !actor.needs_mfa) {
      c.set("adminName", `user ${actor.actor_id}`)
      c.set("adminId", actor.actor_id)
      return await next()
    }
    const asks = cookie?.includes("connect.sid") || /^basic\s/i.test(authorization ?? "") || isForeign(authorization)
    if (asks && (await medusaLets(medusaUrl, { authorization, cookie }))) {
      const session = cookie && /(?:^|;\s*)connect\.sid=([^;]*)/.exec(cookie)?.[1]
      c.set("adminName", `login ${sha256(JSON.stringify([authorization, session]))}`)
      return await next()
    }
    return c.json({ message: isSecretKeyAsToken(authorization) ? SECRET_KEY_AS_TOKEN : "Unauthorized" }, 401)
  }
}

/** Whether Medusa shows its settings to the one who sends these headers. */
async function medusaLets(url: string, given: Record<string, string | undefined>): Promise<boolean> {
  const { status } = await askMedusa(url, "/admin/stores?fields=id&limit=1", given)
  return status >= 200 && status < 300
}

const SECRET_KEY_AS_TOKEN =
  "A secret API key was passed as a Bearer token. Secret API keys must be sent using HTTP Basic authentication instead (Authorization: Basic <secret-api-key>)."

// A common mistake, which Medusa explains.
const isSecretKeyAsToken = (authorization: string | undefined) => /^bearer sk_/i.test(authorization ?? "")
