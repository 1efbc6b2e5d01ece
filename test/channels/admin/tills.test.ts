import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { counterForFile, demo } from "../../support/counter.ts"
import { ADMIN_ID, admin, customer, guest, type Headers, send, signIn, tillIn, tokenOf } from "../../support/desks.ts"

const PATH = "/admin/omnichannel/tills"
const shop = counterForFile()
let boss: Headers
beforeAll(async () => {
  boss = await admin()
})

const call = (method: string, path = "", body?: unknown, headers = boss) =>
  send(shop.counter.url, method, PATH + path, headers, body)
let made = 0
const settings = () => ({
  ...{ name: `Till ${++made}`, stock_location_id: demo().stock_locations.madrid },
  channel_id: demo().channels.pos.channel_id,
})
async function make(more: object = {}): Promise<string> {
  const { status, body } = await call("POST", "", { ...settings(), ...more })
  expect([status, body.message]).toEqual([200, undefined])
  return body.till.id
}
const codeOf = async (id: string) => (await call("POST", `/${id}/pairing-code`)).body.pairing_code.code as string
const pair = (code: unknown) => send(shop.counter.url, "POST", "/pos/pair", {}, { code })
const me = (token: string) => send(shop.counter.url, "GET", "/pos/me", { authorization: `Bearer ${token}` })

describe("tills", () => {
  it("are for admins only, on every route, and nothing happens for others", async () => {
    const id = await make()
    const strangers = [
      {},
      guest(),
      await customer(),
      tillIn("madrid").headers,
      await signIn(shop, "madrid", "supervisor"),
      await tokenOf({ actor_id: "" }),
    ]
    for (const headers of strangers) {
      const answers = [
        await call("GET", "", undefined, headers),
        await call("POST", "", settings(), headers),
        await call("GET", `/${id}`, undefined, headers),
        await call("POST", `/${id}`, { name: "Mine" }, headers),
        await call("DELETE", `/${id}`, undefined, headers),
        await call("POST", `/${id}/pairing-code`, undefined, headers),
        await call("POST", `/${id}/revoke`, undefined, headers),
      ]
      expect(answers.map((it) => it.status)).toEqual(answers.map(() => 401))
    }
    const { till } = (await call("GET", `/${id}`)).body
    expect(till).toMatchObject({ status: "unpaired", pairing_expires_at: null, revoked_at: null })
  })

  it("are made, shown, found, changed and deleted", async () => {
    const given = settings()
    const { till } = (await call("POST", "", { ...given, receipt_prefix: "MAD-9" })).body
    expect(till).toEqual({
      ...{ ...given, id: expect.stringMatching(/^till_/), status: "unpaired", receipt_prefix: "MAD-9" },
      ...{ last_receipt_number: 0, pairing_expires_at: null, paired_at: null, revoked_at: null, cashier: null },
      ...{ created_at: expect.stringMatching(/Z$/), updated_at: expect.stringMatching(/Z$/) },
    })
    const { barcelona } = demo().stock_locations
    const changed = await call("POST", `/${till.id}`, { stock_location_id: barcelona, receipt_prefix: "BCN9" })
    expect(changed.body.till).toMatchObject({ stock_location_id: barcelona, receipt_prefix: "BCN9", name: given.name })
    expect((await call("GET", `/${till.id}`)).body).toEqual(changed.body)
    const ids = async (query: string) =>
      (await call("GET", query)).body.tills.map((it: { id: string }) => it.id) as string[]
    expect(await ids(`?stock_location_id=${barcelona}`)).toEqual([tillIn("barcelona").id, till.id])
    expect(await ids(`?status=paired`)).toEqual(demo().tills.map((it) => it.id))
    expect((await call("GET", "?limit=1")).body).toMatchObject({ limit: 1, tills: [{ receipt_prefix: "MAD" }] })
    expect((await call("DELETE", `/${till.id}`)).body).toEqual({ id: till.id, object: "till", deleted: true })
    for (const [method, path] of [
      ...([
        ["GET", ""],
        ["POST", ""],
        ["DELETE", ""],
        ["POST", "/pairing-code"],
        ["POST", "/revoke"],
      ] as const),
    ]) {
      const answer = await call(method, `/${till.id}${path}`)
      expect([path, answer.status, answer.body.type]).toEqual([path, 404, "not_found"])
    }
  })

  it("get receipt prefixes of their own where none is given", async () => {
    const prefixOf = async (id: string) => (await call("GET", `/${id}`)).body.till.receipt_prefix
    const prefixes = [await prefixOf(await make()), await prefixOf(await make())]
    expect(new Set(prefixes).size).toBe(2)
    for (const prefix of prefixes) expect(prefix).toMatch(/^[A-Z0-9]{6}$/)
  })

  it("that are wrong are refused with the reason, and leave nothing behind", async () => {
    const before = (await call("GET")).body.count
    const good = settings()
    const wrong: [object, number, string][] = [
      [{ ...good, name: "" }, 400, "name"],
      [{ ...good, name: "a\nb" }, 400, "name"],
      [{ ...good, name: "caja MADRID" }, 422, "name"],
      [{ ...good, stock_location_id: "sloc_none" }, 400, "stock_location_id"],
      [{ ...good, channel_id: "chan_none" }, 400, "channel_id"],
      [{ ...good, channel_id: demo().channels.web.channel_id }, 400, "kind `pos`"],
      [{ ...good, receipt_prefix: "mad" }, 400, "prefix"],
      [{ ...good, receipt_prefix: "MAD" }, 422, "receipts"],
      [{ ...good, token: "till_mine" }, 400, "token"],
      [{ name: good.name }, 400, "stock_location_id"],
    ]
    for (const [body, status, reason] of wrong) {
      const answer = await call("POST", "", body)
      expect([body, answer.status]).toEqual([body, status])
      expect(answer.body.message).toContain(reason)
    }
    for (const query of ["?status=lost", "?limit=0", "?x=y"]) expect((await call("GET", query)).status).toBe(400)
    expect((await call("GET")).body.count).toBe(before)
  })

  it("whose location Medusa has deleted are named, and moved to another, all the same", async () => {
    const { sql } = shop.database
    const gone = "sloc_01GONE"
    await sql`insert into stock_location (id, name) values (${gone}, 'Pop-up')`
    const { till } = (await call("POST", "", { ...settings(), stock_location_id: gone })).body
    await sql`update stock_location set deleted_at = now() where id = ${gone}`
    const named = await call("POST", `/${till.id}`, { name: "The last one" })
    expect([named.status, named.body.till]).toMatchObject([200, { name: "The last one", stock_location_id: gone }])
    expect((await call("POST", `/${till.id}`, { stock_location_id: gone })).status).toBe(400)
    const { madrid } = demo().stock_locations
    expect((await call("POST", `/${till.id}`, { stock_location_id: madrid })).status).toBe(200)
    expect((await call("DELETE", `/${till.id}`)).status).toBe(200)
  })

  it("keep their prefix, and are not deleted, once they have printed a receipt", async () => {
    const id = await make()
    await shop.database.sql`update mostrador.till set last_receipt_number = 1 where id = ${id}`
    for (const answer of [await call("DELETE", `/${id}`), await call("POST", `/${id}`, { receipt_prefix: "NEW" })]) {
      expect([answer.status, answer.body.code]).toEqual([409, "till_has_receipts"])
    }
    expect((await call("POST", `/${id}`, { name: `Till ${++made}` })).status).toBe(200)
  })
})

describe("a device", () => {
  beforeEach(() => shop.database.sql`delete from mostrador.attempt`)

  it("becomes a till by a code, once, however it is typed; the token is shown nowhere else", async () => {
    const id = await make()
    const { status, body, headers } = await call("POST", `/${id}/pairing-code`)
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"])
    expect(body.pairing_code.code).toMatch(/^[34679ACDEFGHJKMNPQRTWXY]{8}$/)
    const expires = Date.parse(body.pairing_code.expires_at)
    expect(Math.abs(expires - Date.now() - 3_600_000)).toBeLessThan(60_000)
    const { code } = body.pairing_code
    const paired = await pair(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `)
    expect(paired.status).toBe(200)
    expect(paired.headers.get("cache-control")).toBe("no-store")
    expect(paired.body.till.id).toBe(id)
    expect((await me(paired.body.token)).body.till.id).toBe(id)
    const again = await pair(code)
    expect([again.status, again.body.code]).toEqual([401, "pairing_code_wrong"])

    const [row] = await shop.database.sql`select * from mostrador.till where id = ${id}`
    const shown = JSON.stringify([row, (await call("GET", `/${id}`)).body])
    for (const secret of [paired.body.token, code]) expect(shown).not.toContain(secret)
    expect((await call("GET", `/${id}`)).body.till).toMatchObject({ status: "paired", pairing_expires_at: null })
  })

  it("is one of two that show the same code at once, and the other is refused", async () => {
    for (let round = 0; round < 3; round++) {
      const code = await codeOf(await make())
      const answers = await Promise.all([pair(code), pair(code), pair(code)])
      expect(answers.map((it) => it.status).sort()).toEqual([200, 401, 401])
    }
  })

  it("does not become one by a code that is too old, or that another has taken the place of", async () => {
    const id = await make()
    const first = await codeOf(id)
    const second = await codeOf(id)
    expect((await pair(first)).status).toBe(401)
    await shop.database.sql`update mostrador.till set pairing_expires_at = now() - interval '1 second' where id = ${id}`
    expect((await pair(second)).status).toBe(401)
    expect((await call("GET", `/${id}`)).body.till.status).toBe("unpaired")
    for (const code of ["", 12, null, undefined, "x".repeat(41), "a\0b"]) expect((await pair(code)).status).toBe(400)
  })

  it("is shut out when another is paired in its place, with who is signed in there", async () => {
    const id = await make()
    const { token } = (await pair(await codeOf(id))).body
    const till = { authorization: `Bearer ${token}` }
    const { body } = await send(shop.counter.url, "POST", "/pos/sessions", till, demo().staff.cashier)
    // Until then it goes on.
    const code = await codeOf(id)
    expect((await me(token)).status).toBe(200)
    const { token: next } = (await pair(code)).body
    expect((await me(token)).body.code).toBe("till_unknown")
    const headers = { authorization: `Bearer ${next}`, "x-till-session": body.session.token }
    expect((await send(shop.counter.url, "GET", "/pos/me", headers)).body.code).toBe("signed_out")
  })

  it("of a revoked till is shut out at once, which is on record; a new code lets one in again", async () => {
    const id = await make()
    const { token } = (await pair(await codeOf(id))).body
    const open = await codeOf(id)
    expect((await call("POST", `/${id}/revoke`)).body.till).toMatchObject({
      status: "revoked",
      pairing_expires_at: null,
    })
    expect((await pair(open)).status).toBe(401)
    for (let time = 0; time < 3; time++) {
      const refused = await me(token)
      expect([refused.status, refused.body.code]).toEqual([403, "till_revoked"])
    }
    const { body } = await send(shop.counter.url, "GET", `/admin/omnichannel/audit?till_id=${id}`, boss)
    const entries = body.audit_entries.map((it: Record<string, unknown>) => [it.action, it.outcome, it.actor])
    const by = { type: "user", id: ADMIN_ID }
    expect(entries).toEqual([
      ["till.refused", "refused", { type: "till", id }],
      ["till.revoked", "done", by],
      ["till.pairing_code_made", "done", by],
      ["till.paired", "done", { type: "till", id }],
      ["till.pairing_code_made", "done", by],
      ["till.added", "done", by],
    ])
    const { token: next } = (await pair(await codeOf(id))).body
    expect((await me(next)).status).toBe(200)
    expect((await me(token)).body.code).toBe("till_unknown")
  })

  it("has ten guesses at codes in a quarter of an hour, all at once or one by one", async () => {
    const code = await codeOf(await make())
    const guesses = await Promise.all(Array.from({ length: 30 }, (_, it) => pair(`WRONG${it}`)))
    const statuses = guesses.map((it) => it.status)
    expect(statuses.filter((it) => it === 401)).toHaveLength(10)
    expect(statuses.filter((it) => it === 429)).toHaveLength(20)
    const late = await pair(code)
    expect([late.status, late.body.code, Number(late.headers.get("retry-after")) > 0]).toEqual([
      429,
      "too_many_attempts",
      true,
    ])
    await shop.database.sql`delete from mostrador.attempt`
    expect((await pair(code)).status).toBe(200)
  })
})
