import type { IncomingMessage } from "node:http"
import type { TLSSocket } from "node:tls"

/** Headers that speak of one connection, not of the message (RFC 9110, 7.6.1): a proxy must not pass them on. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

/** Set by us for Medusa, so never taken over as they came. */
const OURS = new Set([
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-request-id",
  "expect",
  "host",
])

/**
 * The headers of a message that are meant for its far end.
 *
 * @param raw  names and values by turns, as Node and undici have them
 * @returns pairs in their order; a name may stand there more than once (`set-cookie`)
 */
export function endToEnd(raw: (string | Buffer)[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    pairs.push([String(raw[i]).toLowerCase(), text(raw[i + 1])])
  }
  const named = new Set(
    pairs.flatMap(([name, value]) =>
      name === "connection" ? value.split(",").map((it) => it.trim().toLowerCase()) : [],
    ),
  )
  return pairs.filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name))
}

/** How clients reach us. */
export interface ClientView {
  /** Whether `X-Forwarded-*` of a request are believed and lengthened, or replaced. */
  trustProxy: boolean
  /** With `https:` there is a balancer in front that speaks TLS for us. */
  publicUrl: string
}

/**
 * The headers of a request as Medusa gets them.
 *
 * @returns names and values by turns
 */
export function requestHeaders(request: IncomingMessage, client: ClientView, requestId: string): string[] {
  const socket = request.socket as TLSSocket
  const given = (name: string) => (client.trustProxy ? request.headers[name]?.toString() : undefined)
  const secure = socket.encrypted || client.publicUrl.startsWith("https:")
  const address = socket.remoteAddress ?? "unknown"
  const chain = given("x-forwarded-for")
  const forwarded: [string, string | undefined][] = [
    ["x-forwarded-for", chain ? `${chain}, ${address}` : address],
    ["x-forwarded-host", given("x-forwarded-host") ?? request.headers.host],
    ["x-forwarded-port", given("x-forwarded-port") ?? String(socket.localPort)],
    ["x-forwarded-proto", given("x-forwarded-proto") ?? (secure ? "https" : "http")],
    ["x-request-id", requestId],
  ]
  const own = endToEnd(request.rawHeaders).filter(([name]) => !OURS.has(name))
  // Of several Host headers Node keeps the first, as Medusa's own server would.
  return [["host", request.headers.host] as const, ...own, ...forwarded].flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  )
}

/** Header bytes are latin-1 on the wire. */
const text = (value: string | Buffer | undefined) => (Buffer.isBuffer(value) ? value.toString("latin1") : (value ?? ""))
