import { sign } from "hono/jwt"
import { expect } from "vitest"
import { loadConfig } from "../../src/config.ts"
import type { AuditEntry } from "../../src/platform/audit/index.ts"
import { demo } from "./counter.ts"
import { type Answer, ask } from "./http.ts"

const { jwtSecret } = loadConfig({})

export type Headers = Record<string, string>

/** A token as Medusa signs them. */
export const tokenOf = async (claims: object): Promise<Headers> => {
  const exp = Math.floor(Date.now() / 1000) + 3_600
  return { authorization: `Bearer ${await sign({ actor_type: "user", exp, ...claims }, jwtSecret)}` }
}

/** Somebody who runs the shop, and works in none of its desks. */
export const ADMIN_ID = "user_01ADMIN"
export const admin = () => tokenOf({ actor_id: ADMIN_ID })
export const customer = () => tokenOf({ actor_type: "customer", actor_id: "cus_01" })
export const guest = (): Headers => ({ "x-publishable-api-key": demo().channels.web.publishable_key })

/** Sends JSON, and reads it. */
export async function send(
  url: string,
  method: string,
  path: string,
  headers: Headers,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: bodies are of every route
): Promise<Omit<Answer, "body"> & { body: any }> {
  const type: Headers = body === undefined ? {} : { "content-type": "application/json" }
  return await ask(url, path, {
    ...{ method, headers: { ...headers, ...type } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

type Shop = { counter: { url: string } }

/** The till of a shop of the demo shop. */
export function tillIn(location: "madrid" | "barcelona" | "valencia") {
  const found = demo().tills.find((it) => it.location === location)
  if (!found) throw new Error(`there is no till in ${location}`)
  return { ...found, headers: { authorization: `Bearer ${found.token}` } }
}

/** Signs somebody of the demo shop in; answers with the headers that he sends from then on. */
export async function signIn(
  { counter }: Shop,
  location: "madrid" | "barcelona" | "valencia",
  who: "cashier" | "supervisor" = "cashier",
): Promise<Headers> {
  const { email, pin } = demo().staff[who]
  const { headers } = tillIn(location)
  const { status, body } = await send(counter.url, "POST", "/pos/sessions", headers, { email, pin })
  expect([status, body]).toEqual([200, expect.anything()])
  return { ...headers, "x-till-session": body.session.token }
}

/** What the audit has of an action, the newest first. */
export async function audit({ counter }: Shop, action: string): Promise<AuditEntry[]> {
  const path = `/admin/omnichannel/audit?action=${action}`
  return (await send(counter.url, "GET", path, await admin())).body.audit_entries
}
