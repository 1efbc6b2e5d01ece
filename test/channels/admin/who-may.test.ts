import { beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { counterForFile, demo } from "../../support/counter.ts"
import { admin, audit, type Headers, send, tokenOf } from "../../support/desks.ts"
import { ask } from "../../support/http.ts"

const shop = counterForFile()
const { agent, cashier, supervisor } = demo().staff
let ids: Record<"agent" | "cashier" | "supervisor", string>
let asAgent: Headers
let asCashier: Headers
let asSupervisor: Headers

const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  send(shop.counter.url, method, `/admin/omnichannel${path}`, headers, body)
const member = async (id: string) => (await call("GET", `/staff/${id}`, await admin())).body.staff_member
const idOf = async (email: string) => {
  const [row] = await shop.database.sql<{ id: string }[]>`select id from "user" where email = ${email}`
  return row?.id ?? ""
}
beforeAll(async () => {
  ids = {
    ...{ agent: await idOf(agent.email), cashier: await idOf(cashier.email) },
    supervisor: await idOf(supervisor.email),
  }
  asAgent = await tokenOf({ actor_id: ids.agent })
  asCashier = await tokenOf({ actor_id: ids.cashier })
  asSupervisor = await tokenOf({ actor_id: ids.supervisor })
})

/** Every route of ours in the back office, as it is documented; of things that are not there. */
async function routes(): Promise<[method: string, path: string][]> {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse((await ask(shop.counter.url, "/openapi.json")).body)
  const found = Object.entries(paths)
    .filter(([path]) => path.startsWith("/admin/omnichannel/"))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [string, string] => [
        method.toUpperCase(),
        path.replace("/admin/omnichannel", "").replace(/\{\w+\}/g, "none"),
      ]),
    )
  expect(found.length).toBeGreaterThan(35)
  return found
}
const bodyOf = (method: string) => (method === "POST" ? {} : undefined)

describe("what the merchant decides", () => {
  it("is closed to agents and cashiers on every route, whatever log-in at Medusa they have, and it is on record", async () => {
    for (const [id, headers, role] of [
      [ids.agent, asAgent, "agent"],
      [ids.cashier, asCashier, "cashier"],
    ] as const) {
      for (const [method, path] of await routes()) {
        const { status, body } = await call(method, path, headers, bodyOf(method))
        expect([method, path, status, body.type, body.code]).toEqual([
          ...[method, path, 403, "forbidden", "role_not_allowed"],
        ])
      }
      const refused = (await audit(shop, "role.refused")).find((it) => it.subject_id === id)
      expect(refused).toMatchObject({ actor: { type: "user", id }, details: { desk: "back_office", role } })
    }
  })

  it("is open to administrators, who have no role here, and to supervisors, on every route", async () => {
    for (const headers of [await admin(), asSupervisor]) {
      for (const [method, path] of await routes()) {
        const { status } = await call(method, path, headers, bodyOf(method))
        expect([401, 403, 500], `${method} ${path}`).not.toContain(status)
      }
    }
  })

  it("is not opened by working here no more: neither to who is inactive nor to whose user is deleted", async () => {
    const boss = await admin()
    await call("POST", `/staff/${ids.agent}`, boss, { is_active: false })
    expect((await call("GET", "/audit", asAgent)).body.code).toBe("role_not_allowed")
    await shop.database.sql`update "user" set deleted_at = now() where id = ${ids.agent}`
    expect((await call("GET", "/audit", asAgent)).body.code).toBe("role_not_allowed")
    await shop.database.sql`update "user" set deleted_at = null where id = ${ids.agent}`
    await call("POST", `/staff/${ids.agent}`, boss, { is_active: true })
    await call("POST", `/staff/${ids.supervisor}`, boss, { is_active: false })
    expect((await call("GET", "/audit", asSupervisor)).body.code).toBe("role_not_allowed")
    await call("POST", `/staff/${ids.supervisor}`, boss, { is_active: true })
    expect((await call("GET", "/audit", asSupervisor)).status).toBe(200)
  })
})

it("who was deleted in Medusa and taken off the staff, in whichever order, is no administrator by a token that is still good", async () => {
  const boss = await admin()
  const { sql } = shop.database
  for (const [role, isDeletedFirst] of [
    ["agent", true],
    ["agent", false],
    ["supervisor", true],
  ] as const) {
    const user_id = `user_gone_${role}_${isDeletedFirst}`
    const theirs = await tokenOf({ actor_id: user_id })
    await sql`insert into "user" (id, email) values (${user_id}, ${`${user_id}@tienda.example`})`
    expect((await call("POST", "/staff", boss, { user_id, role })).status).toBe(200)
    const isDeleted = () => sql`update "user" set deleted_at = now() where id = ${user_id}`
    if (isDeletedFirst) await isDeleted()
    expect([role, (await call("GET", "/audit", theirs)).status]).toEqual([role, 403])
    expect((await call("DELETE", `/staff/${user_id}?makes_administrator=true`, boss)).status).toBe(200)
    if (!isDeletedFirst) await isDeleted()
    for (const [method, path] of await routes()) {
      const { status, body } = await call(method, path, theirs, bodyOf(method))
      expect([role, method, path, status, body.code]).toEqual([role, method, path, 403, "role_not_allowed"])
    }
    expect((await audit(shop, "role.refused"))[0]).toMatchObject({ subject_id: user_id, details: { role: null } })
  }
})

describe("staff", () => {
  it("make nobody a supervisor, nor themselves anything else; neither an agent nor a supervisor does", async () => {
    const before = [await member(ids.agent), await member(ids.supervisor)]
    const locations = Object.values(demo().stock_locations)
    const tried: [Headers, string, string, unknown?][] = [
      [asAgent, "POST", `/staff/${ids.agent}`, { role: "supervisor" }],
      [asAgent, "POST", `/staff/${ids.cashier}/pin`, { pin: "7391" }],
      [asSupervisor, "POST", `/staff/${ids.agent}`, { role: "supervisor" }],
      [asSupervisor, "POST", "/staff", { user_id: "user_none", role: "supervisor" }],
      [asSupervisor, "POST", `/staff/${ids.supervisor}`, { stock_location_ids: locations }],
      [asSupervisor, "POST", `/staff/${ids.supervisor}`, { role: "agent" }],
      [asSupervisor, "DELETE", `/staff/${ids.supervisor}`],
      // Who is taken off the staff is an administrator by his log-in; who is put on it is one no more.
      [asSupervisor, "DELETE", `/staff/${ids.agent}`],
      [asSupervisor, "POST", "/staff", { user_id: await idOf(demo().admin.email), role: "cashier" }],
    ]
    for (const [headers, method, path, body] of tried) {
      const answer = await call(method, path, headers, body)
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, "role_not_allowed"])
    }
    expect([await member(ids.agent), await member(ids.supervisor)]).toEqual(before)
  })

  it("are not joined by who would leave the shop without an administrator: himself", async () => {
    const boss = await idOf(demo().admin.email)
    const headers = await tokenOf({ actor_id: boss })
    for (const role of ["agent", "supervisor"]) {
      const answer = await call("POST", "/staff", headers, { user_id: boss, role })
      expect([answer.status, answer.body.code]).toEqual([400, "own_role"])
    }
    expect((await call("GET", "/staff", headers)).status).toBe(200)
    expect((await call("POST", "/staff", await admin(), { user_id: boss, role: "agent" })).status).toBe(200)
    expect((await call("DELETE", `/staff/${boss}?makes_administrator=true`, await admin())).status).toBe(200)
  })

  it("are led by their supervisor: their PINs, places, roles and tills, and his own PIN, but no other supervisor's", async () => {
    const boss = await admin()
    const { madrid, valencia } = demo().stock_locations
    const done: [string, unknown][] = [
      [`/staff/${ids.cashier}/pin`, { pin: "60284" }],
      [`/staff/${ids.cashier}`, { stock_location_ids: [madrid, valencia] }],
      [`/staff/${ids.cashier}`, { role: "agent" }],
      [`/staff/${ids.cashier}`, { role: "cashier" }],
      [`/staff/${ids.supervisor}/pin`, { pin: "50927" }],
      [`/tills/${demo().tills[0]?.id}/pairing-code`, {}],
    ]
    for (const [path, body] of done) {
      expect([path, (await call("POST", path, asSupervisor, body)).status]).toEqual([path, 200])
    }
    expect((await audit(shop, "pin.set"))[0]?.actor).toEqual({ type: "user", id: ids.supervisor })
    await call("POST", `/staff/${ids.cashier}`, boss, { role: "supervisor" })
    const refused = await call("POST", `/staff/${ids.cashier}/pin`, asSupervisor, { pin: "40816" })
    expect([refused.status, refused.body.code]).toEqual([403, "role_not_allowed"])
    expect((await call("POST", `/staff/${ids.cashier}`, boss, { role: "cashier" })).status).toBe(200)
  })
})
