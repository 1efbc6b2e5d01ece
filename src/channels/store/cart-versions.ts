import type { Context } from "hono"
import type { Counter } from "../counter.ts"
import { WireError } from "../errors.ts"
import type { Answer } from "../idempotency.ts"
import { exposeHeaders } from "../origins.ts"

/** Shows a cart's version, also to pages of other origins. */
export function showVersion(headers: Headers, version: number): void {
  headers.set("ETag", `"${version}"`)
  exposeHeaders(headers, ["ETag"])
}

/**
 * The versions that a change is meant for, by its `If-Match`. A tag that some proxy has made weak (`W/"3"`) counts, too.
 *
 * @returns undefined when any will do
 * @throws WireError 400 when it is none
 */
export function expectedVersion(c: Context<Counter>): ((version: number) => boolean) | undefined {
  const given = c.req.header("if-match")?.trim()
  if (given === undefined || given === "*") return undefined
  if (!/^(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*$/.test(given)) {
    throw new WireError(400, "invalid_data", `If-Match must be the ETag of a cart, as "3" with its quotes, or *`)
  }
  const tags = new Set(given.match(/"[^"]*"/g))
  return (version) => tags.has(`"${version}"`)
}

/** What is said to a change that was meant for another version: the one that the cart is in, and the cart. */
export function versionConflict(c: Context<Counter>, version: number, cart: unknown): Answer {
  const body = {
    type: "conflict",
    code: "version_conflict",
    message: `The cart was changed meanwhile: it is in version ${version}. Look at it, and send the change again with If-Match: "${version}".`,
    cart,
  }
  const { headers } = c.json(body, 412)
  const shown = new Headers(headers)
  showVersion(shown, version)
  return { status: 412, headers: shown, body: Buffer.from(JSON.stringify(body)), isUnknown: false }
}
