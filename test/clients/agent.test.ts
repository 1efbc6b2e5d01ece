import { afterAll, beforeAll, expect, it } from "vitest"
import type { OpenCounter } from "../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { send } from "../support/desks.ts"

let counter: OpenCounter
beforeAll(async () => {
  counter = await openCounterBeforeMedusa()
})
afterAll(() => counter?.close())

/** Logs in at Medusa, as the dashboard does. */
const logIn = async ({ email, password }: { email: string; password: string }) => {
  const { status, body } = await send(counter.url, "POST", "/auth/user/emailpass", {}, { email, password })
  expect([status, email]).toEqual([200, email])
  return { authorization: `Bearer ${body.token}` }
}

it("an agent and a supervisor open the agent's desk with their log-in at Medusa; an admin without a role does not", async () => {
  const { agent, supervisor } = demo().staff
  for (const person of [agent, supervisor]) {
    const { status, body } = await send(counter.url, "GET", "/agent/me", await logIn(person))
    expect([status, body.agent.email]).toEqual([200, person.email])
  }
  const refused = await send(counter.url, "GET", "/agent/me", await logIn(demo().admin))
  expect([refused.status, refused.body.code]).toEqual([403, "role_not_allowed"])
})

it("a session of the dashboard opens the counter's own back office to an administrator, and not to an agent", async () => {
  const sessionOf = async (headers: Record<string, string>) => {
    const { headers: answered } = await send(counter.url, "POST", "/auth/session", headers, {})
    const [cookie = ""] = (answered.get("set-cookie") ?? "").split(";")
    expect(cookie).toContain("connect.sid=")
    return { cookie }
  }
  const asked = async (headers: Record<string, string>) => {
    const { status, body } = await send(counter.url, "GET", "/admin/omnichannel/staff", headers)
    return [status, body.code]
  }
  const admin = await logIn(demo().admin)
  expect(await asked(await sessionOf(admin))).toEqual([200, undefined])
  const agent = await sessionOf(await logIn(demo().staff.agent))
  expect(await asked(agent)).toEqual([403, "role_not_allowed"])
  // What is no key leaves Medusa with the session.
  expect(await asked({ ...agent, authorization: "Basic bm9ib2R5Og==" })).toEqual([403, "role_not_allowed"])
  const made = await send(counter.url, "POST", "/admin/api-keys", admin, { title: "Warehouse", type: "secret" })
  const { id, token } = made.body.api_key
  const asKey = { authorization: `Basic ${Buffer.from(`${token}:`).toString("base64")}` }
  expect(await asked(asKey)).toEqual([200, undefined])
  await send(counter.url, "POST", `/admin/api-keys/${id}/revoke`, admin, {})
  expect(await asked(asKey)).toEqual([401, undefined])
  expect((await send(counter.url, "DELETE", `/admin/api-keys/${id}`, admin)).status).toBe(200)
})

it("a till is paired and signed in at beside Medusa, and what it does not know is Medusa's to answer", async () => {
  const admin = await logIn(demo().admin)
  const place = { stock_location_id: demo().stock_locations.madrid, channel_id: demo().channels.pos.channel_id }
  const path = "/admin/omnichannel/tills"
  const { till } = (await send(counter.url, "POST", path, admin, { name: "Beside Medusa", ...place })).body
  const { pairing_code } = (await send(counter.url, "POST", `${path}/${till.id}/pairing-code`, admin)).body
  const { token } = (await send(counter.url, "POST", "/pos/pair", {}, { code: pairing_code.code })).body
  const device = { authorization: `Bearer ${token}` }
  const signedIn = await send(counter.url, "POST", "/pos/sessions", device, demo().staff.cashier)
  expect([signedIn.status, signedIn.body.cashier.email]).toEqual([200, demo().staff.cashier.email])
  expect((await send(counter.url, "GET", "/pos/nothing", device)).status).toBe(404)
  expect((await send(counter.url, "DELETE", `${path}/${till.id}`, admin)).status).toBe(200)
})
