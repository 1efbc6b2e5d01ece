import { sign } from "hono/jwt"
import { loadConfig } from "../../../src/config.ts"
import { demo } from "../../support/counter.ts"
import type { TestDatabase } from "../../support/database.ts"
import { guest, type Headers, tokenOf } from "../../support/desks.ts"
import type { Cast } from "./cast.ts"
import type { Operation } from "./document.ts"

/** Somebody who is let in finds of Ana's things that there are none: 404. */
export const IN = "in"
type Answered = typeof IN | 400 | 401 | 403

/** A door of the shop: by what it is entered. `till`: what a device may without anybody at it. */
export type Room = "store" | "admin" | "till" | "cashier" | "agent" | "hooks" | "open"

const OF_SCHEME: [string, Room][] = [
  ["tillSession", "cashier"],
  ["tillToken", "till"],
  ["agentToken", "agent"],
  ["adminToken", "admin"],
  ["publishableKey", "store"],
  ["stripeSignature", "hooks"],
]

/** By the document's `security`. @throws Error for a scheme that nobody has said anything of */
export function roomOf({ name, security }: Operation): Room {
  if (security.length === 0) return "open"
  const schemes = security.flatMap((it) => Object.keys(it))
  const found = OF_SCHEME.find(([scheme]) => schemes.includes(scheme))
  if (!found) throw new Error(`${name}: who is let in by ${schemes}? Say it in OF_SCHEME`)
  return found[1]
}

/** Somebody to whom nothing of Ana's answers. */
export interface Stranger {
  name: string
  headers: Headers
  /** He asks under an `Idempotency-Key`, and for a version (`If-Match`) that no cart is in. */
  isKeyed?: boolean
  /** What each room says to him; undefined where he is none. */
  answered: Record<Room, Answered | undefined>
}

const SHUT: Stranger["answered"] = {
  ...{ store: 400, admin: 401, till: 401, cashier: 401, agent: 401, hooks: 400, open: IN },
}
const { jwtSecret } = loadConfig({})
const inAnHour = () => Math.floor(Date.now() / 1000) + 3_600
const bearer = async (claims: object, secret = jwtSecret): Promise<Headers> => ({
  authorization: `Bearer ${await sign({ exp: inAnHour(), ...claims }, secret, "HS256")}`,
})
/** Tokens that say who somebody is, and are not to be believed. */
export const unbelievable = async (claims: object): Promise<[string, Headers][]> => [
  ["expired", await bearer({ ...claims, exp: inAnHour() - 7_200 })],
  ["signed by somebody else", await bearer(claims, "another secret, of somebody else")],
  ["of half a log-in", await tokenOf({ ...claims, actor_id: "", mfa_enabled: true })],
  ["without an id", await tokenOf({ ...claims, actor_id: "" })],
]

/** Everybody who must not see anything of Ana's, nor change it. */
export async function strangersOf(database: TestDatabase, cast: Cast): Promise<Stranger[]> {
  const somebody = (name: string, headers: Headers, answered: Partial<Stranger["answered"]> = {}): Stranger => ({
    ...{ name, headers, answered: { ...SHUT, ...answered } },
  })
  const { ana, stranger, madrid, cashier, agent, boss, lucia, otherTill, otherCashier, otherAgent } = cast
  const { sql } = database
  const sold = { store: IN } as const
  const atTill = { till: IN } as const
  await sql`
    insert into api_key (id, token, salt, redacted, title, type, created_by, revoked_at)
    values ('apk_revoked', 'pk_revoked', '', 'pk_***', 'Revoked', 'publishable', 'test', now() - interval '1 day')`
  await sql`
    insert into publishable_api_key_sales_channel (id, publishable_key_id, sales_channel_id)
    values ('pksc_revoked', 'apk_revoked', ${demo().channels.web.sales_channel_id})`
  const key = (token: string) => ({ "x-publishable-api-key": token })
  const [user] = await sql<{ id: string }[]>`select id from "user" where email = ${demo().admin.email}`
  const agentsClaims = await sql<{ id: string }[]>`select id from "user" where email = ${demo().staff.agent.email}`
  const fakes = async (who: string, claims: object, answered: Partial<Stranger["answered"]>) =>
    (await unbelievable(claims)).map(([how, headers]) =>
      somebody(`${who}'s token, ${how}`, { ...guest(), ...headers }, { ...sold, ...answered }),
    )
  const session = (of: Headers) => ({ "x-till-session": of["x-till-session"] ?? "" })
  return [
    somebody("nobody", {}),
    somebody("a key that there is not", key("pk_unknown")),
    somebody("a revoked key", key("pk_revoked")),
    somebody("a guest", guest(), sold),
    somebody("a guest of another channel", key(demo().channels.app.publishable_key), sold),
    somebody("another customer", stranger, sold),
    {
      ...somebody("another customer, with a key and a version", stranger, sold),
      isKeyed: true,
    },
    somebody(
      "another customer, with tokens of nothing",
      { ...stranger, "x-cart-token": "cct_1", "x-order-token": "a.b.c" },
      sold,
    ),
    ...(await fakes("Ana", { actor_type: "customer", actor_id: lucia.id }, {})),
    somebody("Ana, where customers have nothing to do", ana, { store: undefined }),
    ...(await fakes("the admin", { actor_type: "user", actor_id: user?.id }, {})),
    ...(await fakes("the agent", { actor_type: "user", actor_id: agentsClaims[0]?.id }, {})),
    somebody("an admin without a role", { ...guest(), ...boss }, { ...sold, admin: undefined, agent: 403 }),
    somebody("a cashier's log-in", { ...guest(), ...cast.cashiersLogIn }, { ...sold, admin: undefined, agent: 403 }),
    somebody("the agent, elsewhere", { ...guest(), ...agent }, { ...sold, admin: undefined, agent: undefined }),
    somebody("another agent", { ...guest(), ...otherAgent }, { ...sold, admin: undefined, agent: IN }),
    somebody("a dismissed agent", { ...guest(), ...cast.dismissedAgent }, { ...sold, admin: undefined, agent: 403 }),
    somebody("the cashier, elsewhere", { ...guest(), ...cashier }, { ...sold, till: undefined, cashier: undefined }),
    somebody("the till, with nobody at it", madrid.headers, { till: undefined }),
    somebody("the cashier's session, without the till", session(cashier)),
    somebody(
      "the till, with another till's session",
      { ...madrid.headers, ...session(otherCashier) },
      { till: undefined },
    ),
    somebody("another till, with the cashier's session", { ...otherTill, ...session(cashier) }, atTill),
    somebody("another till", otherTill, atTill),
    somebody("another cashier at another till", otherCashier, { ...atTill, cashier: IN }),
    somebody("a cashier who has signed out", cast.signedOut, atTill),
    somebody("a cashier who was dismissed", cast.dismissedAt, atTill),
    somebody("a revoked till", cast.revoked, { till: 403, cashier: 403 }),
  ]
}
