import http, { type IncomingMessage, type ServerResponse } from "node:http"
import qs from "qs"
import { type Account, apiVersion, newId } from "./account.ts"
import { injected, Refusal, unauthorized } from "./errors.ts"
import { checkExpand, expanded } from "./expand.ts"
import { type Answer, Idempotency } from "./idempotency.ts"
import { type Params, words } from "./params.ts"
import { routeOf } from "./routes.ts"
import type { Trouble } from "./trouble.ts"

/** A request that has come. */
export interface StripeRequest {
  id: string
  method: string
  path: string
  idempotencyKey: string | null
  params: Params
  /** What was answered; 0: nothing yet, or nothing at all. */
  status: number
}

/** Stripe's API over HTTP, on the one account. */
export function createServer(account: Account, trouble: Trouble, requests: StripeRequest[]): http.Server {
  const idempotency = new Idempotency()
  return http.createServer(async (message, response) => {
    const request = await read(message)
    if (!request) return
    requests.push(request)
    const line = `${request.method} ${request.path}`
    const failure = trouble.take(line)
    const answer =
      failure?.when !== "after" && failure ? refusal(injected(failure.status)) : await answerTo(request, message)
    if (failure?.status === 0) message.socket.destroy()
    else send(response, request, failure ? refusal(injected(failure.status)) : answer)
  })

  async function answerTo(request: StripeRequest, { headers }: IncomingMessage): Promise<Answer> {
    try {
      if (request.path.startsWith("/v1/")) authorize(headers.authorization)
      const { method, idempotencyKey: key, path, params } = request
      // Only what changes something is remembered; on other methods Stripe ignores the key.
      if (method !== "POST" || !key) return await work(request)
      return await idempotency.once(key, path, params, () => work(request))
    } catch (error) {
      return refusal(error)
    }
  }

  async function work(request: StripeRequest): Promise<Answer> {
    const line = `${request.method} ${request.path}`
    await trouble.wait(line)
    try {
      const { route, id } = routeOf(line)
      const paths = words(request.params, "expand") ?? []
      checkExpand(paths)
      account.request = { id: request.id, idempotency_key: request.idempotencyKey }
      const object = route(account, { id, params: request.params })
      return { status: 200, body: JSON.stringify(expanded(account, object, paths), null, 2), kept: true }
    } catch (error) {
      return refusal(error)
    }
  }
}

/** @returns nothing when who asked has left */
async function read(message: IncomingMessage): Promise<StripeRequest | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of message) chunks.push(chunk)
  } catch {
    return undefined
  }
  const url = new URL(message.url ?? "/", "http://stripe")
  const form = Buffer.concat(chunks).toString()
  const key = message.headers["idempotency-key"]
  return {
    id: newId("req"),
    method: message.method ?? "",
    path: url.pathname,
    idempotencyKey: typeof key === "string" ? key : null,
    params: { ...qs.parse(url.search.slice(1)), ...qs.parse(form) },
    status: 0,
  }
}

function authorize(header: string | undefined): void {
  const key = header?.match(/^Bearer (.+)$/)?.[1]
  if (!key?.startsWith("sk_test_")) throw unauthorized(key)
}

/** An error of the stand-in's own is told as Stripe tells its own, with what it was, so that the test shows it. */
function refusal(error: unknown): Answer {
  const known =
    error instanceof Refusal ? error : new Refusal(500, { type: "api_error", message: String(error) }, false)
  return { status: known.status, body: JSON.stringify({ error: known.body }, null, 2), kept: known.begun }
}

function send(response: ServerResponse, request: StripeRequest, answer: Answer): void {
  request.status = answer.status
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "request-id": request.id,
    "stripe-version": apiVersion,
    ...(request.idempotencyKey && { "idempotency-key": request.idempotencyKey }),
    ...(answer.replayed && { "idempotent-replayed": "true" }),
  })
  response.end(answer.body)
}
