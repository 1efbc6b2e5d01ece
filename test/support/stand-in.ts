import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll } from "vitest"
import type { Config } from "../../src/config.ts"
import type { OpenCounter } from "../../src/server.ts"
import { openTestCounter } from "./counter.ts"
import { cloneDatabase, type TestDatabase } from "./database.ts"

/** A request as it has arrived where Medusa would be. */
export interface Arrived {
  method: string
  path: string
  headers: IncomingMessage["headers"]
  body: Buffer
}

/** Stands where Medusa stands, so that a test sees just what arrives there and says just what comes back. */
export interface StandIn {
  counter: OpenCounter
  database: TestDatabase
  /** Where it is, for counters that a test opens itself. */
  medusaUrl: string
  /** All that has come since it was emptied. */
  arrived: Arrived[]
  /** How it answers; set by each test. */
  answers(request: Arrived, response: ServerResponse): void
}

/** A counter before a stand-in for Medusa, for the tests of one file. */
export function standInForFile(overrides: Partial<Config> = {}): StandIn {
  const held = { arrived: [] as Arrived[] } as StandIn
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      return // Who asked has left.
    }
    const { method = "", url: path = "", headers } = request
    const it = { method, path, headers, body: Buffer.concat(chunks) }
    held.arrived.push(it)
    held.answers(it, response)
  }
  const behind = http.createServer(listener)
  beforeAll(async () => {
    held.database = await cloneDatabase()
    await new Promise<void>((resolve) => behind.listen(0, "127.0.0.1", resolve))
    held.medusaUrl = `http://127.0.0.1:${(behind.address() as AddressInfo).port}`
    held.counter = await openTestCounter(held.database.url, { medusaUrl: held.medusaUrl, ...overrides })
  })
  afterAll(async () => {
    await held.counter?.close()
    behind.closeAllConnections()
    await new Promise((resolve) => behind.close(resolve))
    await held.database?.drop()
  })
  return held
}

/** Answers in JSON, as Medusa does. */
export function json(response: ServerResponse, status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}) {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
  response.end(JSON.stringify(body))
}
