import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { HTTPException } from "hono/http-exception"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { Counter } from "./counter.ts"

/** The body of every error, as Medusa shapes it. */
export const ErrorBody = z
  .object({
    code: z.string().optional().openapi({ description: "What went wrong, for programs." }),
    type: z.string().openapi({ description: "What kind of thing went wrong.", example: "invalid_data" }),
    message: z.string().openapi({ description: "What went wrong, and what to do next, for people." }),
    request_id: z.string().optional().openapi({ description: "To ask the shop about, when the error is its own." }),
    details: z.looseObject({}).optional().openapi({ description: "What the message cannot say, by the code." }),
  })
  .openapi("Error")
export type ErrorBody = z.infer<typeof ErrorBody>

/** An error that a channel itself answers with. */
export class WireError extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly type: string,
    message: string,
    readonly options: { code?: string; headers?: Record<string, string>; details?: object } = {},
  ) {
    super(message)
  }
}

/** Medusa cannot be reached, or has gone while it was asked. */
export class MedusaUnavailable extends WireError {
  constructor(message: string) {
    super(503, "unexpected_state", message, { code: "medusa_unavailable", headers: { "Retry-After": "2" } })
  }
}

/** Medusa was asked for something, and it is not known whether it did it or still will. */
export class OutcomeUnknown extends WireError {}

/** As Express writes it. */
const JSON_TYPE = "application/json; charset=utf-8"

/**
 * The one place where an error becomes an answer. What is not known is logged and not shown: the client gets the
 * request id to ask about it.
 */
export function answerError(error: Error, c: Context<Counter>): Response {
  if (error instanceof WireError) {
    const { code, headers, details } = error.options
    const body = { code, type: error.type, message: error.message, details }
    return c.json(body, error.status, { "Content-Type": JSON_TYPE, ...headers })
  }
  if (error instanceof HTTPException) {
    return c.json(
      { type: error.status === 504 ? "unexpected_state" : "invalid_data", message: error.message },
      error.status,
    )
  }
  c.var.log.error({ request_id: c.var.requestId, err: error }, "unexpected error")
  const body: ErrorBody = { code: "unknown_error", type: "unknown_error", message: "An unknown error occurred." }
  return c.json({ ...body, request_id: c.var.requestId }, 500)
}
