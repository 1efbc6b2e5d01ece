import type { Context } from "hono"
import type { By } from "../../commerce/staff/index.ts"
import type { Counter } from "../counter.ts"
import type { DocumentedRoom } from "../document.ts"
import { WireError } from "../errors.ts"
import { forAdmins } from "../security.ts"
import { id } from "./parameters.ts"

/** What every route of an admin may answer to who is none, for the OpenAPI document. */
export const notAdmin = {
  401: "Not an admin.",
  403: "The caller is staff here, and no supervisor (`role_not_allowed`).",
}
/** Of routes that are told something. */
export const wrong = { 400: "A value is wrong: the message says which." }

/**
 * A noun of the counter's own that a merchant manages. What is changed is changed once under an `Idempotency-Key`
 * (`changeOnce`, `doneOnce`).
 */
export const adminRoom = <const Path extends string>(
  path: Path,
  params: DocumentedRoom["params"] = {},
): DocumentedRoom<Path> => ({
  ...{ path, security: forAdmins, params, isOnce: true },
  errors: { ...wrong, ...notAdmin },
})

/** Who decides it. */
export const byAdmin = (c: Context<Counter>): By => ({ type: "user", id: c.get("adminId") ?? null })

/** The id in the path. @throws WireError 404 when it can be nobody's */
export function idIn(c: Context<Counter>, noun: string, parameter = "id"): string {
  const given = id.safeParse(c.req.param(parameter))
  if (!given.success) throw notFound(noun, c.req.param(parameter) ?? "")
  return given.data
}

export const notFound = (noun: string, of: string) =>
  new WireError(404, "not_found", `${noun} with id: ${of} was not found`)

/** What does not fit what there is already, in the words of Medusa. */
export const taken = (code: string, message: string) => new WireError(422, "duplicate_error", message, { code })
