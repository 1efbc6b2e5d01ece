import type { ISql, Sql, TransactionSql } from "postgres"
import type { NewAuditEntry } from "../../platform/audit/index.ts"
import { recordAudit } from "../../platform/audit/index.ts"
import { hashPin } from "../../platform/auth/index.ts"
import { type Role, type StaffMember, StaffRefused } from "./member.ts"
import { forgive } from "./pins.ts"
import { STANDING, type Standing } from "./standing.ts"

/** What the merchant says of a member of staff. */
export interface StaffSettings {
  role: Role
  is_active: boolean
  stock_location_ids: string[]
}

/** Who decides it; for the audit. */
export type By = NewAuditEntry["actor"]

/** Which members; all, where nothing is said. */
export interface StaffFilter {
  user_id?: string[] | undefined
  role?: string[] | undefined
  stock_location_id?: string[] | undefined
  is_active?: boolean | undefined
}

const columns = (sql: ISql) => sql`
  member.user_id, email, first_name, last_name, role, is_active, stock_location_ids, pin_hash is not null as has_pin,
  (select mostrador.iso(locked_until) from mostrador.pin_failure where who = member.user_id and locked_until > now())
    as locked_until,
  mostrador.iso(member.created_at) as created_at, mostrador.iso(member.updated_at) as updated_at`

/** Whom Medusa does not know any more is none. */
const members = (sql: ISql) => sql`
  mostrador.staff_member member join "user" on "user".id = member.user_id and "user".deleted_at is null`

/** @returns a page, the oldest first, and how many there are in all */
export async function listStaff(
  sql: Sql,
  filter: StaffFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: StaffMember[]; count: number }> {
  const { user_id, role, stock_location_id, is_active } = filter
  const found = sql`
    from ${members(sql)} where (${user_id === undefined} or user_id = any(${user_id ?? []}))
      and (${role === undefined} or role = any(${role ?? []}))
      and (${stock_location_id === undefined} or stock_location_ids && ${stock_location_id ?? []})
      and (${is_active === undefined} or is_active = ${is_active ?? true})`
  const [rows, [all]] = await Promise.all([
    sql<StaffMember[]>`
      select ${columns(sql)} ${found} order by member.created_at, user_id limit ${limit} offset ${offset}`,
    sql<{ count: number }[]>`select count(*)::int as count ${found}`,
  ])
  return { rows, count: all?.count ?? 0 }
}

/** @returns undefined when he is none, or is no user of Medusa's any more */
export async function findStaff(sql: ISql, userId: string): Promise<StaffMember | undefined> {
  const [member] = await sql<StaffMember[]>`select ${columns(sql)} from ${members(sql)} where user_id = ${userId}`
  return member
}

/** @returns undefined for an administrator: a user who is no staff */
export async function standingOf(sql: ISql, userId: string): Promise<Standing | undefined> {
  const [standing] = await sql.unsafe<Standing[]>(STANDING, [userId], { prepare: true })
  return standing
}

/** The member, whom nobody else changes until the end of the transaction. @returns undefined when he is none */
export async function lockStaff(tx: TransactionSql, userId: string): Promise<StaffMember | undefined> {
  await tx`select from mostrador.staff_member where user_id = ${userId} for update`
  return await findStaff(tx, userId)
}

/**
 * Makes a user of Medusa's a member of staff.
 *
 * @param pin  null: he gets one later, or works at no till
 * @throws StaffRefused; nothing has been written then
 */
export async function addStaff(
  tx: TransactionSql,
  userId: string,
  { role, is_active, stock_location_ids }: StaffSettings,
  pin: string | null,
  by: By,
): Promise<StaffMember> {
  const pinHash = pin === null ? null : await hashPin(pin)
  const [user] = await tx`select id from "user" where id = ${userId} and deleted_at is null`
  if (!user) throw new StaffRefused("unknown_user", [userId])
  await requireLocations(tx, stock_location_ids)
  const added = await tx`
    insert into mostrador.staff_member (user_id, role, is_active, stock_location_ids, pin_hash)
    values (${userId}, ${role}, ${is_active}, ${stock_location_ids}, ${pinHash})
    on conflict do nothing returning user_id`
  if (added.length === 0) throw new StaffRefused("is_staff", [userId])
  const details = { role, is_active, stock_location_ids }
  await recordAudit(tx, { action: "staff.added", outcome: "done", actor: by, subject_id: userId, details })
  if (pin !== null) await recordAudit(tx, { action: "pin.set", outcome: "done", actor: by, subject_id: userId })
  return await written(tx, userId)
}

/**
 * Changes what is given. Who is signed in at a till has to sign in anew.
 *
 * @returns undefined when he is none
 * @throws StaffRefused; nothing has been written then
 */
export async function updateStaff(
  tx: TransactionSql,
  userId: string,
  change: Partial<StaffSettings>,
  by: By,
): Promise<StaffMember | undefined> {
  const before = await lockStaff(tx, userId)
  if (!before) return undefined
  const { role, is_active, stock_location_ids } = { ...before, ...change }
  if (change.stock_location_ids) await requireLocations(tx, change.stock_location_ids)
  await tx`
    update mostrador.staff_member set role = ${role}, is_active = ${is_active},
      stock_location_ids = ${stock_location_ids}, sessions_from = clock_timestamp(), updated_at = now()
    where user_id = ${userId}`
  const was = Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof StaffSettings]]))
  const details = { before: was, after: change }
  await recordAudit(tx, { action: "staff.changed", outcome: "done", actor: by, subject_id: userId, details })
  return await written(tx, userId)
}

/**
 * Takes somebody off the staff, who is an administrator then if he is a user still.
 *
 * @param makesAdministrator  that this is meant
 * @returns whether he was staff
 * @throws StaffRefused; nothing has been written then
 */
export async function removeStaff(
  tx: TransactionSql,
  userId: string,
  makesAdministrator: boolean,
  by: By,
): Promise<boolean> {
  const removed = await tx`delete from mostrador.staff_member where user_id = ${userId} returning user_id`
  if (removed.length === 0) return false
  const [user] = await tx`select id from "user" where id = ${userId} and deleted_at is null`
  if (user && !makesAdministrator) throw new StaffRefused("would_be_administrator", [userId])
  await forgive(tx, userId)
  await recordAudit(tx, { action: "staff.removed", outcome: "done", actor: by, subject_id: userId })
  return true
}

/**
 * Gives a member a PIN, and lets him try again if he was locked out. Who is signed in at a till with the old one has to
 * sign in anew.
 *
 * @param pin  null takes it from him
 * @returns undefined when he is none
 */
export async function setPin(
  tx: TransactionSql,
  userId: string,
  pin: string | null,
  by: By,
): Promise<StaffMember | undefined> {
  const pinHash = pin === null ? null : await hashPin(pin)
  if (!(await findStaff(tx, userId))) return undefined
  await tx`
    update mostrador.staff_member set pin_hash = ${pinHash}, sessions_from = clock_timestamp(), updated_at = now()
    where user_id = ${userId}`
  await forgive(tx, userId)
  const details = pin === null ? { removed: true } : {}
  await recordAudit(tx, { action: "pin.set", outcome: "done", actor: by, subject_id: userId, details })
  return await written(tx, userId)
}

async function written(tx: TransactionSql, userId: string): Promise<StaffMember> {
  const member = await findStaff(tx, userId)
  if (!member) throw new Error("a member that was written is there")
  return member
}

async function requireLocations(tx: TransactionSql, ids: readonly string[]): Promise<void> {
  const rows = await tx<{ id: string }[]>`
    select distinct asked.id from unnest(${ids as string[]}::text[]) asked (id)
    where not exists (select from stock_location it where it.id = asked.id and it.deleted_at is null)`
  if (rows.length > 0)
    throw new StaffRefused(
      "unknown_location",
      rows.map((it) => it.id),
    )
}
