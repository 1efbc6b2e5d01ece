import http from "node:http"
import { gzipSync } from "node:zlib"
import { beforeEach, describe, expect, it } from "vitest"
import { demo, openTestCounter } from "../../support/counter.ts"
import { ask, until } from "../../support/http.ts"
import { json, standInForFile } from "../../support/stand-in.ts"

const shop = standInForFile({ requestTimeoutSeconds: 2, lockConnections: 4 })
const { arrived } = shop

let key: string
let number = 0
beforeEach(() => {
  arrived.length = 0
  key = `key-${number++}`
  shop.answers = (_, response) => json(response, 200, { done: arrived.length })
})

const web = () => demo().channels.web.publishable_key

interface Asked {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string
  url?: string
}

const send = ({ method = "POST", path = "/store/things", headers = {}, body = '{"a":1}', url }: Asked = {}) =>
  ask(url ?? shop.counter.url, path, {
    method,
    headers: {
      ...{ "x-publishable-api-key": web(), "content-type": "application/json", "idempotency-key": key },
      ...headers,
    },
    body: method === "DELETE" ? null : body,
  })

describe("a request with a key", () => {
  it("acts once: the second gets the first answer, byte for byte, and is told so", async () => {
    shop.answers = (_, response) => {
      response.setHeader("set-cookie", "secret=1")
      json(response, 201, { text: "ñ", at: arrived.length }, { "x-own": "yes" })
    }
    for (const method of ["POST", "DELETE"]) {
      key = `${key}-${method}`
      arrived.length = 0
      const [first, second] = [await send({ method }), await send({ method })]
      expect(arrived).toHaveLength(1)
      expect([first.status, first.headers.get("idempotency-replayed")]).toEqual([201, null])
      expect([second.status, second.headers.get("idempotency-replayed")]).toEqual([201, "true"])
      expect(second.text).toBe(first.text)
      expect(second.headers.get("x-own")).toBe("yes")
      expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"))
      expect(second.headers.get("set-cookie")).toBeNull()
      expect(second.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"))
    }
  })

  it("reaches Medusa byte for byte, and asks for an answer that is not zipped", async () => {
    const body = Buffer.from([0, 255, 10, 13, 128, 7])
    await fetch(`${shop.counter.url}/store/things?a=%C3%A9&b[]=1`, {
      method: "POST",
      headers: {
        "x-publishable-api-key": web(),
        "idempotency-key": key,
        "content-type": "x/y",
        "accept-encoding": "gzip",
      },
      body,
    })
    expect(arrived[0]).toMatchObject({ method: "POST", path: "/store/things?a=%C3%A9&b[]=1", body })
    expect(arrived[0]?.headers).toMatchObject({
      "content-type": "x/y",
      "content-length": "6",
      "accept-encoding": "identity",
    })
  })

  it("is refused when something else is asked with the same key, or by somebody else, who sees nothing of the answer", async () => {
    await send({ headers: { authorization: "Bearer one" } })
    const others: Asked[] = [
      { method: "DELETE", headers: { authorization: "Bearer one" } },
      { path: "/store/others", headers: { authorization: "Bearer one" } },
      { path: "/store/things?b=1", headers: { authorization: "Bearer one" } },
      { body: '{"a":2}', headers: { authorization: "Bearer one" } },
      { headers: { authorization: "Bearer two" } },
      {},
      { headers: { authorization: "Bearer one", cookie: "connect.sid=s%3Ax" } },
    ]
    for (const other of others) {
      const refused = await send(other)
      expect(refused.status).toBe(422)
      expect(refused.body).toEqual({
        type: "invalid_data",
        code: "idempotency_key_reused",
        message: expect.stringContaining("another request"),
      })
    }
    expect(arrived).toHaveLength(1)
  })

  it("may be the same key in another shop front, where it is another one", async () => {
    await send()
    const other = await send({ headers: { "x-publishable-api-key": demo().channels.pos.publishable_key } })
    expect([other.status, other.headers.get("idempotency-replayed")]).toEqual([200, null])
    expect(arrived).toHaveLength(2)
  })

  it("is told to wait while the first one runs, in this counter and in another", async () => {
    let finish = () => {}
    shop.answers = (_, response) => {
      finish = () => json(response, 200, { done: true })
    }
    const another = await openTestCounter(shop.database.url, { medusaUrl: shop.medusaUrl })
    const first = send()
    await until("it is at Medusa", () => arrived.length === 1)
    for (const url of [shop.counter.url, another.url]) {
      const waiting = await send({ url })
      expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([409, "1"])
      expect(waiting.body).toMatchObject({ type: "conflict", code: "idempotency_key_in_use" })
    }
    finish()
    await first
    expect((await send({ url: another.url })).body).toEqual({ done: true })
    expect(arrived).toHaveLength(1)
    await another.close()
  })

  it("keeps final refusals, and lets try again what failed or may pass another time", async () => {
    for (const [status, times] of [
      [404, 1],
      [400, 1],
      [500, 2],
      [401, 2],
      [409, 2],
      [429, 2],
    ] as const) {
      key = `${key}-${status}`
      arrived.length = 0
      shop.answers = (_, response) => json(response, status, {})
      expect([(await send()).status, (await send()).status, arrived.length]).toEqual([status, status, times])
    }
  })

  it("whose end could not be seen is not done again: its caller is told to look", async () => {
    const ends: [string, typeof shop.answers, number][] = [
      ["reset", (_, response) => response.destroy(), 503],
      [
        "half",
        (_, response) => {
          response.writeHead(200, { "content-length": 10 })
          response.write("half")
          setImmediate(() => response.destroy())
        },
        503,
      ],
      ["late", () => {}, 504],
      ["balancer", (_, response) => json(response, 502, {}), 502],
    ]
    for (const [name, answers, status] of ends) {
      key = `${key}-${name}`
      arrived.length = 0
      shop.answers = answers
      expect([name, (await send()).status]).toEqual([name, status])
      shop.answers = (_, response) => json(response, 200, {})
      const again = await send()
      expect([name, again.status]).toEqual([name, 409])
      expect(again.body).toMatchObject({
        code: "idempotency_outcome_unknown",
        message: expect.stringContaining("new key"),
      })
      expect(arrived).toHaveLength(1)
    }
  })

  it("tells its caller to look at what he asked about", async () => {
    shop.answers = (_, response) => json(response, 502, {})
    for (const [path, what] of [
      ["/store/carts/cart_1", "the cart"],
      ["/store/payment-collections/pay_col_1/payment-sessions", "the cart"],
      ["/store/orders/order_1/transfer/request", "the order"],
      ["/store/returns", "the return"],
      ["/store/customers/me", "the customer"],
      ["/store/things", "what it was to change"],
    ] as const) {
      key = `key-${number++}`
      expect([path, (await send({ path })).status]).toEqual([path, 502])
      const again = await send({ path })
      expect([path, again.status, again.body]).toEqual([
        ...[path, 409],
        expect.objectContaining({ message: expect.stringContaining(`Look at ${what}, and use a new key`) }),
      ])
    }
  })

  it("may be tried again when Medusa was not there", async () => {
    const alone = await openTestCounter(shop.database.url)
    expect((await send({ url: alone.url })).status).toBe(503)
    expect((await send()).status).toBe(200)
    await alone.close()
  })

  it("is done and kept although its client has left", async () => {
    let finish = () => {}
    shop.answers = (_, response) => {
      finish = () => json(response, 200, { late: true })
    }
    const leaving = new AbortController()
    const first = fetch(`${shop.counter.url}/store/things`, {
      method: "POST",
      headers: { "x-publishable-api-key": web(), "idempotency-key": key, "content-type": "application/json" },
      body: '{"a":1}',
      signal: leaving.signal,
    })
    await until("it is at Medusa", () => arrived.length === 1)
    leaving.abort()
    await expect(first).rejects.toThrow()
    finish()
    await until("its answer is kept", async () => (await send()).status === 200)
    expect((await send()).body).toEqual({ late: true })
    expect(arrived).toHaveLength(1)
  })

  it("is refused when the key is none, and has no key at all without one", async () => {
    for (const wrong of ["", "x".repeat(256), "a\tb", "ñ"]) {
      const refused = await send({ headers: { "idempotency-key": wrong } })
      expect([refused.status, (refused.body as { code: string }).code]).toEqual([400, "idempotency_key_invalid"])
    }
    expect(arrived).toHaveLength(0)
    for (let i = 0; i < 2; i++) {
      await ask(shop.counter.url, "/store/things", { method: "POST", headers: { "x-publishable-api-key": web() } })
    }
    expect(arrived).toHaveLength(2)
  })

  it("that is larger than a megabyte is refused, and an answer that is is given once", async () => {
    expect((await send({ body: "x".repeat(1024 * 1024 + 1) })).status).toBe(413)
    expect(arrived).toHaveLength(0)
    const large = { text: "x".repeat(1024 * 1024) }
    shop.answers = (_, response) => json(response, 200, large)
    const first = await send()
    expect([first.status, first.headers.get("idempotency-stored")]).toEqual([200, "false"])
    expect(first.body).toEqual(large)
    const again = await send()
    expect([again.status, (again.body as { code: string }).code]).toEqual([409, "idempotency_answer_not_kept"])
    expect(arrived).toHaveLength(1)
  })

  it("gets a zipped answer as it is, when Medusa zips against its wish", async () => {
    const zipped = gzipSync('{"zipped":true}')
    shop.answers = (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(zipped)
    }
    expect((await send()).body).toEqual({ zipped: true })
    expect((await send()).body).toEqual({ zipped: true })
  })

  it("of a route of the counter's own acts once, too", async () => {
    const search = { path: "/store/search", body: '{"entity":"product","filters":{"q":"vela"}}' }
    const [first, second] = [await send(search), await send(search)]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.headers.get("idempotency-replayed")).toBe("true")
    expect(second.text).toBe(first.text)
    expect((await send({ ...search, body: '{"entity":"product"}' })).status).toBe(422)
    key = `${key}-wrong`
    const wrong = { ...search, body: '{"entity":1}' }
    expect([(await send(wrong)).status, (await send(wrong)).headers.get("idempotency-replayed")]).toEqual([400, "true"])
  })

  it("waits in vain when all connections are taken, and lanes go on", async () => {
    const finish: (() => void)[] = []
    shop.answers = (_, response) => {
      finish.push(() => json(response, 200, {}))
    }
    const patient = await openTestCounter(shop.database.url, { medusaUrl: shop.medusaUrl, lockConnections: 1 })
    const first = send({ url: patient.url })
    await until("it is at Medusa", () => arrived.length === 1)
    const second = send({ url: patient.url, headers: { "idempotency-key": `${key}-second` } })
    const region = await ask(patient.url, "/store/regions", { headers: { "x-publishable-api-key": web() } })
    expect(region.status).toBe(200)
    const refused = await second
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"])
    expect(arrived).toHaveLength(1)
    for (const it of finish) it()
    expect((await first).status).toBe(200)
    await patient.close()
  })
})

it("a page of the shop may send the header and read what comes of it", async () => {
  const origin = "http://localhost:8000"
  const preflight = await ask(shop.counter.url, "/store/search", {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "idempotency-key,if-match",
    },
  })
  expect(preflight.headers.get("access-control-allow-headers")).toBe("idempotency-key,if-match")
  await send({ headers: { origin } })
  const again = await send({ headers: { origin } })
  expect(again.headers.get("access-control-allow-origin")).toBe(origin)
  expect(again.headers.get("access-control-expose-headers")).toContain("Idempotency-Replayed")
  const elsewhere = await send({ headers: { origin: "http://elsewhere.example" } })
  expect(elsewhere.headers.get("access-control-allow-origin")).toBeNull()
  const refused = await send({ headers: { origin }, body: "{}" })
  expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([422, origin])
})

it("a stream of events is not kept, and comes as it is made", async () => {
  shop.answers = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    response.write("data: 1\n\n")
  }
  const headers = { "x-publishable-api-key": web(), "idempotency-key": key }
  const streamed = () =>
    new Promise<string>((resolve, reject) => {
      const request = http.request(`${shop.counter.url}/store/things`, { method: "POST", headers }, (response) => {
        response.once("data", (chunk) => {
          resolve(String(chunk))
          request.destroy()
        })
      })
      request.on("error", reject)
      request.end()
    })
  expect([await streamed(), await streamed()]).toEqual(["data: 1\n\n", "data: 1\n\n"])
  expect(arrived).toHaveLength(2)
})
