import { afterAll, beforeAll, expect, it } from "vitest"
import type { OpenCounter } from "../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { audit, send } from "../support/desks.ts"
import { theMedusa } from "../support/medusa.ts"

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

const sessionOf = async (headers: Record<string, string>) => {
  const { headers: answered } = await send(counter.url, "POST", "/auth/session", headers, {})
  const [cookie = ""] = (answered.get("set-cookie") ?? "").split(";")
  expect(cookie).toContain("connect.sid=")
  return { cookie }
}

it("Medusa's own back office is closed to an agent, by his token and by a session, and he makes himself no key to it", async () => {
  const token = await logIn(demo().staff.agent)
  const [session, { url }] = [await sessionOf(token), theMedusa()]
  const me = await send(counter.url, "GET", "/admin/users/me", token)
  expect([me.status, me.body.user.email]).toEqual([200, demo().staff.agent.email])
  const tried: [method: string, path: string, body?: object][] = [
    ["POST", "/admin/api-keys", { title: "Mine", type: "secret" }],
    ["POST", "/admin/invites", { email: "friend@tienda.example" }],
    ["GET", "/admin/customers?limit=1"],
    ["GET", "/admin/customers/"],
    ["GET", "/Admin/orders"],
    ["POST", "/admin/products/batch", { delete: ["prod_none"] }],
    ["POST", "/admin/users/me", { first_name: "X" }],
    ["DELETE", "/admin/users/me"],
    ["HEAD", "/admin/orders"],
  ]
  for (const headers of [token, session]) {
    for (const [method, path, body] of tried) {
      for (const base of [counter.url, url]) {
        const refused = await send(base, method, path, headers, body)
        const code = method === "HEAD" ? undefined : "role_not_allowed"
        expect([method, path, refused.status, refused.body?.code]).toEqual([method, path, 403, code])
      }
    }
  }
  const { user } = me.body
  expect((await audit({ counter }, "role.refused"))[0]).toMatchObject({
    ...{ outcome: "refused", actor: { type: "user", id: user.id }, subject_id: user.id },
    details: { desk: "back_office", role: "agent" },
  })
})

it("a supervisor has Medusa's back office, but makes no administrator by it", async () => {
  const headers = await logIn(demo().staff.supervisor)
  expect((await send(counter.url, "GET", "/admin/orders?limit=1", headers)).status).toBe(200)
  expect((await send(counter.url, "GET", "/admin/api-keys?limit=1", headers)).status).toBe(200)
  const tried: [path: string, body: object][] = [
    ["/admin/api-keys", { title: "Mine", type: "secret" }],
    ["/admin/invites/", { email: "friend@tienda.example" }],
    ["/admin/invites/none/resend", {}],
    ["/admin/workflows-executions/create-api-keys/run", { input: {} }],
  ]
  for (const [path, body] of tried) {
    const refused = await send(counter.url, "POST", path, headers, body)
    expect([path, refused.status, refused.body.code]).toEqual([path, 403, "role_not_allowed"])
  }
})

it("a session of the dashboard opens the counter's own back office to an administrator, and not to an agent", async () => {
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
