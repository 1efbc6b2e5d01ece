import { decode, verify } from "hono/jwt"

/** Who a token speaks for. */
export interface Actor {
  /** Empty while a login has no customer or user yet. */
  actor_id: string
  actor_type: string
  /** The login has a second factor, which this token was given out without. */
  needs_mfa: boolean
  /** Until when the token speaks for him; null for one that does not say. */
  expires_at: Date | null
}

/**
 * Reads the bearer token of an `Authorization` header.
 *
 * @param secret  `JWT_SECRET`, with which Medusa signs its tokens (HS256)
 * @returns undefined when there is none, or it is expired, forged or of another kind: nobody in particular asks
 * @source Medusa 2.21 `framework/dist/http/middlewares/authenticate-middleware.js`, `getAuthContextFromJwtToken`
 */
export async function readToken(authorization: string | undefined, secret: string): Promise<Actor | undefined> {
  const [, kind, token] = authorization?.match(/(\S+)\s+(\S+)/) ?? []
  if (kind?.toLowerCase() !== "bearer" || !token) return undefined
  const payload = await verify(token, secret, "HS256").catch(() => undefined)
  if (!payload || typeof payload.actor_type !== "string") return undefined
  return {
    actor_id: typeof payload.actor_id === "string" ? payload.actor_id : "",
    actor_type: payload.actor_type,
    needs_mfa: Boolean(payload.mfa_enabled) && !payload.mfa_challenge_completed_at,
    expires_at: typeof payload.exp === "number" ? new Date(payload.exp * 1000) : null,
  }
}

/** Whether a token is signed in a way that `readToken` does not know, but Medusa may. */
export function isForeign(authorization: string | undefined): boolean {
  const [, kind, token] = authorization?.match(/(\S+)\s+(\S+)/) ?? []
  if (kind?.toLowerCase() !== "bearer" || !token) return false
  try {
    return decode(token).header.alg !== "HS256"
  } catch {
    // Not a token at all: nobody in particular, to Medusa too.
    return false
  }
}
