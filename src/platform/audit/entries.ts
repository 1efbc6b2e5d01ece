import type { ISql, Sql } from "postgres"
import { newId } from "../ids.ts"

export const AUDIT_ACTIONS = [
  ...["staff.added", "staff.changed", "staff.removed", "pin.set", "pin.wrong", "pin.locked"],
  ...["till.added", "till.changed", "till.removed", "till.pairing_code_made", "till.paired", "till.pairing_refused"],
  ...["till.revoked", "till.refused", "session.begun", "session.ended", "session.refused"],
  ...["role.refused", "place.refused", "customer.found", "cart.reached", "cart.refused", "sale.paid", "sale.invoiced"],
] as const
export const AUDIT_OUTCOMES = ["done", "refused"] as const
export const AUDIT_ACTORS = ["user", "cashier", "agent", "till", "unknown"] as const

/** Something to be remembered. */
export interface NewAuditEntry {
  action: (typeof AUDIT_ACTIONS)[number]
  outcome: (typeof AUDIT_OUTCOMES)[number]
  /** A user of Medusa's (null: its session or key does not say who), a cashier, an agent, a device, or nobody known. */
  actor: { type: (typeof AUDIT_ACTORS)[number]; id: string | null }
  channel_id?: string | null
  till_id?: string | null
  /** Whom or what it was done to. */
  subject_id?: string | null
  /** Nothing that opens anything. */
  details?: Record<string, unknown>
}

export interface AuditEntry extends Required<NewAuditEntry> {
  id: string
  /** ISO. */
  at: string
}

/** Remembers something; what is done, in the transaction that does it. */
export async function recordAudit(sql: ISql, entry: NewAuditEntry): Promise<void> {
  const { action, outcome, actor, channel_id = null, till_id = null, subject_id = null, details = {} } = entry
  await sql`
    insert into mostrador.audit_entry
      (id, action, outcome, actor_type, actor_id, channel_id, till_id, subject_id, details)
    values (${newId("aud")}, ${action}, ${outcome}, ${actor.type}, ${actor.id}, ${channel_id}, ${till_id}, ${subject_id},
      ${JSON.stringify(details)}::text::jsonb)`
}

/** Remembers a refusal that a device may ask for many times a minute: the same one once a minute. */
export async function recordRefusal(sql: Sql, entry: Omit<NewAuditEntry, "outcome">): Promise<void> {
  const { action, actor, till_id = null, subject_id = null, details = {} } = entry
  const [known] = await sql`
    select id from mostrador.audit_entry where at > now() - interval '1 minute' and action = ${action}
      and actor_type = ${actor.type} and actor_id is not distinct from ${actor.id}
      and till_id is not distinct from ${till_id} and subject_id is not distinct from ${subject_id}
      and details = ${JSON.stringify(details)}::text::jsonb limit 1`
  if (!known) await recordAudit(sql, { ...entry, outcome: "refused" })
}

/** Which entries; all, where nothing is said. */
export interface AuditFilter {
  action?: string[] | undefined
  outcome?: string | undefined
  actor_id?: string[] | undefined
  channel_id?: string[] | undefined
  till_id?: string[] | undefined
  subject_id?: string[] | undefined
  /** ISO; from then on, and before. */
  since?: string | undefined
  until?: string | undefined
}

/** @returns a page, the newest first, and how many there are in all */
export async function listAudit(
  sql: Sql,
  filter: AuditFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: AuditEntry[]; count: number }> {
  const { action, outcome, actor_id, channel_id, till_id, subject_id, since, until } = filter
  const found = sql`
    from mostrador.audit_entry entry where at >= coalesce(${since ?? null}::text::timestamptz, '-infinity')
      and at < coalesce(${until ?? null}::text::timestamptz, 'infinity')
      and (${outcome === undefined} or outcome = ${outcome ?? ""})
      and (${action === undefined} or action = any(${action ?? []}))
      and (${actor_id === undefined} or actor_id = any(${actor_id ?? []}))
      and (${channel_id === undefined} or channel_id = any(${channel_id ?? []}))
      and (${till_id === undefined} or till_id = any(${till_id ?? []}))
      and (${subject_id === undefined} or subject_id = any(${subject_id ?? []}))`
  const [rows, [all]] = await Promise.all([
    sql<AuditEntry[]>`
      select id, mostrador.iso(at) as at, action, outcome, json_build_object('type', actor_type, 'id', actor_id) as actor,
        channel_id, till_id, subject_id, details
      ${found} order by entry.at desc, id desc limit ${limit} offset ${offset}`,
    sql<{ count: number }[]>`select count(*)::int as count ${found}`,
  ])
  return { rows, count: all?.count ?? 0 }
}
