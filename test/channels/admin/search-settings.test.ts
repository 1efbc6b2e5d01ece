import { sign } from "hono/jwt"
import { describe, expect, it } from "vitest"
import { loadConfig } from "../../../src/config.ts"
import { counterForFile } from "../../support/counter.ts"
import { ask } from "../../support/http.ts"

const PATH = "/admin/omnichannel/search-settings"
const { jwtSecret } = loadConfig({})
const HOUR = 60 * 60

const shop = counterForFile()

const token = (claims: object = {}, secret = jwtSecret) =>
  sign(
    { actor_id: "user_01", actor_type: "user", exp: Math.floor(Date.now() / 1000) + HOUR, ...claims },
    secret,
    "HS256",
  )
const get = (headers: Record<string, string> = {}) => ask(shop.counter.url, PATH, { headers })
const post = async (body: unknown) =>
  ask(shop.counter.url, PATH, {
    method: "POST",
    headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  })

describe("the settings of the search", () => {
  it("are for admins only", async () => {
    const now = Math.floor(Date.now() / 1000)
    const strangers: Record<string, string>[] = [
      {},
      { authorization: "Bearer nonsense" },
      { authorization: `Bearer ${await token({ actor_type: "customer", actor_id: "cus_01" })}` },
      { authorization: `Bearer ${await token({ exp: now - HOUR })}` },
      { authorization: `Bearer ${await token({}, "another secret of some length")}` },
      { authorization: `Bearer ${await token({ actor_id: "" })}` },
      { authorization: `Bearer ${await token({ mfa_enabled: true })}` },
    ]
    for (const headers of strangers) {
      const answer = await get(headers)
      expect([answer.status, answer.body]).toEqual([401, { message: "Unauthorized" }])
    }
    const secretKey = await get({ authorization: "Bearer sk_secret" })
    expect([secretKey.status, secretKey.body]).toEqual([401, { message: expect.stringContaining("HTTP Basic") }])
    expect((await ask(shop.counter.url, PATH, { method: "POST" })).status).toBe(401)
    expect((await ask(shop.counter.url, "/admin/omnichannel/anything")).status).toBe(401)
  })

  it("cannot be reached with a session while Medusa, which knows it, is down", async () => {
    expect((await get({ cookie: "connect.sid=s%3Aabc" })).status).toBe(503)
  })

  it("begin with defaults, and change one by one", async () => {
    const first = await get({ authorization: `Bearer ${await token()}` })
    expect(first.body).toMatchObject({ search_settings: { language: "simple", synonyms: [] } })
    const changed = await post({ language: "spanish", synonyms: [["sofá", "diván"]] })
    expect(changed.status, changed.text).toBe(200)
    const { body } = await get({ authorization: `Bearer ${await token()}` })
    expect(body).toMatchObject({
      search_settings: {
        language: "spanish",
        synonyms: [["sofá", "diván"]],
        stop_words: expect.arrayContaining(["de"]),
      },
    })
  })

  it("are refused with the reason", async () => {
    for (const body of [
      { language: "klingon" },
      { synonyms: [["alone"]] },
      { stop_words: "de" },
      { colour: "blue" },
      { stop_words: ["\0"] },
      { synonyms: [["lámpara", "\0zero"]] },
      { synonyms: [["\ud800", "x"]] },
    ]) {
      const answer = await post(body)
      expect([answer.status, answer.body]).toEqual([
        400,
        { type: "invalid_data", message: expect.stringMatching(/^Invalid request: /) },
      ])
    }
  })
})
