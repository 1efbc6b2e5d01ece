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
