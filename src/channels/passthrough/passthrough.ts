import type { IncomingMessage } from "node:http"
import { pipeline, type Readable, Transform } from "node:stream"
import type { Context } from "hono"
import { errors, Pool } from "undici"
import type { ChangeFeed } from "../../platform/changes/index.ts"
import type { Counter } from "../counter.ts"
import { MedusaUnavailable, OutcomeUnknown, WireError } from "../errors.ts"
import { type ClientView, endToEnd, requestHeaders } from "./headers.ts"
import { medusaRoute } from "./routes.ts"

export interface Passthrough {
  /** Answers a request with what Medusa answers to it. */
  (c: Context<Counter>, how?: PassedOn): Promise<Response>
  /**
   * Asks Medusa and waits for its whole answer, also when the client has left meanwhile: Medusa goes on then, too.
   *
   * @param headers  of the request, instead of those that came; undefined leaves one out
   * @throws OutcomeUnknown when Medusa has gone or did not answer in time; WireError when it was not asked
   */
  ask(c: Context<Counter>, headers?: Changed): Promise<MedusaAnswer>
  close(): Promise<void>
}

type Changed = Record<string, string | undefined>

/** What is changed on the way. */
export interface PassedOn {
  /** Of the request, instead of those that came; undefined leaves one out. */
  headers?: Changed
  /** Changes the headers of the answer. */
  answered?(status: number, headers: Headers): void
}

export interface MedusaAnswer {
  status: number
  /** For the client. */
  headers: Headers
  /** The whole of it, as it came; a stream of events is a stream here, too. */
  body: Buffer | ReadableStream<Uint8Array>
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

  /** @param left  aborted when nobody waits for the answer any more */
  async function request(c: Context<Counter>, left: AbortSignal | undefined, changed: Changed) {
    const request = c.env.incoming as IncomingMessage
    const path = c.get("medusaPath") ?? request.url ?? "/"
    c.set("way", "passthrough")
    c.set("route", medusaRoute(path))
    const answer = await pool.request({
      path,
      method: (request.method ?? "GET") as "GET",
      headers: withChanges(requestHeaders(request, options.client, c.var.requestId), { ...lengthOf(c), ...changed }),
      body: bodyOf(c, options.bodyLimitBytes),
      signal: left ?? null,
      responseHeaders: "raw",
    })

    const isChange = request.method !== "GET" && answer.statusCode < 300 && path.startsWith("/admin/")
    if (isChange)
      await options.feed
        .catchUp()
        .catch((error) => c.var.log.error({ request_id: c.var.requestId, err: error }, "lanes may lag behind"))

    const headers = new Headers(endToEnd(answer.headers as unknown as string[]))
    headers.set("X-Request-Id", c.var.requestId)
    c.set("isStream", headers.get("content-type")?.startsWith("text/event-stream") ?? false)
    return { status: answer.statusCode, headers, body: answer.body }
  }

  /** Half an answer must not look like a whole one, as a clean end would. */
  const brokenOff = (c: Context<Counter>, left?: AbortSignal) => (error: unknown) => {
    if (!left?.aborted) c.var.log.warn({ request_id: c.var.requestId, err: error }, "Medusa broke off its answer")
    c.env.outgoing.destroy()
  }

  const passthrough = async (c: Context<Counter>, how: PassedOn = {}): Promise<Response> => {
    const { outgoing } = c.env
    const left = new AbortController()
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) left.abort()
    })
    try {
      const { status, headers, body } = await request(c, left.signal, how.headers ?? {})
      how.answered?.(status, headers)
      const empty = c.env.incoming.method === "HEAD" || isEmpty(status)
      if (empty) await body.dump()
      return new Response(empty ? null : streamed(body, brokenOff(c, left.signal)), { status, headers })
    } catch (error) {
      if (left.signal.aborted) return new Response(null, { status: 499 })
      throw toldToClient(error, options.timeoutSeconds)
    }
  }

  const ask = async (c: Context<Counter>, changed: Changed = {}): Promise<MedusaAnswer> => {
    try {
      const { status, headers, body } = await request(c, undefined, changed)
      if (c.var.isStream) return { status, headers, body: streamed(body, brokenOff(c)) }
      return { status, headers, body: Buffer.from(await body.arrayBuffer()) }
    } catch (error) {
      throw toldToClient(error, options.timeoutSeconds)
    }
  }
  return Object.assign(passthrough, { ask, close: () => pool.close() })
}

/** Answers that have no body, whatever their headers say. */
export const isEmpty = (status: number) => [204, 205, 304].includes(status)

/** @param raw  names and values by turns */
function withChanges(raw: string[], changed: Changed): string[] {
  const names = Object.keys(changed)
  if (names.length === 0) return raw
  const kept = raw.filter((_, i) => !names.includes(raw[i - (i % 2)] ?? ""))
  return [...kept, ...Object.entries(changed).flatMap(([name, value]) => (value === undefined ? [] : [name, value]))]
}

/** Of a body that has been read, and may have been written anew. */
function lengthOf(c: Context<Counter>): Changed {
  const { wholeBody } = c.var
  const isTold = wholeBody !== undefined && c.env.incoming.headers["content-length"] !== undefined
  return isTold ? { "content-length": String(wholeBody.byteLength) } : {}
}

/**
 * The request's body as a stream that ends with an error when it grows over the limit; or the whole of it, where that
 * has been read already.
 *
 * @returns null when the request has none
 */
function bodyOf(c: Context<Counter>, limitBytes: number): Readable | Buffer | null {
  const { wholeBody } = c.var
  if (wholeBody) return wholeBody.byteLength > 0 ? wholeBody : null
  const request = c.env.incoming as IncomingMessage
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
    return new OutcomeUnknown(504, "unexpected_state", message, { code: "medusa_timeout" })
  }
  const code = (error as NodeJS.ErrnoException).code ?? ""
  if (UNREACHABLE.has(code)) {
    return new MedusaUnavailable(
      "Medusa is not up (yet): try again in a moment. What the counter answers itself goes on.",
    )
  }
  if (BROKEN_OFF.has(code) || error instanceof errors.BodyTimeoutError) {
    const message = "Medusa has gone while it was asked: what was asked may or may not have taken effect."
    return new OutcomeUnknown(503, "unexpected_state", message, {
      code: "medusa_unavailable",
      headers: { "Retry-After": "2" },
    })
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
