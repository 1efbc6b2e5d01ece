import type { Context } from "hono"
import type { By } from "../../commerce/staff/index.ts"
import type { Counter } from "../counter.ts"
import { errorsOf } from "../described.ts"
import type { DocumentedRoom, DocumentedRoute } from "../document.ts"
import { WireError } from "../errors.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "../idempotency.ts"
import { forAdmins } from "../security.ts"
import { id } from "./parameters.ts"

const WHO = { 401: "Not an admin.", 403: "The caller is staff here, and no supervisor (`role_not_allowed`)." }

/** What every route of an admin may answer to who is none, for the OpenAPI document. */
export const notAdmin = errorsOf(WHO)

/** A noun of the counter's own that a merchant manages. */
export const adminRoom = (path: string, params: DocumentedRoom["params"] = {}): DocumentedRoom => ({
  ...{ path, security: forAdmins, params },
  errors: { 400: "A value is wrong: the message says which.", ...WHO },
})

/** Routes of which those that change something do so once under an `Idempotency-Key` (`changeOnce`). */
export const onceEach = (routes: DocumentedRoute[]): DocumentedRoute[] =>
  routes.map((it) => {
    if (it.method === "get") return it
    const keyed = Object.entries(IdempotencyErrors).map(([status, { description }]) => {
      const own = it.errors?.[Number(status)]
      return [status, own === undefined ? description : `${own} ${description}`]
    })
    return { ...it, headers: IdempotencyHeaders, errors: { ...it.errors, ...Object.fromEntries(keyed) } }
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
