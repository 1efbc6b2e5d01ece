import type { IncomingMessage } from "node:http"
import { pipeline, type Readable, Transform } from "node:stream"
import type { Context } from "hono"
import { errors, Pool } from "undici"
import type { ChangeFeed } from "../../platform/changes/index.ts"
import type { Counter } from "../counter.ts"
import { MedusaUnavailable, WireError } from "../errors.ts"
import { type ClientView, endToEnd, requestHeaders } from "./headers.ts"
import { medusaRoute } from "./routes.ts"

export interface Passthrough {
  /** Answers a request with what Medusa answers to it. */
  (c: Context<Counter>): Promise<Response>
  close(): Promise<void>
}

export interface PassthroughOptions {
  medusaUrl: string
  client: ClientView
  /** Until Medusa's first answer byte, and between any two of them. */
  timeoutSeconds: number
  bodyLimitBytes: number
  /** Read up after every change that an admin makes, so that what he then reads from a lane has it. */
  feed: Pick<ChangeFeed, "catchUp">
}

/** More would only wait inside Medusa: it answers some ten requests a second. */
const CONNECTIONS = 128

/**
 * Hands requests to Medusa and its answers back, unchanged but for the headers that belong to one connection only.
 * Bodies stream both ways, as the bytes that they are (no decoding, no decompression), with back-pressure. When the
 * client leaves, so does our request to Medusa.
 */
export function createPassthrough(options: PassthroughOptions): Passthrough {
  const pool = new Pool(new URL(options.medusaUrl).origin, {
    connections: CONNECTIONS,
    connectTimeout: 2_000,
    headersTimeout: options.timeoutSeconds * 1000,
    bodyTimeout: options.timeoutSeconds * 1000,
  })

  const passthrough = async (c: Context<Counter>): Promise<Response> => {
    const { incoming, outgoing } = c.env
    const request = incoming as IncomingMessage
    const path = request.url ?? "/"
    c.set("way", "passthrough")
    c.set("route", medusaRoute(path))

    const left = new AbortController()
    const leave = () => {
      if (!outgoing.writableFinished) left.abort()
    }
    outgoing.once("close", leave)

    let answer: Awaited<ReturnType<Pool["request"]>>
    try {
      answer = await pool.request({
        path,
        method: (request.method ?? "GET") as "GET",
        headers: requestHeaders(request, options.client, c.var.requestId),
        body: bodyOf(request, options.bodyLimitBytes),
        signal: left.signal,
        responseHeaders: "raw",
      })
    } catch (error) {
      if (left.signal.aborted) return new Response(null, { status: 499 })
      throw toldToClient(error, options.timeoutSeconds)
    }

    const changed = request.method !== "GET" && answer.statusCode < 300 && path.startsWith("/admin/")
    if (changed)
      await options.feed
        .catchUp()
        .catch((error) => c.var.log.error({ request_id: c.var.requestId, err: error }, "lanes may lag behind"))

    const headers = new Headers(endToEnd(answer.headers as unknown as string[]))
    headers.set("X-Request-Id", c.var.requestId)
    c.set("isStream", headers.get("content-type")?.startsWith("text/event-stream") ?? false)
    const empty = request.method === "HEAD" || [204, 205, 304].includes(answer.statusCode)
    if (empty) await answer.body.dump()
    const brokenOff = (error: unknown) => {
      if (!left.signal.aborted)
        c.var.log.warn({ request_id: c.var.requestId, err: error }, "Medusa broke off its answer")
      // A clean end would show the client half an answer as a whole one.
      outgoing.destroy()
    }
    return new Response(empty ? null : streamed(answer.body, brokenOff), { status: answer.statusCode, headers })
  }
  return Object.assign(passthrough, { close: () => pool.close() })
}

/**
 * The request's body as a stream that ends with an error when it grows over the limit.
 *
 * @returns null when the request has none
 */
function bodyOf(request: IncomingMessage, limitBytes: number): Readable | null {
  const length = Number(request.headers["content-length"] ?? 0)
  if (length > limitBytes) throw tooLarge(limitBytes)
  if (length === 0 && request.headers["transfer-encoding"] === undefined) return null
  let received = 0
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length
      done(received > limitBytes ? tooLarge(limitBytes) : null, chunk)
    },
  })
  pipeline(request, counting, () => {
    // Whatever breaks the stream reaches the one who reads it: the request to Medusa fails with the same error.
  })
  return counting
}

function tooLarge(limitBytes: number): WireError {
  const megabytes = Math.round((limitBytes / 1024 / 1024) * 100) / 100
  return new WireError(
    413,
    "invalid_data",
    `The request's body is larger than the ${megabytes} MB that are taken here.`,
  )
}

/** A Node stream as the web's kind, read as fast as it is consumed; `brokenOff` is told when it fails on the way. */
function streamed(source: Readable, brokenOff: (error: unknown) => void): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        brokenOff(error)
        controller.close()
      }
    },
    cancel() {
      source.destroy()
    },
  })
}

/** What went wrong between us and Medusa, as the client is told. */
function toldToClient(error: unknown, timeoutSeconds: number): Error {
  if (error instanceof WireError) return error
  if (error instanceof errors.HeadersTimeoutError) {
    const message = `Medusa did not answer within ${timeoutSeconds} seconds. What was asked may still take effect.`
    return new WireError(504, "unexpected_state", message, { code: "medusa_timeout" })
  }
  const code = (error as NodeJS.ErrnoException).code ?? ""
  if (UNREACHABLE.has(code)) {
    return new MedusaUnavailable(
      "Medusa is not up (yet): try again in a moment. What the counter answers itself goes on.",
    )
  }
  if (BROKEN_OFF.has(code)) {
    return new MedusaUnavailable("Medusa has gone while it was asked: what was asked may or may not have taken effect.")
  }
  return error as Error
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
])
const BROKEN_OFF = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"])
