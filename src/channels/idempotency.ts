import { createHash, createHmac } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { ReservedSql } from "postgres"
import { type KeyedRequest, type Known, keyedRequest, lockName, once } from "../platform/idempotency/index.ts"
import { NoSlot } from "../platform/slots.ts"
import type { Counter, Services } from "./counter.ts"
import { error } from "./described.ts"
import { answerError, OutcomeUnknown, WireError } from "./errors.ts"
import { exposeHeaders } from "./origins.ts"
import { wholeBody } from "./whole-body.ts"

export const REPLAYED = "Idempotency-Replayed"
/** `false` beside an answer that is too large to be shown again. */
const STORED = "Idempotency-Stored"

/** For the OpenAPI document of routes that can be asked once. */
export const IdempotencyHeaders = z.object({
  "Idempotency-Key": z.string().min(1).max(255).optional().openapi({
    description:
      "Asked again with the same key within 24 hours, the route does nothing and gives its first answer again.",
    example: "8e03978e-40d5-43e8-bc93-6894a57f9324",
  }),
})

export const IdempotencyErrors = {
  409: error(
    "A request with this `Idempotency-Key` is running (`idempotency_key_in_use`), or it is not known what came of it (`idempotency_outcome_unknown`).",
  ),
  422: error("This `Idempotency-Key` was used for another request."),
}

/** An answer whose whole body is at hand, or a stream of events. */
export interface Answer {
  status: number
  headers: Headers
  body: string | Buffer | ReadableStream<Uint8Array>
  /** It cannot be known whether what was asked took effect. */
  isUnknown: boolean
}

/**
 * The request as its `Idempotency-Key` stands for it. Reads its whole body.
 *
 * @param scope   within which a key is one's own
 * @param caller  who asks, within it: nobody else gets his answer
 * @returns undefined without a key
 * @throws WireError 400 when it is no key
 */
export async function keyedWithin(
  c: Context<Counter>,
  jwtSecret: string,
  scope: string,
  caller: string[],
): Promise<KeyedRequest | undefined> {
  const key = c.req.header("idempotency-key")
  if (key === undefined) return undefined
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new WireError(400, "invalid_data", "Idempotency-Key must have 1 to 255 printable ASCII characters", {
      code: "idempotency_key_invalid",
    })
  }
  const { method, url } = c.env.incoming as IncomingMessage
  const body = sha256(await wholeBody(c))
  const request = JSON.stringify(["mostrador request", method, url, body, caller])
  // A body may be a PIN, which is soon guessed by a hash that anybody can make.
  const fingerprint = createHmac("sha256", jwtSecret).update(request).digest("hex")
  return keyedRequest({ scope, key, fingerprint }, jwtSecret)
}

export const sha256 = (it: string | Buffer) => createHash("sha256").update(it).digest("hex")

/**
 * Refuses at once who comes while the same key is used in this process; other processes' are seen in the database.
 *
 * @param work  throws no `NoSlot` of its own
 */
export async function alone(
  { turns }: Services,
  keyed: KeyedRequest | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (!keyed) return await work()
  try {
    return await turns.use(lockName(keyed), 0, work)
  } catch (cause) {
    throw cause instanceof NoSlot ? inUse() : cause
  }
}

/** Does the work once under its key, on a connection that holds the key's lock; without a key, each time. */
export async function onceUnderKey(
  c: Context<Counter>,
  connection: ReservedSql,
  keyed: KeyedRequest | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (!keyed) return await work()
  let answer: Answer | undefined
  const unkept = (cause: unknown) =>
    c.var.log.error({ request_id: c.var.requestId, err: cause }, "the answer under an idempotency key is not kept")
  const known = await once(
    connection,
    keyed,
    async () => {
      answer = await work()
      const { status, headers, body, isUnknown } = answer
      if (isUnknown) return "unknown"
      return Buffer.isBuffer(body) ? { status, headers: lasting(headers), body } : "passing"
    },
    unkept,
  )
  if (known.is !== "done") return replay(c, known)
  if (!answer) throw new Error("Work that is done has an answer")
  const isTooLarge = !known.kept && answer.status < 300 && !answer.isUnknown && Buffer.isBuffer(answer.body)
  if (isTooLarge) answer.headers.set(STORED, "false")
  return answer
}

/**
 * The first answer again.
 *
 * @throws WireError when there is none to give: the request runs, or was another one, or it is not known what came of it
 */
export function replay(c: Context<Counter>, known: Exclude<Known, { is: "new" }>): Answer {
  switch (known.is) {
    case "running":
      throw inUse()
    case "reused":
      throw new WireError(422, "invalid_data", "This Idempotency-Key was used for another request. Use a new one.", {
        code: "idempotency_key_reused",
      })
    case "unknown":
      throw new WireError(
        409,
        "conflict",
        `A request with this Idempotency-Key was interrupted: it may or may not have taken effect. Look at ${subjectOf(c)}, and use a new key for what is still to be done.`,
        { code: "idempotency_outcome_unknown" },
      )
    case "answered": {
      const { status, headers, body } = known.answer
      if (!body) {
        throw new WireError(
          409,
          "conflict",
          `The request with this Idempotency-Key was answered with ${status}, and that answer cannot be shown again. Look at ${subjectOf(c)}.`,
          { code: "idempotency_answer_not_kept" },
        )
      }
      const again = new Headers(headers)
      again.set("X-Request-Id", c.var.requestId)
      again.set(REPLAYED, "true")
      exposeHeaders(again, [REPLAYED])
      return { status, headers: again, body, isUnknown: false }
    }
  }
}

/**
 * Answers of ours, asked once: a refusal is an answer, too.
 *
 * @param work    need not be undone when its process dies
 * @param around  runs before a connection is taken for the key, and may refuse to go on
 */
export async function onceAlone(
  c: Context<Counter>,
  services: Services,
  keyed: KeyedRequest,
  work: () => Promise<Response>,
  around = (inner: () => Promise<Answer>) => inner(),
): Promise<Answer> {
  const answered = async () => await wholeAnswer(await work().catch((cause) => answerError(cause, c)))
  return await alone(services, keyed, () =>
    around(() => withConnection(services, (connection) => onceUnderKey(c, connection, keyed, answered))),
  )
}

/** What a request is about, for who is to look at what came of it. */
function subjectOf(c: Context<Counter>): string {
  const { url = "" } = c.env.incoming as IncomingMessage
  const [, noun] = /^\/(?:store|admin\/omnichannel)\/([^/?]+)/i.exec(url) ?? []
  return SUBJECTS[noun?.toLowerCase() ?? ""] ?? "what it was to change"
}
const SUBJECTS: Record<string, string> = {
  ...{ carts: "the cart", "payment-collections": "the cart", orders: "the order", returns: "the return" },
  ...{ customers: "the customer", webhooks: "the webhook endpoint" },
}

/** @throws WireError 503 when there has been none for some seconds */
export async function withConnection<T>(
  { locks }: Services,
  work: (connection: ReservedSql) => Promise<T>,
): Promise<T> {
  try {
    return await locks.use(work)
  } catch (cause) {
    throw cause instanceof NoSlot ? busy() : cause
  }
}

/** The answer with the headers that its route has set already. */
export function respond(c: Context<Counter>, { status, headers, body }: Answer): Response {
  return c.body(body as Uint8Array<ArrayBuffer>, status as 200, Object.fromEntries(headers))
}

export async function wholeAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response
  return { status, headers: new Headers(headers), body: Buffer.from(await response.arrayBuffer()), isUnknown: false }
}

/** What an error says on the wire, and whether what was asked may have taken effect all the same. */
export async function failed(c: Context<Counter>, cause: unknown): Promise<Answer> {
  const isUnknown = !(cause instanceof WireError) || cause instanceof OutcomeUnknown
  return { ...(await wholeAnswer(answerError(cause as Error, c))), isUnknown }
}

/** Others have been waiting for as long as one should. */
export const busy = () =>
  new WireError(
    503,
    "unexpected_state",
    "There is too much to do just now. Nothing was changed: try again in a moment.",
    {
      code: "counter_busy",
      headers: { "Retry-After": "2" },
    },
  )

const inUse = () =>
  new WireError(409, "conflict", "A request with this Idempotency-Key is running. Ask again for its answer.", {
    code: "idempotency_key_in_use",
    headers: { "Retry-After": "1" },
  })

/** Headers that belong to one request, one caller's page or one connection; a log-in is not given out twice. */
const PASSING = /^(x-request-id|set-cookie|date|vary|content-length|connection|keep-alive|access-control-.*)$/

export const lasting = (headers: Headers) => [...headers].filter(([name]) => !PASSING.test(name))
