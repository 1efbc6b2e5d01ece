import { randomBytes } from "node:crypto"
import { Webhook } from "standardwebhooks"
import { expect, it } from "vitest"
import { isSecret, newSecret, signed } from "../../../src/commerce/webhooks/signing.ts"

const BODY = '{"type":"cart.updated","note":"größer 😀"}'

it("is verified by the library that integrators use, and by each of two secrets", () => {
  const [old, fresh] = [newSecret(), newSecret()]
  const headers = signed("evt_1", BODY, [fresh, old], new Date())
  for (const secret of [old, fresh]) expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY))
  expect(() => new Webhook(newSecret()).verify(BODY, headers)).toThrow()
  expect(() => new Webhook(old).verify(`${BODY} `, headers)).toThrow()
  expect(() => new Webhook(old).verify(BODY, { ...headers, "webhook-id": "evt_2" })).toThrow()
  expect(() => new Webhook(old).verify(BODY, signed("evt_1", BODY, [old], new Date(Date.now() - 3_600_000)))).toThrow()
})

it("is what that library would sign", () => {
  const secret = newSecret()
  const now = new Date("2026-11-23T00:00:00.400Z")
  const headers = signed("evt_1", BODY, [secret], now)
  expect(headers["webhook-timestamp"]).toBe("1795392000")
  expect(headers["webhook-signature"]).toBe(new Webhook(secret).sign("evt_1", new Date("2026-11-23T00:00:00Z"), BODY))
})

it("knows a good secret from others", () => {
  const of = (bytes: number) => `whsec_${randomBytes(bytes).toString("base64")}`
  for (const good of [newSecret(), of(24), of(64)]) expect(isSecret(good)).toBe(true)
  for (const bad of [
    of(23),
    of(65),
    of(32).slice(6),
    "whsec_",
    `${of(24)}!`,
    "whsec_not base64 at all, but long enough",
  ]) {
    expect([bad, isSecret(bad)]).toEqual([bad, false])
  }
})
