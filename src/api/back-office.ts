import type {
  AuthenticatedMedusaRequest,
  MedusaNextFunction,
  MedusaRequest,
  MedusaResponse,
} from "@medusajs/framework/http"
import { STANDING, type Standing } from "../commerce/staff/index.ts"
import { newId } from "../platform/ids.ts"
import { rowsOf } from "./rows.ts"

/** Where everybody may see who he is logged in as. */
const ONESELF = "/admin/users/me"

/**
 * Medusa gives every user all of its Admin API, and who works at a desk of the shop is a user, too. Agents and cashiers,
 * and who works no more, reach nothing of it but who they are. Nor does who is no user any more: a token of his is good
 * until it ends, also when he was taken off the staff, which makes administrators of those who stay.
 *
 * Runs inside Medusa, behind its own log-in: so it does not matter by which way, with a token or a session, they come.
 * Secret keys are nobody in particular; that none is theirs is seen to by this.
 */
export const closedToDesks = closedTo(
  ({ role, is_active }, { method, originalUrl }) =>
    !(is_active && role === "supervisor") && !(method === "GET" && originalUrl.split("?")[0] === ONESELF),
  "This is for administrators and supervisors.",
)

/**
 * A supervisor makes nobody an administrator, himself neither: by a key, an invitation, or a workflow that makes one. Nor
 * does he become one, by the password that another one forgets, nor end one.
 */
export const closedToSupervisors = closedTo(
  () => true,
  "Only an administrator decides about keys, users, invitations and workflows.",
)

/**
 * In a letter there may be what sets a new password. There is nothing secret in what the dashboard's bell asks for: its own
 * notifications, and when the last one of all was made.
 */
export const lettersClosedToSupervisors = closedTo(
  (_, { query }) => query.channel !== "feed" && query.fields !== "created_at",
  "Only an administrator reads what was sent. The dashboard's own are shown with channel=feed.",
)

function closedTo(isRefused: (standing: Standing, req: MedusaRequest) => boolean, message: string) {
  return async (req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): Promise<void> => {
    const { actor_type, actor_id = "" } = loggedIn(req) ?? {}
    const standing = actor_type === "user" ? await standingOf(req, actor_id) : undefined
    if (!standing || !isRefused(standing, req)) return next()
    await recordRefusal(req, actor_id, standing)
    res.status(403).json({ type: "forbidden", code: "role_not_allowed", message })
  }
}

/** Undefined on the few routes of the Admin API that need no log-in. */
const loggedIn = (req: MedusaRequest) => (req as Partial<AuthenticatedMedusaRequest>).auth_context

/** @returns undefined for an administrator, as at the counter */
async function standingOf(req: MedusaRequest, userId: string): Promise<Standing | undefined> {
  const [standing] = await rowsOf<Standing>(req, STANDING.replace("$1", "?"), [userId])
  return standing
}

/** Once a minute, as the counter records its own. */
async function recordRefusal(req: MedusaRequest, userId: string, { role }: Standing): Promise<void> {
  const details = JSON.stringify({ desk: "back_office", role })
  await rowsOf(
    req,
    `insert into mostrador.audit_entry (id, action, outcome, actor_type, actor_id, subject_id, details)
      select :id, 'role.refused', 'refused', 'user', :user, :user, :details::jsonb
      where not exists (
        select from mostrador.audit_entry where subject_id = :user and at > now() - interval '1 minute'
          and action = 'role.refused' and actor_type = 'user' and details = :details::jsonb)`,
    { id: newId("aud"), user: userId, details },
  )
}
