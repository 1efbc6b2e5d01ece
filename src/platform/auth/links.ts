import { createHash, createHmac } from "node:crypto"
import { sign, verify } from "hono/jwt"

/** Tokens that open one thing to whoever holds them, until they expire. */
export interface SignedLinks {
  /** @param subject  what it opens; not to be read from the token */
  issue(subject: string, seconds: number, now?: Date): Promise<{ token: string; expires_at: Date }>
  /** @returns until when it opens the subject; undefined when it does not: forged, expired, or another's */
  opens(token: string, subject: string): Promise<Date | undefined>
}

/**
 * Signs with a key of the purpose's own, which follows from the secret: no token of another kind passes here, and these
 * pass nowhere else, whatever stands in them.
 *
 * @param secret   `JWT_SECRET`
 * @param purpose  `order`
 */
export function signedLinks(secret: string, purpose: string): SignedLinks {
  const key = createHmac("sha256", secret).update(`mostrador link ${purpose}`).digest("base64url")
  const audience = `mostrador:${purpose}`
  const subjectOf = (it: string) => createHash("sha256").update(it).digest("base64url")
  return {
    async issue(subject, seconds, now = new Date()) {
      const exp = Math.floor(now.getTime() / 1000) + seconds
      const token = await sign({ aud: audience, sub: subjectOf(subject), exp }, key, "HS256")
      return { token, expires_at: new Date(exp * 1000) }
    },
    async opens(token, subject) {
      const payload = await verify(token, key, "HS256").catch(() => undefined)
      const isOurs = payload?.aud === audience && payload.sub === subjectOf(subject)
      return isOurs && typeof payload.exp === "number" ? new Date(payload.exp * 1000) : undefined
    },
  }
}
