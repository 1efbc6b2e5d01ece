import { createHash } from "node:crypto"
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { Readable } from "node:stream"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { OpenCounter } from "../../src/server.ts"
import { openTestCounter } from "../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { until } from "../support/http.ts"

/** Stands where Medusa stands, so that a test sees just what arrives there and says just what comes back. */
let behind: Server
let answer: RequestListener
let connections = 0
let counter: OpenCounter
let database: TestDatabase

beforeAll(async () => {
  database = await cloneDatabase()
  behind = http.createServer((request, response) => answer(request, response))
  behind.on("connection", () => connections++)
  await new Promise<void>((resolve) => behind.listen(0, "127.0.0.1", resolve))
  counter = await openTestCounter(database.url, {
    medusaUrl: `http://127.0.0.1:${(behind.address() as AddressInfo).port}`,
    requestTimeoutSeconds: 2,
    bodyLimitBytes: 20 * 1024 * 1024,
  })
})
afterAll(async () => {
  await counter.close()
  behind.closeAllConnections()
  await new Promise((resolve) => behind.close(resolve))
  await database.drop()
})
beforeEach(() => {
  answer = (_, response) => response.end("ok")
})

interface Sent {
  status: number
  headers: http.IncomingHttpHeaders
  raw: string[]
  body: Buffer
}

/** A plain request: nothing is added, followed, decoded or hidden. */
function send(path: string, options: http.RequestOptions = {}, body?: Buffer | string | Readable): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = http.request(counter.url + path, { agent: false, ...options }, async (response) => {
      try {
        const chunks = []
        for await (const chunk of response) chunks.push(chunk)
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          raw: response.rawHeaders,
          body: Buffer.concat(chunks),
        })
      } catch (error) {
        reject(error)
      }
    })
    request.on("error", reject)
    if (body instanceof Readable) body.pipe(request)
    else request.end(body)
  })
}

/** Lets the server behind keep what it got, whole. */
function keeping(): { got: () => { request: IncomingMessage; body: Buffer } } {
  let got: { request: IncomingMessage; body: Buffer } | undefined
  answer = async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    got = { request, body: Buffer.concat(chunks) }
    response.end("ok")
  }
  return {
    got() {
      if (!got) throw new Error("nothing arrived")
      return got
    },
  }
}

describe("a request", () => {
  it("arrives with its method, path, query and body as they were, byte for byte", async () => {
    const { got } = keeping()
    const path = "/custom/a%2Fb//c/..%2f?ids[]=1&ids[]=2&x=%C3%A9&y=a+b&&z"
    const body = Buffer.from([0, 255, 10, 13, 128, 7])
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      await send(
        path,
        { method, headers: { "content-type": "application/x-anything; charset=weird", "content-length": body.length } },
        body,
      )
      expect(got().request.method).toBe(method)
      expect(got().request.url).toBe(path)
      expect(got().request.headers["content-type"]).toBe("application/x-anything; charset=weird")
      expect(got().body).toEqual(body)
    }
    for (const method of ["GET", "OPTIONS"]) {
      await send(path, { method })
      expect(got().request.method).toBe(method)
      expect(got().body).toHaveLength(0)
    }
  })

  it("arrives with its cookies and own headers, without those of the connection", async () => {
    const { got } = keeping()
    const headers = {
      cookie: "connect.sid=s%3Aabc; other=1",
      authorization: "Bearer x",
      "x-own": "é".normalize(),
      connection: "x-private, keep-alive",
      "x-private": "for the proxy only",
      te: "trailers",
      "proxy-authorization": "Basic abc",
      "accept-encoding": "gzip, br",
    }
    await send("/x", { headers })
    const arrived = got().request.headers
    expect(arrived).toMatchObject({ cookie: headers.cookie, authorization: "Bearer x", "accept-encoding": "gzip, br" })
    expect(Buffer.from(arrived["x-own"] as string, "latin1").toString("latin1")).toBe(headers["x-own"])
    for (const name of ["x-private", "te", "proxy-authorization"]) expect(arrived[name]).toBeUndefined()
  })

  it("says who asked, and does not believe a client that says so itself", async () => {
    const { got } = keeping()
    await send("/x", {
      headers: { host: "shop.example:8443", "x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https" },
    })
    expect(got().request.headers).toMatchObject({
      host: "shop.example:8443",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "shop.example:8443",
      "x-forwarded-proto": "http",
      "x-forwarded-port": new URL(counter.url).port,
    })
    expect(got().request.headers["x-request-id"]).toMatch(/^[\w-]{36}$/)
  })

  it("may have two Hosts, of which the first counts", async () => {
    const { got } = keeping()
    const { hostname, port } = new URL(counter.url)
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write("GET /x HTTP/1.1\r\nHost: first.example\r\nHost: second.example\r\nConnection: close\r\n\r\n")
      })
      socket.resume()
      socket.on("end", resolve)
      socket.on("error", reject)
    })
    expect(got().request.headers.host).toBe("first.example")
  })

  it("believes the balancer in front where it is told to", async () => {
    const { got } = keeping()
    const trusting = await openTestCounter(database.url, {
      medusaUrl: `http://127.0.0.1:${(behind.address() as AddressInfo).port}`,
      trustProxy: true,
    })
    const headers = { "x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https", "x-forwarded-host": "shop.example" }
    await fetch(`${trusting.url}/x`, { headers })
    expect(got().request.headers).toMatchObject({
      "x-forwarded-for": "6.6.6.6, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "shop.example",
    })
    await trusting.close()
  })

  it("streams: the far end has the first bytes before the last are sent", async () => {
    let first: (chunk: string) => void = () => {}
    const firstArrived = new Promise<string>((resolve) => {
      first = resolve
    })
    answer = (request, response) => {
      request.once("data", (chunk) => first(String(chunk)))
      request.on("end", () => response.end("all"))
    }
    const body = new Readable({ read() {} })
    const whole = send("/upload", { method: "POST" }, body)
    body.push("first")
    expect(await firstArrived).toBe("first")
    body.push("last")
    body.push(null)
    expect((await whole).body.toString()).toBe("all")
  })

  it("may be large, and arrives whole", async () => {
    const hash = createHash("sha256")
    answer = async (request, response) => {
      for await (const chunk of request) hash.update(chunk)
      response.end("ok")
    }
    const body = Buffer.alloc(15 * 1024 * 1024, "abcdefg")
    expect((await send("/upload", { method: "POST" }, body)).status).toBe(200)
    expect(hash.digest("hex")).toBe(createHash("sha256").update(body).digest("hex"))
  })

  it("is refused over the limit, whether it says its length or not, and leaves the counter well", async () => {
    const tooMuch = Buffer.alloc(21 * 1024 * 1024)
    let whole = false
    answer = (request, response) => {
      request.on("end", () => {
        whole = true
      })
      request.on("data", () => {})
      request.on("end", () => response.end("taken"))
    }
    const declared = await send("/upload", { method: "POST", headers: { "content-length": tooMuch.length } }, tooMuch)
    expect(declared.status).toBe(413)
    expect(JSON.parse(declared.body.toString())).toMatchObject({
      type: "invalid_data",
      message: expect.stringContaining("20 MB"),
    })
    const chunked = await send(
      "/upload",
      { method: "POST" },
      Readable.from([tooMuch.subarray(0, 20_000_000), tooMuch.subarray(0, 1_900_000)]),
    )
    expect(chunked.status).toBe(413)
    expect(whole).toBe(false)
    expect((await send("/x")).status).toBe(200)
  })
})

describe("an answer", () => {
  it("comes back with its status, headers, cookies and bytes as they were", async () => {
    const zipped = gzipSync("zipped at the far end")
    answer = (_, response) => {
      response.setHeader("set-cookie", ["a=1; Path=/; HttpOnly", "b=2; SameSite=Lax"])
      response.setHeader("content-encoding", "gzip")
      response.setHeader("content-length", zipped.length)
      response.setHeader("x-own", "yes")
      response.setHeader("connection", "keep-alive, x-private")
      response.setHeader("x-private", "no")
      response.statusCode = 418
      response.end(zipped)
    }
    const sent = await send("/x")
    expect(sent.status).toBe(418)
    expect(sent.body).toEqual(zipped)
    expect(sent.headers["set-cookie"]).toEqual(["a=1; Path=/; HttpOnly", "b=2; SameSite=Lax"])
    expect(sent.headers).toMatchObject({
      "content-encoding": "gzip",
      "x-own": "yes",
      "content-length": String(zipped.length),
    })
    expect(sent.headers["x-private"]).toBeUndefined()
    expect(sent.headers["x-request-id"]).toBeDefined()
  })

  it("may be a redirect, which the client follows, not we", async () => {
    answer = (_, response) => response.writeHead(302, { location: "http://elsewhere.example/next?code=1" }).end()
    const sent = await send("/auth/user/github/callback?code=1")
    expect(sent.status).toBe(302)
    expect(sent.headers.location).toBe("http://elsewhere.example/next?code=1")
  })

  it("may be empty: 204, 304, and that to HEAD, which still tells the length", async () => {
    for (const status of [204, 304]) {
      answer = (_, response) => response.writeHead(status, { etag: '"1"' }).end()
      const sent = await send("/x")
      expect([sent.status, sent.body.length, sent.headers.etag]).toEqual([status, 0, '"1"'])
    }
    answer = (_, response) => response.writeHead(200, { "content-length": "12345" }).end()
    const head = await send("/x", { method: "HEAD" })
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "12345", 0])
  })

  it("streams: the client has the first bytes before the last are sent", async () => {
    let end = () => {}
    answer = (_, response) => {
      response.write("first")
      end = () => response.end("last")
    }
    const response = await new Promise<IncomingMessage>((resolve) => http.get(`${counter.url}/x`, resolve))
    const [first] = await new Promise<[Buffer]>((resolve) => response.once("data", (chunk) => resolve([chunk])))
    expect(first.toString()).toBe("first")
    end()
    const rest = []
    for await (const chunk of response) rest.push(chunk)
    expect(Buffer.concat(rest).toString()).toBe("last")
  })

  it("that breaks off is broken off for the client too, never shown as whole", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/plain" })
      response.write("half of")
      setImmediate(() => response.destroy())
    }
    await expect(send("/x")).rejects.toThrow()
    expect((await fetchStatus("/health")).status).toBe(200)
  })
})

const fetchStatus = (path: string) => fetch(counter.url + path)

describe("the connection to Medusa", () => {
  it("is closed when the client leaves before the answer", async () => {
    let left = false
    let arrived = false
    answer = (_, response: ServerResponse) => {
      arrived = true
      response.once("close", () => {
        left = true
      })
    }
    const request = http.get(`${counter.url}/x`)
    request.on("error", () => {})
    await until("the request is at the far end", () => arrived)
    request.destroy()
    await until("the far end sees that the client is gone", () => left)
  })

  it("is closed when the client leaves in the middle of the answer", async () => {
    let left = false
    answer = (_, response: ServerResponse) => {
      response.write("first")
      response.once("close", () => {
        left = true
      })
    }
    const response = await new Promise<IncomingMessage>((resolve) => http.get(`${counter.url}/x`, resolve))
    response.once("data", () => response.destroy())
    await until("the far end sees that the client is gone", () => left)
  })

  it("is kept and used again", async () => {
    await send("/x")
    const before = connections
    for (let i = 0; i < 20; i++) expect((await send("/x")).status).toBe(200)
    expect(connections).toBe(before)
  })

  it("that gets no answer in time is 504, in Medusa's shape", async () => {
    answer = () => {}
    const sent = await send("/x")
    expect(sent.status).toBe(504)
    expect(JSON.parse(sent.body.toString())).toMatchObject({ type: "unexpected_state", code: "medusa_timeout" })
  })

  it("that is reset before an answer is 503, and says that it is not known what happened", async () => {
    answer = (request) => request.socket.destroy()
    const sent = await send("/x", { method: "POST" }, "{}")
    expect(sent.status).toBe(503)
    expect(sent.headers["retry-after"]).toBe("2")
    expect(JSON.parse(sent.body.toString())).toMatchObject({
      code: "medusa_unavailable",
      message: expect.stringContaining("may or may not"),
    })
  })

  it("that cannot be made is 503 with Retry-After, while lanes and health go on", async () => {
    const alone = await openTestCounter(database.url)
    const refused = await fetch(`${alone.url}/store/customers/me`)
    expect(refused.status).toBe(503)
    expect(refused.headers.get("retry-after")).toBe("2")
    expect(await refused.json()).toMatchObject({ type: "unexpected_state", code: "medusa_unavailable" })
    expect((await fetch(`${alone.url}/health`)).status).toBe(200)
    expect((await fetch(`${alone.url}/store/regions`)).status).toBe(400)
    await alone.close()
  })
})
