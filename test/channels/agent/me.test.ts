import { beforeAll, describe, expect, it } from "vitest"
import { byAgent } from "../../../src/channels/agent/index.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import {
  ADMIN_ID,
  admin,
  audit,
  customer,
  guest,
  type Headers,
  send,
  signIn,
  tillIn,
  tokenOf,
} from "../../support/desks.ts"

const shop = counterForFile()
const { agent, supervisor, cashier } = demo().staff
let asAgent: Headers
let agentId: string

const idOf = async (email: string) => {
  const [row] = await shop.database.sql<{ id: string }[]>`select id from "user" where email = ${email}`
  return row?.id ?? ""
}
const me = (headers: Headers) => send(shop.counter.url, "GET", "/agent/me", headers)
const asAdmin = async (path: string, body: unknown) =>
  send(shop.counter.url, "POST", `/admin/omnichannel${path}`, await admin(), body)
beforeAll(async () => {
  agentId = await idOf(agent.email)
  asAgent = await tokenOf({ actor_id: agentId })
})

describe("the agent's desk", () => {
  it("knows the agent, or the supervisor, by the log-in at Medusa, and the channel on the telephone", async () => {
    const { channel_id, sales_channel_id } = demo().channels.phone
    const { status, body, headers } = await me(asAgent)
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"])
    expect(body).toEqual({
      agent: { user_id: agentId, email: agent.email, first_name: "Diego", last_name: "Arenal Pons", role: "agent" },
      channel: {
        ...{ id: channel_id, name: "Pedidos por teléfono", kind: "phone", sales_channel_id },
        may: ["browse", "cart", "checkout", "invoice"],
      },
    })
    const boss = await me(await tokenOf({ actor_id: await idOf(supervisor.email) }))
    expect(boss.body.agent).toMatchObject({ email: supervisor.email, role: "supervisor" })
  })

  it("refuses every wrong identity, and has on record who had not the role", async () => {
    const log = "log_in_required"
    const role = "role_not_allowed"
    const cashierId = await idOf(cashier.email)
    const wrong: [string, Headers, number, string][] = [
      ["nobody", {}, 401, log],
      ["a guest", guest(), 401, log],
      ["a customer", await customer(), 401, log],
      ["a till", tillIn("madrid").headers, 401, log],
      ["a cashier at a till", await signIn(shop, "madrid"), 401, log],
      ["a supervisor at a till", await signIn(shop, "madrid", "supervisor"), 401, log],
      ["a session of Medusa's", { cookie: "connect.sid=s%3Aabc" }, 401, log],
      ["a secret key", { authorization: `Basic ${Buffer.from("sk_1:").toString("base64")}` }, 401, log],
      ["a log-in without a user", await tokenOf({ actor_id: "" }), 401, log],
      ["a log-in that is not finished", await tokenOf({ actor_id: agentId, mfa_enabled: true }), 401, log],
      ["a forged token", { authorization: `${asAgent.authorization?.slice(0, -2)}xx` }, 401, log],
      ["an admin without a role", await admin(), 403, role],
      ["a cashier's log-in", await tokenOf({ actor_id: cashierId }), 403, role],
    ]
    for (const [who, headers, status, code] of wrong) {
      const answer = await me(headers)
      expect([who, answer.status, answer.body.code]).toEqual([who, status, code])
    }
    const refused = (await audit(shop, "role.refused")).map((it) => [it.actor, it.details])
    expect(refused).toEqual([
      [
        { type: "user", id: cashierId },
        { desk: "telephone", role: "cashier" },
      ],
      [
        { type: "user", id: ADMIN_ID },
        { desk: "telephone", role: null },
      ],
    ])
  })

  it("is closed to who is not active, is staff no more, or is deleted in Medusa, at once", async () => {
    for (const [shutOut, letIn] of [
      [
        () => asAdmin(`/staff/${agentId}`, { is_active: false }),
        () => asAdmin(`/staff/${agentId}`, { is_active: true }),
      ],
      [() => asAdmin(`/staff/${agentId}`, { role: "cashier" }), () => asAdmin(`/staff/${agentId}`, { role: "agent" })],
      [
        () => shop.database.sql`update "user" set deleted_at = now() where id = ${agentId}`,
        () => shop.database.sql`update "user" set deleted_at = null where id = ${agentId}`,
      ],
    ] as const) {
      expect((await me(asAgent)).status).toBe(200)
      await shutOut()
      expect((await me(asAgent)).body.code).toBe("role_not_allowed")
      await letIn()
    }
    expect((await me(asAgent)).status).toBe(200)
  })

  it("is in the channel that the agent names, where there are several, and else in the first that is open", async () => {
    const first = demo().channels.phone
    const { sales_channel_id } = first
    const settings = { kind: "phone", sales_channel_id, may: ["cart"] }
    const { channel } = (await asAdmin("/channels", { ...settings, name: "Business line" })).body
    const channelOf = async (named?: string) => {
      const { status, body } = await me({ ...asAgent, ...(named === undefined ? {} : { "x-channel-id": named }) })
      return [status, body.channel?.id ?? body.code ?? body.type]
    }
    expect(await channelOf()).toEqual([200, first.channel_id])
    expect(await channelOf(channel.id)).toEqual([200, channel.id])
    expect(await channelOf("chan_none")).toEqual([400, "invalid_data"])
    expect(await channelOf(demo().channels.pos.channel_id)).toEqual([400, "invalid_data"])
    await asAdmin(`/channels/${first.channel_id}`, { is_active: false })
    expect(await channelOf()).toEqual([200, channel.id])
    expect(await channelOf(first.channel_id)).toEqual([403, "channel_inactive"])
    await asAdmin(`/channels/${channel.id}`, { is_active: false })
    expect(await channelOf()).toEqual([403, "channel_inactive"])
    await asAdmin(`/channels/${first.channel_id}`, { is_active: true })
    await shop.database.sql`delete from mostrador.channel where id = ${channel.id}`
  })
})

it("what an agent changes is told as his, with the channel and what his desk calls itself", () => {
  const values: Record<string, unknown> = {
    ...{ staff: { user_id: "user_1" }, channel: { id: "chan_1", sales_channel_id: "sc_1" } },
  }
  const c = { get: (name: string) => values[name], req: { header: () => "desk 4" } }
  expect(byAgent(c as unknown as Parameters<typeof byAgent>[0])).toEqual({
    ...{ actor: { type: "agent", id: "user_1" }, channel: "sc_1", channel_id: "chan_1", device: "desk 4" },
  })
})
