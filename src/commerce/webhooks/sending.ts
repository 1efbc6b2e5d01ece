import { Agent, request } from "undici"
import { checkHost, guardedLookup, type Reach, Unreachable } from "./addresses.ts"
import { signed } from "./signing.ts"

/** What came of one attempt. */
export interface Attempt {
  /** It was answered with 2xx. */
  delivered: boolean
  /** Undefined when there was no answer. */
  status: number | undefined
  /** The beginning of what was answered. */
  body: string | null
  /** Why there was no answer, in a few words that quote nothing. */
  error: string | null
  durationMs: number
  /** How long the endpoint asks to be left alone. */
  retryAfterSeconds: number | undefined
}

/** A message to one endpoint. */
export interface Message {
  url: string
  secrets: readonly string[]
  /** The same however often it is sent. */
  id: string
  /** JSON. */
  body: string
}

export interface Sender {
  /**
   * Sends a message once; an endpoint that does not take it is no error.
   *
   * @param ended  aborted when it is not worth waiting for any more
   * @throws the signal's reason when it is aborted: it is not known then whether the message has arrived
   */
  send(message: Message, ended?: AbortSignal): Promise<Attempt>
  close(): Promise<void>
}

/** Of an answer so much is read, and so much of that is kept. */
const MOST_BYTES = 16 * 1024
const KEPT_CHARACTERS = 1_024
const KEEP_ALIVE_SECONDS = 20
const USER_AGENT = "Mostrador-Webhooks/1"

/** @param timeoutSeconds  for one attempt, from the look-up of the name to the answer */
export function openSender({ reach, timeoutSeconds }: { reach: Reach; timeoutSeconds: number }): Sender {
  // No limit of connections to one origin: endpoints that share it must not wait for each other.
  const agent = new Agent({
    connect: { lookup: guardedLookup(reach) },
    keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000,
    pipelining: 1,
  })
  return {
    async send({ url, secrets, id, body }, ended) {
      const began = performance.now()
      const attempt = { delivered: false, status: undefined, body: null, error: null, retryAfterSeconds: undefined }
      const stop = new AbortController()
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        stop.abort()
      }, timeoutSeconds * 1000)
      const end = () => stop.abort()
      ended?.addEventListener("abort", end)
      try {
        ended?.throwIfAborted()
        checkHost(new URL(url), reach)
        // It follows no redirect: that would lead round everything that was checked.
        const answer = await request(url, {
          ...{ method: "POST", dispatcher: agent, body, signal: stop.signal },
          headers: {
            ...{ "content-type": "application/json", "user-agent": USER_AGENT, accept: "*/*" },
            ...signed(id, body, secrets, new Date()),
          },
        })
        const { statusCode: status, headers } = answer
        const said = await beginning(answer.body)
        const retryAfterSeconds = secondsOf(headers["retry-after"])
        const delivered = status >= 200 && status < 300
        return { delivered, status, body: said, error: null, retryAfterSeconds, durationMs: since(began) }
      } catch (error) {
        ended?.throwIfAborted()
        const why = isLate ? `no answer within ${timeoutSeconds} seconds` : kindOf(error)
        return { ...attempt, error: why, durationMs: since(began) }
      } finally {
        clearTimeout(timer)
        ended?.removeEventListener("abort", end)
      }
    },
    close: () => agent.destroy(),
  }
}

/** What there is of the answer; whether it comes to its end changes nothing of its status. */
async function beginning(body: AsyncIterable<Buffer> & { destroy(): void }): Promise<string> {
  const read: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      read.push(chunk)
      bytes += chunk.length
      if (bytes >= MOST_BYTES) break
    }
  } catch {
    body.destroy()
  }
  const text = Buffer.concat(read).toString("utf8").slice(0, KEPT_CHARACTERS)
  // No column holds half a character, nor a zero byte.
  return text.replace(/[\ud800-\udbff]$/, "").replaceAll("\0", "\ufffd")
}

/** @source RFC 9110, 10.2.3: seconds, or a date */
function secondsOf(header: string | string[] | undefined): number | undefined {
  const given = Array.isArray(header) ? header[0] : header
  if (given === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000
  return seconds > 0 ? Math.ceil(seconds) : undefined
}

/** What went wrong, without what it went wrong with. */
function kindOf(error: unknown): string {
  if (error instanceof Unreachable) return error.message
  const { name, code } = error as { name?: string; code?: string }
  return code ?? name ?? "unknown"
}

const since = (began: number) => Math.round(performance.now() - began)
