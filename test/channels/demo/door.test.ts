import http from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { ask, type Door } from "../../../src/channels/demo/browser/api/door.ts"

/** A shop where one log-in ends the one before, as at a till. */
let shop: http.Server
let logIns = 0
beforeEach(async () => {
  logIns = 0
  shop = http.createServer((request, response) => {
    const isGood = request.headers["x-till-session"] === String(logIns)
    response.writeHead(isGood ? 200 : 401, { "content-type": "application/json" }).end("{}")
  })
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve))
  const { port } = shop.address() as AddressInfo
  const { fetch } = globalThis
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init))
})
afterEach(() => {
  vi.unstubAllGlobals()
  shop.close()
})

it("a till that hears twice at once that its session is over signs in once, and both go on", async () => {
  const door: Door = {
    ...{ name: "pos", room: "/pos", inAddress: {}, headers: {} },
    async logIn() {
      logIns += 1
      const token = String(logIns)
      // The answer is on its way.
      await fetch("/pos/sessions", {})
      door.headers["x-till-session"] = token
    },
  }
  await Promise.all([ask(door, "GET", "/me"), ask(door, "GET", "/me")])
  expect(logIns).toBe(1)
  // Somebody has signed in elsewhere.
  logIns += 1
  await Promise.all([ask(door, "GET", "/me"), ask(door, "POST", "/carts"), ask(door, "GET", "/carts")])
  expect(logIns).toBe(3)
})
