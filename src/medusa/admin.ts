import { sign } from "hono/jwt"

/** Where Medusa is, and what opens its Admin API. */
export interface AdminAccess {
  /** No slash at the end. */
  medusaUrl: string
  jwtSecret: string
  timeoutSeconds: number
}

/** What came of asking Medusa. */
export type AdminAnswer =
  | { is: "answered"; status: number; code: string | undefined; message?: string | undefined }
  /** It was not reached: nothing was done. */
  | { is: "unreached" }
  /** It was lost, or took too long: what was asked may have been done, or still be. */
  | { is: "unknown" }

/** As whom the counter asks: Medusa notes it as who has done it. */
export const COUNTER_USER = "mostrador"
const TOKEN_SECONDS = 60
const UNREACHED = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"])

/**
 * Asks Medusa's Admin API, as the counter itself: with a token that it signs, for this moment, by the secret by which
 * Medusa knows its users. No user, password or key has to be kept anywhere.
 */
export async function askAdmin(access: AdminAccess, method: "POST", path: string, body?: object): Promise<AdminAnswer> {
  const { medusaUrl, jwtSecret, timeoutSeconds } = access
  const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS
  const token = await sign({ actor_id: COUNTER_USER, actor_type: "user", exp }, jwtSecret, "HS256")
  try {
    const answer = await fetch(medusaUrl + path, {
      ...{
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    })
    const text = await answer.text()
    const { code, message } = (text.startsWith("{") ? JSON.parse(text) : {}) as { code?: string; message?: string }
    return { is: "answered", status: answer.status, code, message }
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string }
    return { is: UNREACHED.has(code ?? "") ? "unreached" : "unknown" }
  }
}

/** @returns what is in the way of what was asked for; undefined when it is done */
export function problemOf(answer: AdminAnswer): string | undefined {
  if (answer.is !== "answered") return `Medusa: ${answer.is}`
  return answer.status < 300 ? undefined : `Medusa: ${answer.status} ${answer.message ?? ""}`
}
