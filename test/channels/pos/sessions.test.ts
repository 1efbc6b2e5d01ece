import { describe, expect, it } from "vitest"
import { byCashier } from "../../../src/channels/pos/index.ts"
import { counterForFile, demo, openTestCounter } from "../../support/counter.ts"
import { admin, audit, customer, guest, type Headers, send, signIn, tillIn, tokenOf } from "../../support/desks.ts"
import { follow } from "../../support/events.ts"
import { until } from "../../support/http.ts"

const shop = counterForFile()
const { cashier, agent } = demo().staff
const { password: _, ...supervisor } = demo().staff.supervisor
const madrid = tillIn("madrid")
const valencia = tillIn("valencia")

const call = (method: string, path: string, headers: Headers, body?: unknown, at = shop.counter.url) =>
  send(at, method, `/pos${path}`, headers, body)
const me = (headers: Headers, at?: string) => call("GET", "/me", headers, undefined, at)
const trySignIn = (body: unknown, headers: Headers = madrid.headers, at?: string) =>
  call("POST", "/sessions", headers, body, at)
const asAdmin = async (path: string, body: unknown) =>
  send(shop.counter.url, "POST", `/admin/omnichannel${path}`, await admin(), body)
const userId = async (email: string) => {
  const [row] = await shop.database.sql<{ id: string }[]>`select id from "user" where email = ${email}`
  return row?.id ?? ""
}
const forgiveAll = () => shop.database.sql`truncate mostrador.pin_failure, mostrador.attempt`

describe("a till", () => {
  it("knows where it stands, and who stands at it", async () => {
    const { status, body, headers } = await me(madrid.headers)
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"])
    const { channel_id, sales_channel_id } = demo().channels.pos
    expect(body).toEqual({
      till: { id: madrid.id, name: "Caja Madrid" },
      location: { id: demo().stock_locations.madrid, name: "Tienda Madrid" },
      channel: {
        ...{ id: channel_id, name: "Cajas de las tiendas", kind: "pos", sales_channel_id },
        may: ["browse", "cart", "checkout", "cash"],
      },
      ...{ cashier: null, session: null },
    })
    const signedIn = (await me(await signIn(shop, "madrid"))).body
    expect(signedIn).toMatchObject({
      till: { id: madrid.id },
      cashier: { email: cashier.email, first_name: "Marta", role: "cashier" },
      session: { signed_in_at: expect.stringMatching(/Z$/), expires_at: expect.stringMatching(/Z$/) },
    })
    const hours = (Date.parse(signedIn.session.expires_at) - Date.parse(signedIn.session.signed_in_at)) / 3_600_000
    expect(hours).toBeCloseTo(12, 1)
    expect(JSON.stringify(signedIn)).not.toContain("token")
  })

  it("is nobody else: each route refuses every wrong identity, and says why", async () => {
    const signedIn = await signIn(shop, "madrid")
    const elsewhere = await signIn(shop, "valencia", "supervisor")
    const agentToken = await tokenOf({ actor_id: await userId(agent.email) })
    const out = await signIn(shop, "barcelona")
    expect((await call("DELETE", "/sessions/current", out)).status).toBe(200)
    const other = { ...madrid.headers, "x-till-session": elsewhere["x-till-session"] ?? "" }
    const unknown = "till_unknown"
    // What the session route, `me` with what is shown, and the end of a session say.
    const wrong: [string, Headers, [number, string | undefined][]][] = [
      [
        "nobody",
        {},
        [
          [401, unknown],
          [401, unknown],
          [401, unknown],
        ],
      ],
      [
        "a guest",
        guest(),
        [
          [401, unknown],
          [401, unknown],
          [401, unknown],
        ],
      ],
      [
        "a customer",
        await customer(),
        [
          [401, unknown],
          [401, unknown],
          [401, unknown],
        ],
      ],
      [
        "an admin",
        await admin(),
        [
          [401, unknown],
          [401, unknown],
          [401, unknown],
        ],
      ],
      [
        "an agent",
        agentToken,
        [
          [401, unknown],
          [401, unknown],
          [401, unknown],
        ],
      ],
      [
        "a session as a till",
        { authorization: `Bearer ${signedIn["x-till-session"]}` },
        [
          [401, unknown],
          [401, unknown],
          [401, unknown],
        ],
      ],
      [
        "a session alone",
        { "x-till-session": signedIn["x-till-session"] ?? "" },
        [
          [401, unknown],
          [401, unknown],
          [401, unknown],
        ],
      ],
      [
        "a till without a session",
        madrid.headers,
        [
          [401, "pin_wrong"],
          [200, undefined],
          [401, "signed_out"],
        ],
      ],
      [
        "another till's session",
        other,
        [
          [401, "pin_wrong"],
          [401, "signed_out"],
          [401, "signed_out"],
        ],
      ],
      [
        "a session that is over",
        out,
        [
          [401, "pin_wrong"],
          [401, "signed_out"],
          [401, "signed_out"],
        ],
      ],
      [
        "no session at all",
        { ...madrid.headers, "x-till-session": "shift_x" },
        [
          [401, "pin_wrong"],
          [401, "signed_out"],
          [401, "signed_out"],
        ],
      ],
      [
        "an empty session",
        { ...madrid.headers, "x-till-session": "" },
        [
          [401, "pin_wrong"],
          [401, "signed_out"],
          [401, "signed_out"],
        ],
      ],
    ]
    for (const [who, headers, expected] of wrong) {
      const answers = [
        await trySignIn({ email: "nobody@tienda.example", pin: "7391" }, headers),
        await me(headers),
        await call("DELETE", "/sessions/current", headers),
      ]
      await forgiveAll()
      expect([who, answers.map((it) => [it.status, it.body.code])]).toEqual([who, expected])
      for (const { text } of answers)
        for (const secret of ["7391", elsewhere["x-till-session"]]) expect(text).not.toContain(secret)
    }
    // Nobody was signed out by any of that.
    expect((await me(signedIn)).status).toBe(200)
    expect((await me(elsewhere)).status).toBe(200)
    const reasons = (await audit(shop, "session.refused")).map((it) => [it.till_id, it.details.reason])
    expect(reasons).toEqual(
      expect.arrayContaining([
        [madrid.id, "of_other_till"],
        [tillIn("barcelona").id, "signed_out"],
        [madrid.id, "unknown"],
      ]),
    )
  })

  it("is refused when it is revoked, on every route and every counter, and so is who was signed in", async () => {
    const signedIn = await signIn(shop, "valencia", "supervisor")
    const other = await openTestCounter(shop.database.url)
    try {
      expect((await me(signedIn, other.url)).status).toBe(200)
      await asAdmin(`/tills/${valencia.id}/revoke`, {})
      for (const answer of [
        await me(signedIn, other.url),
        await me(valencia.headers),
        await trySignIn(supervisor, valencia.headers),
        await call("DELETE", "/sessions/current", signedIn),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([403, "till_revoked"])
      }
      expect((await audit(shop, "till.refused"))[0]).toMatchObject({ outcome: "refused", till_id: valencia.id })
    } finally {
      await other.close()
      await shop.database.sql`update mostrador.till set revoked_at = null where id = ${valencia.id}`
    }
    // Though the till is back, the session is not.
    expect((await me(signedIn)).body.code).toBe("signed_out")
  })

  it("is refused while its channel is closed, but for who signs out, who is out when it opens again", async () => {
    const { channel_id } = demo().channels.pos
    const signedIn = await signIn(shop, "madrid")
    await asAdmin(`/channels/${channel_id}`, { is_active: false })
    for (const headers of [madrid.headers, signedIn]) {
      const refused = await me(headers)
      expect([refused.status, refused.body.code]).toEqual([403, "channel_inactive"])
    }
    expect((await call("DELETE", "/sessions/current", signedIn)).status).toBe(200)
    await asAdmin(`/channels/${channel_id}`, { is_active: true })
    expect((await me(madrid.headers)).status).toBe(200)
    expect((await me(signedIn)).body.code).toBe("signed_out")
  })

  it("that was just made, of a channel that was just made, is known to every counter", async () => {
    const other = await openTestCounter(shop.database.url)
    try {
      const { sales_channel_id } = demo().channels.pos
      const { channel } = (await asAdmin("/channels", { name: "Market stall", kind: "pos", sales_channel_id })).body
      const place = { stock_location_id: demo().stock_locations.madrid, channel_id: channel.id }
      const { till } = (await asAdmin("/tills", { name: "Stall 1", ...place })).body
      const { pairing_code } = (await asAdmin(`/tills/${till.id}/pairing-code`, {})).body
      const { token } = (await call("POST", "/pair", {}, { code: pairing_code.code }, other.url)).body
      const { body } = await me({ authorization: `Bearer ${token}` }, other.url)
      expect(body.channel).toMatchObject({ id: channel.id, may: ["browse", "cart", "checkout"] })
    } finally {
      await other.close()
    }
  })
})

describe("a till that is moved to another shop", () => {
  const { barcelona, valencia: inValencia } = demo().stock_locations
  const move = (stock_location_id: string) => asAdmin(`/tills/${madrid.id}`, { stock_location_id })
  const cartAt = async (headers: Headers) => {
    const { id } = (await call("POST", "/carts", headers, {})).body.cart
    await call("POST", `/carts/${id}/line-items`, headers, { variant_id: demo().variants.unmanaged, quantity: 1 })
    return id
  }

  it("is closed to who may not work there, who sells nothing more and sees nothing more, also when it is back", async () => {
    const other = await openTestCounter(shop.database.url, { liveHeartbeatSeconds: 1 })
    const signedIn = await signIn(shop, "madrid")
    const id = await cartAt(signedIn)
    const stream = await follow(`${other.url}/pos/carts/${id}/stream`, signedIn)
    try {
      expect(stream.status).toBe(200)
      const moved = await move(inValencia)
      expect([moved.status, moved.body.till.cashier]).toEqual([200, null])
      const payment = { tender: "cash", amount: 500 }
      for (const at of [shop.counter.url, other.url]) {
        const paid = await call("POST", `/carts/${id}/pay`, signedIn, payment, at)
        expect([paid.status, paid.body.code]).toEqual([401, "signed_out"])
        expect((await me(signedIn, at)).body.code).toBe("signed_out")
      }
      expect((await audit(shop, "session.refused"))[0]?.details).toEqual({ reason: "till_moved" })
      await until("his stream is ended", () => stream.isClosed, 20)
      expect((await trySignIn(cashier)).body.code).toBe("place_not_allowed")
      await move(demo().stock_locations.madrid)
      expect((await me(signedIn)).body.code).toBe("signed_out")
      expect((await call("POST", `/carts/${id}/pay`, await signIn(shop, "madrid"), payment)).status).toBe(200)
    } finally {
      stream.leave()
      await move(demo().stock_locations.madrid)
      await other.close()
    }
  })

  it("goes on with who may work there, too", async () => {
    const signedIn = await signIn(shop, "madrid")
    expect((await move(barcelona)).body.till.cashier.user_id).toBe(await userId(cashier.email))
    expect((await me(signedIn)).body.location.id).toBe(barcelona)
    await move(demo().stock_locations.madrid)
    expect((await me(signedIn)).status).toBe(200)
  })

  it("lets nobody in by plain SQL either, which ends no session", async () => {
    const signedIn = await signIn(shop, "madrid")
    const [till] = await shop.database.sql`
      update mostrador.till set stock_location_id = ${inValencia} where id = ${madrid.id} returning id`
    expect(till).toBeDefined()
    expect((await me(signedIn)).body.code).toBe("signed_out")
    await shop.database.sql`
      update mostrador.till set stock_location_id = ${demo().stock_locations.madrid} where id = ${madrid.id}`
    await shop.database
      .sql`update mostrador.staff_member set role = 'agent' where user_id = ${await userId(cashier.email)}`
    expect((await me(signedIn)).body.code).toBe("signed_out")
    await shop.database.sql`
      update mostrador.staff_member set role = 'cashier' where user_id = ${await userId(cashier.email)}`
    expect((await me(signedIn)).status).toBe(200)
  })
})

describe("signing in at a till", () => {
  it("takes an e-mail or an id, and the PIN", async () => {
    const user_id = await userId(cashier.email)
    for (const who of [{ email: cashier.email.toUpperCase() }, { user_id }]) {
      const { status, body } = await trySignIn({ ...who, pin: cashier.pin })
      expect([status, body.cashier.user_id]).toEqual([200, user_id])
    }
    const wrong = [
      { pin: cashier.pin },
      { user_id, email: cashier.email, pin: cashier.pin },
      { email: cashier.email },
      { email: cashier.email, pin: Number(cashier.pin) },
      { email: cashier.email, pin: "123" },
      { email: "", pin: cashier.pin },
      { user_id: "a\0b", pin: cashier.pin },
      { user_id, pin: cashier.pin, till_id: madrid.id },
    ]
    for (const body of wrong) {
      const answer = await trySignIn(body)
      expect([body, answer.status, answer.body.type]).toEqual([body, 400, "invalid_data"])
      expect(answer.text).not.toContain(cashier.pin)
    }
    expect((await trySignIn(undefined)).status).toBe(400)
  })

  it("signs out who was signed in there, also when many do it at once", async () => {
    const first = await signIn(shop, "madrid")
    const second = await signIn(shop, "madrid", "supervisor")
    expect((await me(first)).body.code).toBe("signed_out")
    expect((await me(second)).body.cashier.email).toBe(supervisor.email)
    const answers = await Promise.all(Array.from({ length: 4 }, () => trySignIn(cashier)))
    const sessions = answers.map(({ body }) => ({ ...madrid.headers, "x-till-session": body.session.token as string }))
    const statuses = await Promise.all(sessions.map(async (it) => (await me(it)).status))
    expect(statuses.sort()).toEqual([200, 401, 401, 401])
  })

  it("holds for twelve hours, or until one signs out", async () => {
    const signedIn = await signIn(shop, "madrid")
    const end = await call("DELETE", "/sessions/current", signedIn)
    expect([end.status, end.body]).toEqual([200, { object: "till_session", deleted: true }])
    expect((await me(signedIn)).body.code).toBe("signed_out")
    expect((await call("DELETE", "/sessions/current", signedIn)).status).toBe(401)
    const long = await signIn(shop, "madrid")
    await shop.database.sql`update mostrador.till_session set expires_at = now() where ended_at is null`
    expect((await me(long)).body.code).toBe("signed_out")
    expect((await audit(shop, "session.refused"))[0]?.details).toEqual({ reason: "expired" })
  })

  it("is for cashiers and supervisors, in shops where they may work; what was refused is on record", async () => {
    await forgiveAll()
    const notHere = await trySignIn(cashier, valencia.headers)
    expect([notHere.status, notHere.body.code]).toEqual([403, "place_not_allowed"])
    expect((await trySignIn(supervisor, valencia.headers)).status).toBe(200)
    const agentId = await userId(agent.email)
    await asAdmin(`/staff/${agentId}/pin`, { pin: "7391" })
    await asAdmin(`/staff/${agentId}`, { stock_location_ids: [demo().stock_locations.madrid] })
    const notHis = await trySignIn({ email: agent.email, pin: "7391" })
    expect([notHis.status, notHis.body.code]).toEqual([403, "role_not_allowed"])
    const by = { outcome: "refused", actor: { type: "till", id: valencia.id } }
    expect((await audit(shop, "place.refused"))[0]).toMatchObject({ ...by, subject_id: await userId(cashier.email) })
    expect((await audit(shop, "role.refused"))[0]).toMatchObject({ subject_id: agentId, till_id: madrid.id })
  })

  it("is refused to who types a PIN that is being changed: he sells nothing for twelve hours by the old one", async () => {
    await forgiveAll()
    const { sql } = shop.database
    const id = await userId(cashier.email)
    const [{ pin_hash: before } = {}] = await sql`select pin_hash from mostrador.staff_member where user_id = ${id}`
    let late: ReturnType<typeof trySignIn> | undefined
    await sql.begin(async (tx) => {
      await tx`update mostrador.staff_member set pin_hash = 'another', sessions_from = clock_timestamp() where user_id = ${id}`
      late = trySignIn(cashier)
      await until("his PIN was looked at, and he is about to be let in", async () => {
        const waiting = await sql`
          select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%staff_member%for share%'`
        return waiting.length > 0
      })
    })
    const { status, body } = (await late) ?? {}
    expect([status, body?.code]).toEqual([401, "pin_wrong"])
    await sql`update mostrador.staff_member set pin_hash = ${before} where user_id = ${id}`
    expect((await trySignIn(cashier)).status).toBe(200)
  })

  it("is locked after five wrong PINs, on every counter, for a quarter of an hour; a new PIN opens it", async () => {
    await forgiveAll()
    const other = await openTestCounter(shop.database.url)
    try {
      const user_id = await userId(cashier.email)
      for (let time = 0; time < 5; time++) {
        const at = time % 2 === 0 ? shop.counter.url : other.url
        const wrong = await trySignIn({ user_id, pin: "7391" }, madrid.headers, at)
        expect([wrong.status, wrong.body.code]).toEqual([401, "pin_wrong"])
      }
      for (const at of [shop.counter.url, other.url]) {
        const locked = await trySignIn({ user_id, pin: cashier.pin }, madrid.headers, at)
        expect([locked.status, locked.body.code]).toEqual([403, "pin_locked"])
      }
      const member = async () =>
        (await send(shop.counter.url, "GET", `/admin/omnichannel/staff/${user_id}`, await admin())).body.staff_member
      const minutes = (Date.parse((await member()).locked_until) - Date.now()) / 60_000
      expect(minutes).toBeGreaterThan(13)
      expect(minutes).toBeLessThan(16)
      const wrongs = (await audit(shop, "pin.wrong")).slice(0, 5)
      expect(wrongs.map((it) => [it.subject_id, it.details.locked])).toEqual([
        [user_id, true],
        ...Array.from({ length: 4 }, () => [user_id, false]),
      ])
      expect((await audit(shop, "pin.locked"))[0]).toMatchObject({ subject_id: user_id, till_id: madrid.id })
      // Others are not locked out with him.
      expect((await trySignIn(supervisor)).status).toBe(200)

      await shop.database.sql`update mostrador.pin_failure set locked_until = now() where who = ${user_id}`
      expect((await member()).locked_until).toBeNull()
      for (let time = 0; time < 4; time++)
        expect((await trySignIn({ user_id, pin: "7391" })).body.code).toBe("pin_wrong")
      expect((await trySignIn({ user_id, pin: cashier.pin })).status).toBe(200)
      for (let time = 0; time < 5; time++) await trySignIn({ user_id, pin: "7391" })
      expect((await trySignIn({ user_id, pin: cashier.pin })).body.code).toBe("pin_locked")
      await asAdmin(`/staff/${user_id}/pin`, { pin: cashier.pin })
      expect((await trySignIn({ user_id, pin: cashier.pin })).status).toBe(200)
    } finally {
      await other.close()
    }
  })

  it("gives who tries a hundred PINs at once no more tries than the others", async () => {
    await forgiveAll()
    await shop.database.sql`delete from mostrador.audit_entry`
    const pins = Array.from({ length: 25 }, (_, it) => String(6_100 + 7 * it))
    const answers = await Promise.all(pins.map((pin) => trySignIn({ email: cashier.email, pin })))
    const codes = answers.map((it) => it.body.code)
    expect(codes.filter((it) => it === "pin_wrong")).toHaveLength(5)
    expect(codes.filter((it) => it === "pin_locked")).toHaveLength(20)
    expect(await audit(shop, "pin.wrong")).toHaveLength(5)
    await forgiveAll()
  })

  it("says of somebody whom there is not what it says of everybody, and locks him, too", async () => {
    await forgiveAll()
    const codes = async (who: object) => {
      const answers = []
      for (let time = 0; time < 7; time++) answers.push(await trySignIn({ ...who, pin: "7391" }))
      await shop.database.sql`delete from mostrador.attempt`
      return answers.map((it) => [it.status, it.body])
    }
    const known = await codes({ email: cashier.email })
    expect(await codes({ email: "Nobody@tienda.example" })).toEqual(known)
    expect(await codes({ user_id: "user_none" })).toEqual(known)
    expect(known.map(([status]) => status)).toEqual([401, 401, 401, 401, 401, 403, 403])
    // Whose name it was is not kept: it may be a slip of the fingers, and a PIN.
    const kept = JSON.stringify([
      await shop.database.sql`select * from mostrador.pin_failure`,
      await shop.database.sql`select * from mostrador.audit_entry`,
    ])
    expect(kept).not.toMatch(/nobody@tienda|7391/i)
    await forgiveAll()
  })

  it("ends the tries at a till where one PIN is tried on everybody", async () => {
    await forgiveAll()
    const answers = []
    for (let time = 0; time < 32; time++) {
      answers.push(await trySignIn({ email: `person${time}@tienda.example`, pin: "7391" }))
    }
    expect(answers.map((it) => it.status)).toEqual([...Array(30).fill(401), 429, 429])
    expect(Number(answers[31]?.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await trySignIn(cashier, tillIn("barcelona").headers)).status).toBe(200)
    await forgiveAll()
  })

  it("leaves no PIN, token or e-mail in the log", async () => {
    const lines: string[] = []
    const { createLog } = await import("../../../src/platform/log.ts")
    const { openCounter } = await import("../../../src/server.ts")
    const { loadConfig } = await import("../../../src/config.ts")
    const log = createLog("trace")
    const write = (line: unknown) => void lines.push(JSON.stringify(line))
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) log[level] = write as typeof log.info
    const counter = await openCounter(
      { ...loadConfig({ DATABASE_URL: shop.database.url, MEDUSA_URL: "http://127.0.0.1:9" }), port: 0 },
      shop.database.url,
      log,
    )
    try {
      const { body } = await trySignIn(cashier, madrid.headers, counter.url)
      await trySignIn({ email: cashier.email, pin: "7391" }, madrid.headers, counter.url)
      await me({ ...madrid.headers, "x-till-session": body.session.token }, counter.url)
      await until("it is logged", () => lines.filter((it) => it.includes("/pos/")).length >= 3)
      const text = lines.join("\n")
      for (const secret of [cashier.pin, "7391", cashier.email, madrid.token, body.session.token]) {
        expect(text).not.toContain(secret)
      }
    } finally {
      await counter.close()
    }
  })
})

it("what a cashier changes is told as his, with the till and the channel", () => {
  const values: Record<string, unknown> = {
    ...{ staff: { user_id: "user_1" }, till: { id: "till_1" } },
    channel: { id: "chan_1", sales_channel_id: "sc_1" },
  }
  const c = { get: (name: string) => values[name] } as Parameters<typeof byCashier>[0]
  expect(byCashier(c)).toEqual({
    ...{ actor: { type: "cashier", id: "user_1" }, channel: "sc_1", channel_id: "chan_1", device: "till_1" },
  })
})
