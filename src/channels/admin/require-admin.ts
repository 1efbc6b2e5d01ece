import type { MiddlewareHandler } from "hono"
import type { Config } from "../../config.ts"
import { isForeign, readToken } from "../../platform/auth/index.ts"
import type { Counter } from "../counter.ts"
import { MedusaUnavailable } from "../errors.ts"

const MEDUSA_MILLISECONDS = 5_000

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
    if (actor?.actor_type === "user" && actor.actor_id !== "" && !actor.needs_mfa) return await next()
    const asks = cookie?.includes("connect.sid") || /^basic\s/i.test(authorization ?? "") || isForeign(authorization)
    if (asks && (await medusaLets(medusaUrl, { authorization, cookie }))) return await next()
    return c.json({ message: "Unauthorized" }, 401)
  }
}

/** Whether Medusa shows its settings to the one who sends these headers. */
async function medusaLets(url: string, given: Record<string, string | undefined>): Promise<boolean> {
  const headers = Object.entries(given).filter((it): it is [string, string] => it[1] !== undefined)
  try {
    const response = await fetch(`${url}/admin/stores?fields=id&limit=1`, {
      headers,
      signal: AbortSignal.timeout(MEDUSA_MILLISECONDS),
    })
    await response.body?.cancel()
    if (response.status < 500) return response.ok
  } catch {
    // It is not there: below.
  }
  throw new MedusaUnavailable("Medusa, which knows this session, is not up. Try again in a moment.")
}
