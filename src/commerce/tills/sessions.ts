import type { ISql, Sql, TransactionSql } from "postgres"
import { recordAudit } from "../../platform/audit/index.ts"
import { newToken, tokenHash } from "../../platform/auth/index.ts"
import { findStaff, identify, type Named, PinWrong, ROLES, type Staff, worksAt } from "../staff/index.ts"
import {
  type KnownTill,
  PlaceNotAllowed,
  RoleNotAllowed,
  type SessionEnd,
  TillClosed,
  type TillSession,
} from "./till.ts"

/** A long shift, with its breaks. */
export const SESSION_HOURS = 12
/** How long it is known of a session that it was one. */
const KEPT_DAYS = 30

type Ended = Exclude<SessionEnd, "unknown" | "of_other_till" | "expired" | "member_changed">

/** What a device and who stands at it show: which till it is, and who. */
export interface Shown {
  till: KnownTill | undefined
  /** Undefined when no session is shown; why it opens nothing, when it does not. */
  session: TillSession | { ended: SessionEnd; user_id: string | null } | undefined
}

/** Of a `member` at a `till`: whether he may still sell there. */
export const mayWorkThere = (sql: ISql) => sql`
  member.is_active and member.role = any(${ROLES.filter((it) => worksAt(it, "till"))})
    and till.stock_location_id = any(member.stock_location_ids)`

/**
 * Finds the till by its token and who is signed in there by his, in one statement. A session holds as long as the till
 * stands where it stood, or at another place of his, and as long as its member is what he was when he signed in.
 */
export async function readShown(sql: Sql, tillToken: string, sessionToken: string | undefined): Promise<Shown> {
  const [row] = await sql<(KnownTill & Row)[]>`
    select till.id, till.name, till.stock_location_id, coalesce(location.name, '') as location_name, till.channel_id,
      (
        select json_build_object('company', coalesce(company, location.name), 'address_1', address_1,
          'address_2', address_2, 'city', city, 'postal_code', postal_code, 'province', province,
          'country_code', lower(country_code), 'phone', phone)
        from stock_location_address where id = location.address_id and deleted_at is null) as address,
      revoked_at is not null as is_revoked, session.user_id, email, first_name, last_name, role,
      mostrador.iso(begun_at) as signed_in_at, mostrador.iso(expires_at) as expires_at,
      case
        when session.user_id is null then 'unknown'
        when session.till_id <> till.id then 'of_other_till'
        when ended_because is not null then ended_because
        when expires_at <= now() then 'expired'
        when member.user_id is null or "user".id is null or not member.is_active or begun_at < member.sessions_from
          then 'member_changed'
        when not (${mayWorkThere(sql)}) then 'till_moved'
      end as ended
    from mostrador.till
    left join stock_location location on location.id = till.stock_location_id
    left join mostrador.till_session session on session.token_hash = ${tokenHash(sessionToken ?? "")}
    left join mostrador.staff_member member on member.user_id = session.user_id
    left join "user" on "user".id = session.user_id and "user".deleted_at is null
    where till.token_hash = ${tokenHash(tillToken)}`
  if (!row) return { till: undefined, session: undefined }
  const { id, name, stock_location_id, location_name, address, channel_id, is_revoked, ended, ...of } = row
  const till = { id, name, stock_location_id, location_name, address, channel_id, is_revoked }
  if (sessionToken === undefined) return { till, session: undefined }
  if (ended) return { till, session: { ended, user_id: of.user_id } }
  const { signed_in_at, expires_at, ...staff } = of
  return { till, session: { staff, signed_in_at, expires_at } }
}

/** Whether a shift goes on, for who has been let in by it and is asked nothing more. @param session  the token's hash */
export async function isSignedIn(sql: Sql, session: string): Promise<boolean> {
  const rows = await sql`
    select from mostrador.till_session session
    join mostrador.till on till.id = session.till_id and till.revoked_at is null
    join mostrador.staff_member member on member.user_id = session.user_id and ${mayWorkThere(sql)}
      and session.begun_at >= member.sessions_from
    join "user" on "user".id = session.user_id and "user".deleted_at is null
    where session.token_hash = ${session} and session.ended_at is null and session.expires_at > now()`
  return rows.length > 0
}

type Row = Staff & Omit<TillSession, "staff"> & { ended: SessionEnd | null }

/**
 * Signs somebody in at a till; whoever is signed in there is signed out.
 *
 * @returns the session, with its token, which nobody can be shown again
 * @throws PinWrong, PinLocked, RoleNotAllowed, PlaceNotAllowed; TillClosed when it was revoked meanwhile
 */
export async function signIn(
  sql: Sql,
  till: KnownTill,
  named: Named,
  pin: string,
): Promise<TillSession & { token: string }> {
  const { user_id: userId, pin_hash } = await identify(sql, named, pin)
  const token = newToken("shift")
  return await sql.begin(async (tx) => {
    // One at a time at a till, and none at one that is being revoked.
    const [open] = await tx<Pick<KnownTill, "stock_location_id">[]>`
      select stock_location_id from mostrador.till where id = ${till.id} and revoked_at is null for update`
    if (!open) throw new TillClosed()
    // Nor while what he may do is being changed; nor by a PIN that was, while it was looked at.
    const known = await tx`
      select from mostrador.staff_member where user_id = ${userId} and is_active and pin_hash = ${pin_hash} for share`
    if (known.length === 0) throw new PinWrong(userId, false)
    const member = await findStaff(tx, userId)
    if (!member || !worksAt(member.role, "till")) throw new RoleNotAllowed(userId)
    // Where it stands now: it may have been moved meanwhile.
    if (!member.stock_location_ids.includes(open.stock_location_id)) throw new PlaceNotAllowed(userId)
    await endSessions(tx, till.id, "another_sign_in")
    await forgetOld(tx)
    const [times] = await tx<{ signed_in_at: string; expires_at: string }[]>`
      insert into mostrador.till_session (token_hash, till_id, user_id, expires_at)
      values (${tokenHash(token)}, ${till.id}, ${userId}, now() + make_interval(hours => ${SESSION_HOURS}))
      returning mostrador.iso(begun_at) as signed_in_at, mostrador.iso(expires_at) as expires_at`
    if (!times) throw new Error("a session that was written is answered")
    await recordAudit(tx, { ...told(till, userId), action: "session.begun", outcome: "done" })
    const { user_id, email, first_name, last_name, role } = member
    return { token, ...times, staff: { user_id, email, first_name, last_name, role } }
  })
}

/** Ends a session of the till. */
export async function signOut(sql: Sql, till: KnownTill, { user_id }: Staff, token: string): Promise<void> {
  await sql.begin(async (tx) => {
    const ended = await tx`
      update mostrador.till_session set ended_at = now(), ended_because = 'signed_out'
      where token_hash = ${tokenHash(token)} and till_id = ${till.id} and ended_at is null`
    if (ended.count > 0) await recordAudit(tx, { ...told(till, user_id), action: "session.ended", outcome: "done" })
  })
}

const told = ({ id, channel_id }: KnownTill, userId: string) =>
  ({ actor: { type: "cashier", id: userId }, channel_id, till_id: id, subject_id: userId }) as const

/** Somebody who shows one that ended long ago is told no more than that it is none. */
async function forgetOld(tx: TransactionSql): Promise<void> {
  await tx`
    delete from mostrador.till_session where token_hash in (
      select token_hash from mostrador.till_session
      where begun_at < now() - make_interval(days => ${KEPT_DAYS}) and ended_at is not null
      limit 20 for update skip locked)`
}

/** Ends the session that is open at a till that was moved, unless who is signed in may work there, too. */
export async function endDisallowed(tx: TransactionSql, tillId: string): Promise<void> {
  await tx`
    update mostrador.till_session session set ended_at = now(), ended_because = 'till_moved'
    where till_id = ${tillId} and ended_at is null and not exists (
      select from mostrador.till join mostrador.staff_member member on ${mayWorkThere(tx)}
      where till.id = session.till_id and member.user_id = session.user_id)`
}

/** Ends the session that is open at a till, if there is one. */
export async function endSessions(tx: TransactionSql, tillId: string, because: Ended): Promise<void> {
  await tx`
    update mostrador.till_session set ended_at = now(), ended_because = ${because}
    where till_id = ${tillId} and ended_at is null`
}
