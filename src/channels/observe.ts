import { randomUUID } from "node:crypto"
import type { MiddlewareHandler } from "hono"
import { matchedRoutes } from "hono/route"
import type { Log } from "../platform/log.ts"
import type { Metrics } from "../platform/observe/metrics.ts"
import type { Counter } from "./counter.ts"

const REQUEST_ID = /^[\w.:-]{8,128}$/

/**
 * Gives every request an id (the caller's `X-Request-Id` where it is a sane one), and writes one log line and one
 * measurement when its answer has left, or its caller has; streams of events, which last, are counted instead.
 */
export function observe(log: Log, metrics: Metrics): MiddlewareHandler<Counter> {
  return async (c, next) => {
    const begin = performance.now()
    const given = c.req.header("x-request-id")
    const requestId = given && REQUEST_ID.test(given) ? given : randomUUID()
    c.set("requestId", requestId)
    c.set("log", log)
    c.set("way", "own")
    c.set("route", "unmatched")
    c.set("isStream", false)
    // Before the answer is made: a header that is added to a finished one makes Hono copy it into a stream.
    c.header("X-Request-Id", requestId)

    const { outgoing } = c.env
    let ended = () => {}
    outgoing.once("close", () => {
      const seconds = (performance.now() - begin) / 1000
      const { method } = c.req
      const [route, way, isStream] = [c.get("route"), c.get("way"), c.get("isStream")]
      // 499, as proxies log it: the caller left before the answer was whole. A stream is never whole.
      const status = outgoing.writableFinished || isStream ? outgoing.statusCode : 499
      const line = { method, route, way, status }
      if (!isStream) metrics.answered(line, seconds)
      ended()
      log.info({ request_id: requestId, ...line, duration_ms: Math.round(seconds * 10_000) / 10 }, "request")
    })

    await next()
    if (c.get("route") === "unmatched") {
      const own = matchedRoutes(c).findLast((route) => route.method !== "ALL" && !route.path.includes("*"))
      if (own) c.set("route", own.path)
    }
    if (c.get("isStream") && !outgoing.destroyed) {
      ended = metrics.streamed({ method: c.req.method, route: c.var.route, way: c.var.way, status: c.res.status })
    }
  }
}
