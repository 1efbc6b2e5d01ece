import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { documentRoutes, routesOf } from "../document.ts"
import { openRoom } from "../room.ts"
import { withAll, withOne } from "../security.ts"
import { addTillCarts, tillCartRoutes } from "./carts/index.ts"
import { addMe } from "./me.ts"
import { addPairing } from "./pairing.ts"
import { SESSION_HEADER } from "./require-till.ts"
import { Me, Paired, Pairing, SignedIn, SignedOut, SignIn } from "./schema.ts"
import { addSessions } from "./sessions.ts"

export { shownChannel } from "./me.ts"
export { byCashier, requireCashier, requireTill, SESSION_HEADER } from "./require-till.ts"
export { DeskChannel, pin, StaffShown } from "./schema.ts"

const PREFIX = "/pos"

/** Tills: a device is paired, a cashier signs in. */
export function addPos(app: OpenAPIHono<Counter>, services: Services): void {
  openRoom(app, PREFIX, services.config.cors.store)
  addPairing(app, services)
  addSessions(app, services)
  addMe(app, services)
  addTillCarts(app, services)
  documentRoutes(app, ...ROUTES)
}

const wrong = { 400: "A value is wrong: the message says which." }
const closed = { 403: "The till was revoked (`till_revoked`), or its channel is closed (`channel_inactive`)." }
const signedIn = withAll("tillToken", "tillSession")

const ROUTES = [
  routesOf({ path: "/pos", security: [], errors: wrong }, [
    {
      ...{ method: "post", path: "/pair", operationId: "pairTill", summary: "Pair a device", body: Pairing },
      description: "The device that shows the code becomes its till. The device that had it before is shut out.",
      answer: { description: "The till, and the token with which the device shows that it is it.", schema: Paired },
      errors: {
        401: "No till waits for this code: it is wrong, used or too old (`pairing_code_wrong`).",
        429: "Too many codes were tried from this address (`too_many_attempts`): `Retry-After` says when to come back.",
      },
    },
  ]),
  routesOf({ path: "/pos", security: withOne("tillToken"), errors: closed }, [
    {
      ...{
        method: "post",
        path: "/sessions",
        operationId: "signInAtTill",
        summary: "Sign in at the till",
        body: SignIn,
      },
      description:
        "For cashiers and supervisors who may work in this shop. It holds for 12 hours, and ends who was signed in here before.",
      answer: { description: "The session.", schema: SignedIn },
      errors: {
        ...wrong,
        401: "The till is unknown (`till_unknown`), or the person or the PIN is wrong (`pin_wrong`).",
        403: "Five PINs were wrong, within 15 minutes of the last (`pin_locked`); the role is another (`role_not_allowed`); not in this shop (`place_not_allowed`); the till was revoked (`till_revoked`); its channel is closed (`channel_inactive`).",
        429: "Too many PINs were tried at this till (`too_many_attempts`): `Retry-After` says when to come back.",
      },
    },
    {
      ...{ method: "get", path: "/me", operationId: "getTillAndCashier", summary: "Get who stands where" },
      description: "The till, its shop and its channel; with a session also who is signed in.",
      headers: z.object({
        [SESSION_HEADER]: z
          .string()
          .optional()
          .openapi({ description: "Of who has signed in.", example: "shift_8fK..." }),
      }),
      answer: { description: "Who stands where.", schema: Me },
      errors: { 401: "The till is unknown (`till_unknown`), or the session is over (`signed_out`)." },
    },
  ]),
  routesOf({ path: "/pos", security: signedIn, errors: closed }, [
    {
      ...{ method: "delete", path: "/sessions/current", operationId: "signOutAtTill", summary: "Sign out" },
      answer: { description: "The session is over.", schema: SignedOut },
      errors: {
        401: "The till is unknown (`till_unknown`), or the session is over already (`signed_out`).",
        403: "The till was revoked (`till_revoked`).",
      },
    },
  ]),
  routesOf(
    {
      ...{ path: "/pos", security: signedIn },
      errors: {
        401: "The till is unknown (`till_unknown`), or nobody is signed in (`signed_out`).",
        403: "The till was revoked (`till_revoked`), or its channel is closed (`channel_inactive`) or not for that (`channel_not_allowed`).",
      },
    },
    tillCartRoutes(signedIn),
  ),
]

/** All of them, for the typed client. */
export type PosRoutes = (typeof ROUTES)[number]
