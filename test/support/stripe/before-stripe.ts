import { once } from "node:events"
import http, { type IncomingMessage, type ServerResponse } from "node:http"
import { setTimeout as wait } from "node:timers/promises"
import Stripe from "stripe"
import type { Bank } from "./bank.ts"
import { Deliveries } from "./deliveries.ts"
import { injected } from "./errors.ts"
import type { StripeEvent } from "./objects.ts"
import { Trouble } from "./trouble.ts"

const POLL_MS = 500
/** Two rounds in which Stripe had nothing new to tell. */
const QUIET_ROUNDS = 2
/** What one of the two has to say to the other about the connection alone. */
const HOP = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "host"])

/**
 * Stands before Stripe itself: passes on all that is asked, fails when a test wants it to, and tells of Stripe's events as
 * `stripe listen` does, for Stripe reaches no machine at home.
 *
 * @param options.apiUrl  Stripe's own, or what stands in for it; no slash at the end
 */
export async function openBeforeStripe({
  port,
  webhookSecret,
  apiKey,
  apiUrl,
}: {
  port: number
  webhookSecret: string
  apiKey: string
  apiUrl: string
}): Promise<Bank> {
  const deliveries = new Deliveries(webhookSecret)
  const trouble = new Trouble()
  const closed = new AbortController()
  const server = http.createServer(async (request, response) => {
    const line = `${request.method} ${new URL(request.url ?? "/", apiUrl).pathname}`
    const failure = trouble.take(line)
    try {
      const answer = failure && failure.when !== "after" ? undefined : await passOn(request, apiUrl, closed.signal)
      if (failure?.status === 0) request.socket.destroy()
      else if (failure || !answer) refuse(response, failure?.status ?? 502)
      else response.writeHead(answer.status, answer.headers).end(answer.body)
    } catch {
      // As when Stripe is not to be reached.
      request.socket.destroy()
    }
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")

  const { hostname: host, port: at, protocol } = new URL(apiUrl)
  const by = protocol === "http:" ? ("http" as const) : ("https" as const)
  const stripe = new Stripe(apiKey, { host, port: at || (by === "http" ? 80 : 443), protocol: by, telemetry: false })
  const seen = new Set<string>()
  const since = Math.floor(Date.now() / 1000)
  let quiet = 0
  async function poll(): Promise<void> {
    const news: Stripe.Event[] = []
    // The newest first.
    for await (const it of stripe.events.list({ created: { gte: since }, limit: 100 })) {
      if (seen.has(it.id)) break
      news.unshift(it)
    }
    for (const it of news) {
      seen.add(it.id)
      deliveries.add(it as unknown as StripeEvent)
    }
    quiet = news.length > 0 ? 0 : quiet + 1
  }
  let failed: unknown
  const polling = (async () => {
    while (!closed.signal.aborted) {
      await poll()
      await wait(POLL_MS, undefined, { signal: closed.signal })
    }
  })().catch((error) => {
    if (!closed.signal.aborted) failed = error
  })

  /** When Stripe has told all that it has to tell just now. */
  async function told(): Promise<void> {
    quiet = 0
    while (quiet < QUIET_ROUNDS) {
      if (failed) throw failed
      await wait(POLL_MS)
    }
  }
  return {
    get deliverTo() {
      return deliveries.to
    },
    set deliverTo(to) {
      deliveries.to = to
    },
    hold: () => deliveries.hold(),
    async release(options) {
      await told()
      await deliveries.release(options)
    },
    async settled() {
      await told()
      await deliveries.settled()
    },
    fail: (failure) => trouble.fail(failure),
    authenticate: undefined,
    async close() {
      closed.abort()
      await polling
      deliveries.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function passOn(request: IncomingMessage, apiUrl: string, signal: AbortSignal) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const headers = Object.entries(request.headers).filter(([name]) => !HOP.has(name)) as [string, string][]
  const answer = await fetch(`${apiUrl}${request.url}`, {
    ...{ method: request.method ?? "GET", headers, signal },
    ...(body.length > 0 ? { body } : {}),
  })
  const shown = [...answer.headers].filter(([name]) => !HOP.has(name))
  return { status: answer.status, headers: Object.fromEntries(shown), body: Buffer.from(await answer.arrayBuffer()) }
}

function refuse(response: ServerResponse, status: number): void {
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(JSON.stringify({ error: injected(status).body }))
}
