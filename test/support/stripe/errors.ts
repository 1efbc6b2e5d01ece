import type { PaymentError, PaymentIntent, SetupIntent } from "./objects.ts"

/** What Stripe answers under `error`. */
export interface ErrorBody extends Partial<Omit<PaymentError, "type">> {
  type: "invalid_request_error" | "card_error" | "idempotency_error" | "api_error"
  message: string
  payment_intent?: PaymentIntent
  setup_intent?: SetupIntent
}

/** A request that Stripe refuses. */
export class Refusal extends Error {
  /**
   * @param begun  whether Stripe had begun to work on it: only then does its idempotency key remember the answer
   */
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly begun = true,
  ) {
    super(body.message)
  }
}

export const docUrl = (code: string) => `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`

const withDocs = (code: string | undefined) => (code ? { code, doc_url: docUrl(code) } : {})

/** A parameter that makes no sense, whatever the state is. */
export function invalidParameter(param: string, message: string, code?: string): Refusal {
  return new Refusal(400, { type: "invalid_request_error", ...withDocs(code), message, param }, false)
}

/** A request that makes sense, but not now. */
export function refused(message: string, more: { code?: string; param?: string } = {}): Refusal {
  return new Refusal(400, { type: "invalid_request_error", ...more, ...withDocs(more.code), message })
}

export function unexpectedState(message: string, intent: PaymentIntent): Refusal {
  const code = "payment_intent_unexpected_state"
  const payment_intent = structuredClone(intent)
  return new Refusal(400, { type: "invalid_request_error", ...withDocs(code), message, payment_intent })
}

/** @param param  the parameter that named it; without one it was named by the path, which is a 404 */
export function noSuch(kind: string, id: string, param?: string): Refusal {
  const message = `No such ${kind}: '${id}'`
  const body = { type: "invalid_request_error" as const, ...withDocs("resource_missing"), message }
  return new Refusal(param ? 400 : 404, { ...body, param: param ?? (kind === "payment_intent" ? "intent" : "id") })
}

export function unauthorized(key: string | undefined): Refusal {
  const message = key
    ? `Invalid API Key provided: ${key.slice(0, 8)}****`
    : "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
  return new Refusal(401, { type: "invalid_request_error", message }, false)
}

/** The failures that a test asks for. */
export function injected(status: number): Refusal {
  if (status === 429) {
    const message = "Request rate limit exceeded. You can learn more about rate limits here."
    return new Refusal(429, { type: "invalid_request_error", ...withDocs("rate_limit"), message }, false)
  }
  const type = status >= 500 ? "api_error" : "invalid_request_error"
  return new Refusal(status, { type, message: "An unknown error occurred" }, false)
}
