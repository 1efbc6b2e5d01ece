import type { IncomingMessage } from "node:http"
import type { Context } from "hono"
import type { Counter } from "./counter.ts"
import { WireError } from "./errors.ts"

/** Medusa takes 100 kB unless a route says otherwise. */
const MOST_BYTES = 1024 * 1024

/**
 * Reads the whole body of a request, as the bytes that it is, and keeps it for what reads it afterwards: a route of ours
 * (`readBody`) or Medusa.
 *
 * @throws WireError 413 over a megabyte, 400 when the client has left before its end
 */
export async function wholeBody(c: Context<Counter>): Promise<Buffer> {
  const known = c.get("wholeBody")
  if (known) return known
  const request = c.env.incoming as IncomingMessage
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let received = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      received += (chunk as Buffer).length
      if (received > MOST_BYTES) throw tooLarge()
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    throw error instanceof WireError ? error : new WireError(400, "invalid_data", "request aborted")
  }
  const body = Buffer.concat(chunks)
  c.set("wholeBody", body)
  return body
}

/** In the words of Express, which refuses it in Medusa. */
const tooLarge = () => new WireError(413, "unknown_error", "request entity too large")

/** Medusa takes a thousand, and no longer answers anybody when it meets some thousand. */
const MOST_DEPTH = 1000

/**
 * Looks how deep JSON is nested, before anything that calls itself goes into it.
 *
 * @throws WireError 400 when that is too deep
 */
export function requireShallow(json: string): void {
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const it = json[at]
    if (it === '"') at = endOfString(json, at)
    else if (it === "{" || it === "[") depth++
    else if (it === "}" || it === "]") depth--
    if (depth > MOST_DEPTH) {
      throw new WireError(400, "invalid_data", `The body is nested more than ${MOST_DEPTH} deep`)
    }
  }
}

function endOfString(json: string, begin: number): number {
  for (let at = begin + 1; at < json.length; at++) {
    if (json[at] === "\\") at++
    else if (json[at] === '"') return at
  }
  return json.length
}
