import type { OpenAPIHono } from "@hono/zod-openapi"
import { type Named, PIN_LOCK_MINUTES, PinLocked, PinWrong } from "../../commerce/staff/index.ts"
import {
  type KnownTill,
  PlaceNotAllowed,
  RoleNotAllowed,
  signIn,
  signOut,
  TillClosed,
} from "../../commerce/tills/index.ts"
import { TooManyAttempts } from "../../platform/attempts/index.ts"
import { type NewAuditEntry, recordAudit } from "../../platform/audit/index.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { readAs } from "../read-as.ts"
import { tooMany } from "./pairing.ts"
import { requireCashier, requireTill, SESSION_HEADER } from "./require-till.ts"
import { SignIn } from "./schema.ts"

const PATH = "/pos/sessions"
/** Of a till, so that nobody tries one PIN after the other on all members. */
const ATTEMPTS = { most: 30, minutes: 15 }

/** Cashiers sign in and out. */
export function addSessions(app: OpenAPIHono<Counter>, services: Services): void {
  const { attempts, database } = services
  const { sql } = database

  app.post(PATH, requireTill(services), async (c) => {
    c.set("route", PATH)
    const { pin, email, user_id } = await readAs(c, SignIn)
    const named: Named = user_id === undefined ? { email: email ?? "" } : { user_id }
    const till = c.get("till")
    const takeBack = await attempts
      .begin([{ name: `pins ${till.id}`, most: ATTEMPTS.most }], ATTEMPTS.minutes)
      .catch((error) => {
        throw error instanceof TooManyAttempts ? tooMany(error) : error
      })
    const { staff, token, ...shift } = await signIn(sql, till, named, pin).catch(async (error) => {
      const refused = refusalOf(error)
      if (!refused) throw error
      if (refused.entry) await recordAudit(sql, entryOf(till, refused.entry))
      throw refused.answer
    })
    await takeBack()
    return c.json({ session: { token, ...shift }, cashier: staff })
  })
  app.delete(`${PATH}/current`, requireCashier(services, { mayBeClosed: true }), async (c) => {
    c.set("route", `${PATH}/current`)
    await signOut(sql, c.get("till"), c.get("staff"), c.req.header(SESSION_HEADER) ?? "")
    return c.json({ object: "till_session", deleted: true })
  })
}

interface Refused {
  answer: WireError
  entry?: Pick<NewAuditEntry, "action" | "details"> & { userId: string | null }
}

/** What is said, and what is remembered, of somebody who is not let in. Who he said that he is may be a slip: his PIN. */
function refusalOf(error: unknown): Refused | undefined {
  if (error instanceof PinWrong) {
    const { userId, isLast } = error
    return {
      answer: new WireError(401, "unauthorized", "The person or the PIN is wrong.", { code: "pin_wrong" }),
      entry: { action: "pin.wrong", userId, details: { locked: isLast } },
    }
  }
  if (error instanceof PinLocked) {
    const message = `There were too many wrong PINs. Try again in ${PIN_LOCK_MINUTES} minutes, or ask for a new one.`
    return {
      answer: new WireError(403, "forbidden", message, { code: "pin_locked" }),
      entry: { action: "pin.locked", userId: error.userId },
    }
  }
  if (error instanceof RoleNotAllowed) {
    return {
      answer: new WireError(403, "forbidden", "Your role is not for a till.", { code: "role_not_allowed" }),
      entry: { action: "role.refused", userId: error.userId, details: { desk: "till" } },
    }
  }
  if (error instanceof PlaceNotAllowed) {
    return {
      answer: new WireError(403, "forbidden", "You may not work in this shop.", { code: "place_not_allowed" }),
      entry: { action: "place.refused", userId: error.userId },
    }
  }
  if (error instanceof TillClosed) {
    return { answer: new WireError(403, "forbidden", "This till was revoked.", { code: "till_revoked" }) }
  }
  return undefined
}

const entryOf = ({ id, channel_id }: KnownTill, entry: NonNullable<Refused["entry"]>): NewAuditEntry => {
  const { action, userId, details } = entry
  return {
    ...{ action, outcome: "refused", actor: { type: "till", id }, channel_id, till_id: id, subject_id: userId },
    ...(details ? { details } : {}),
  }
}
