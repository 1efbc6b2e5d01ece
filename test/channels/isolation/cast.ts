import { randomUUID } from "node:crypto"
import { expect } from "vitest"
import type { Database } from "../../../src/platform/db/index.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { demo } from "../../support/counter.ts"
import { admin, guest, type Headers, send, signIn, tillIn, tokenOf } from "../../support/desks.ts"

export interface Shop {
  counter: OpenCounter
  database: Pick<Database, "sql">
}

/** Asks as somebody for whom it has to go well. */
export async function well(shop: Shop, method: string, path: string, headers: Headers, body?: unknown) {
  const answer = await send(shop.counter.url, method, path, headers, body)
  expect([method, path, answer.status, answer.status < 300 ? "" : answer.text]).toEqual([method, path, 200, ""])
  return answer.body
}

export const customer = async (id: string | undefined): Promise<Headers> => ({
  ...guest(),
  ...(await tokenOf({ actor_type: "customer", actor_id: id })),
})

/** The token of a user's log-in. */
export async function asUser({ database }: Shop, email: string): Promise<Headers> {
  const [row] = await database.sql<{ id: string }[]>`select id from "user" where email = ${email}`
  return await tokenOf({ actor_id: row?.id })
}

/** A user of Medusa's who is not staff yet. */
export async function someUser({ database }: Shop): Promise<string> {
  const id = `user_${randomUUID()}`
  await database.sql`insert into "user" (id, email, first_name) values (${id}, ${`${id}@tienda.example`}, 'Nuria')`
  return id
}

const PIN = "7391"

/** A new member of staff, with the PIN that all of them have. */
export async function staff(shop: Shop, role: "cashier" | "agent", places: string[] = []): Promise<string> {
  const user_id = await someUser(shop)
  const member = { user_id, role, stock_location_ids: places, pin: PIN }
  await well(shop, "POST", "/admin/omnichannel/staff", await admin(), member)
  return user_id
}

export interface Till {
  id: string
  headers: Headers
}

/** A new till in a shop, paired. */
export async function till(shop: Shop, stock_location_id: string): Promise<Till> {
  const { channel_id } = demo().channels.pos
  const body = { name: randomUUID(), stock_location_id, channel_id }
  const { id } = (await well(shop, "POST", "/admin/omnichannel/tills", await admin(), body)).till
  const path = `/admin/omnichannel/tills/${id}/pairing-code`
  const { code } = (await well(shop, "POST", path, await admin(), {})).pairing_code
  const { token } = await well(shop, "POST", "/pos/pair", {}, { code })
  return { id, headers: { authorization: `Bearer ${token}` } }
}

/** Signs a member of staff in; answers with what he sends from then on. */
export async function signedIn(shop: Shop, { headers }: Till, user_id: string): Promise<Headers> {
  const { session } = await well(shop, "POST", "/pos/sessions", headers, { user_id, pin: PIN })
  return { ...headers, "x-till-session": session.token }
}

/** Everybody who is on the shop's side of what is A's, and who is not. */
export async function gather(shop: Shop) {
  const { madrid, valencia } = demo().stock_locations
  const [lucia, oriol, nerea] = demo().customers
  if (!lucia || !oriol || !nerea) throw new Error("the demo shop has three customers")
  const other = await till(shop, valencia)
  const boss = await admin()

  const gone = await till(shop, valencia)
  const revoked = await signedIn(shop, gone, await staff(shop, "cashier", [valencia]))
  await well(shop, "POST", `/admin/omnichannel/tills/${gone.id}/revoke`, boss, {})

  const dismissed = await staff(shop, "cashier", [madrid])
  const dismissedAt = await signedIn(shop, await till(shop, madrid), dismissed)
  await well(shop, "POST", `/admin/omnichannel/staff/${dismissed}`, boss, { is_active: false })
  const dismissedAgent = await staff(shop, "agent")
  await well(shop, "POST", `/admin/omnichannel/staff/${dismissedAgent}`, boss, { is_active: false })

  const signedOut = await signedIn(shop, await till(shop, madrid), await staff(shop, "cashier", [madrid]))
  await well(shop, "DELETE", "/pos/sessions/current", signedOut)
  const cashier = await signIn(shop, "madrid")
  return {
    ...{ lucia, oriol, nerea },
    ana: await customer(lucia.id),
    stranger: await customer(nerea.id),
    madrid: tillIn("madrid"),
    cashier,
    agent: await asUser(shop, demo().staff.agent.email),
    otherTill: other.headers,
    otherCashier: await signedIn(shop, other, await staff(shop, "cashier", [valencia])),
    otherAgent: await tokenOf({ actor_id: await staff(shop, "agent") }),
    cashiersLogIn: await asUser(shop, demo().staff.cashier.email),
    boss,
    ...{ revoked, dismissedAt, signedOut },
    dismissedAgent: await tokenOf({ actor_id: dismissedAgent }),
  }
}

export type Cast = Awaited<ReturnType<typeof gather>>
