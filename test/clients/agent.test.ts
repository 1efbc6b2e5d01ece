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
  const own = (await send(counter.url, "GET", "/admin/users/me", headers)).body.user
  const boss = await logIn(demo().admin)
  const { id } = (await send(counter.url, "GET", "/admin/users/me", boss)).body.user
  const open = ["orders?limit=1", "api-keys?limit=1", "users", `users/${id}`]
  // The bell of the dashboard.
  open.push("notifications?channel=feed&limit=1", "notifications?limit=1&offset=0&fields=created_at")
  for (const path of open) {
    expect([path, (await send(counter.url, "GET", `/admin/${path}`, headers)).status]).toEqual([path, 200])
  }
  const named = { first_name: own.first_name }
  expect((await send(counter.url, "POST", `/admin/users/${own.id}`, headers, named)).status).toBe(200)
  const tried: [method: string, path: string, body?: object][] = [
    ["POST", "/admin/api-keys", { title: "Mine", type: "secret" }],
    ["POST", "/admin/invites/", { email: "friend@tienda.example" }],
    ["POST", "/admin/invites/none/resend", {}],
    ["POST", "/admin/workflows-executions/create-api-keys/run", { input: {} }],
    // What he gets by these lets him in as somebody else.
    ["POST", `/admin/users/${id}/reset-password`, {}],
    ["POST", `/Admin/Users/${id}/reset-password/`, {}],
    ["GET", "/admin/invites"],
    ["HEAD", "/admin/invites"],
    ["GET", "/admin/invites/none"],
    ["GET", "/admin/workflows-executions"],
    ["GET", "/admin/workflows-executions/none"],
    ["GET", "/admin/notifications"],
    ["GET", "/admin/notifications?channel=email"],
    ["GET", "/admin/notifications?fields=created_at,data"],
    ["GET", "/admin/notifications?channel[]=feed&channel[]=email"],
    ["GET", "/admin/notifications/none"],
    // Nor does he end one.
    ["DELETE", `/admin/users/${id}`],
  ]
  for (const [method, path, body] of tried) {
    const refused = await send(counter.url, method, path, headers, body)
    const code = method === "HEAD" ? undefined : "role_not_allowed"
    expect([method, path, refused.status, refused.body?.code]).toEqual([method, path, 403, code])
  }
  for (const path of ["/admin/invites", "/admin/workflows-executions", "/admin/notifications"]) {
    expect([path, (await send(counter.url, "GET", path, boss)).status]).toEqual([path, 200])
  }
})

it("who was deleted in Medusa and taken off the staff has nothing of its back office by a token that is still good", async () => {
  const boss = await logIn(demo().admin)
  const person = { email: "gone@tienda.example", password: "of-no-use-any-more" }
  const user_id = await invited(boss, person)
  const theirs = await logIn(person)
  const staff = "/admin/omnichannel/staff"
  expect((await send(counter.url, "POST", staff, boss, { user_id, role: "agent" })).status).toBe(200)
  expect((await send(counter.url, "DELETE", `/admin/users/${user_id}`, boss)).status).toBe(200)
  expect((await send(counter.url, "DELETE", `${staff}/${user_id}`, boss)).status).toBe(200)
  for (const path of ["/admin/orders?limit=1", "/admin/api-keys", "/admin/omnichannel/staff"]) {
    const refused = await send(counter.url, "GET", path, theirs)
    expect([path, refused.status, refused.body.code]).toEqual([path, 403, "role_not_allowed"])
  }
})

/** A user of Medusa's, as the dashboard makes them. @returns his id */
async function invited(by: Record<string, string>, person: { email: string; password: string }): Promise<string> {
  const { invite } = (await send(counter.url, "POST", "/admin/invites", by, { email: person.email })).body
  const { token } = (await send(counter.url, "POST", "/auth/user/emailpass/register", {}, person)).body
  const accepting = `/admin/invites/accept?token=${invite.token}`
  const accepted = await send(
    counter.url,
    "POST",
    accepting,
    { authorization: `Bearer ${token}` },
    { email: person.email },
  )
  expect([accepted.status, accepted.body.user?.email]).toEqual([200, person.email])
  return accepted.body.user.id
}

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
