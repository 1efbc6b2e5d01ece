import type { ISql, Sql, TransactionSql } from "postgres"
import { recordAudit } from "../../platform/audit/index.ts"
import { tokenHash } from "../../platform/auth/index.ts"
import { violated } from "../../platform/db/index.ts"
import { newId } from "../../platform/ids.ts"
import type { By } from "../staff/index.ts"
import { endDisallowed, endSessions, mayWorkThere } from "./sessions.ts"
import { type Till, TillRefused } from "./till.ts"

/** What the merchant says of a till. */
export type TillSettings = Pick<Till, "name" | "stock_location_id" | "channel_id" | "receipt_prefix">

/** Which tills; all, where nothing is said. */
export interface TillFilter {
  id?: string[] | undefined
  stock_location_id?: string[] | undefined
  channel_id?: string[] | undefined
  status?: string | undefined
}

const status = (sql: ISql) => sql`
  case when revoked_at is not null then 'revoked' when paired_at is not null then 'paired' else 'unpaired' end`

const columns = (sql: ISql) => sql`
  till.id, name, stock_location_id, channel_id, ${status(sql)} as status,
  case when pairing_expires_at > now() then mostrador.iso(pairing_expires_at) end as pairing_expires_at,
  mostrador.iso(paired_at) as paired_at, mostrador.iso(revoked_at) as revoked_at,
  receipt_prefix, last_receipt_number::float8 as last_receipt_number,
  (select json_build_object('user_id', session.user_id, 'signed_in_at', mostrador.iso(begun_at),
      'expires_at', mostrador.iso(expires_at))
    from mostrador.till_session session
    join mostrador.staff_member member on member.user_id = session.user_id and ${mayWorkThere(sql)}
      and session.begun_at >= member.sessions_from
    where till_id = till.id and ended_at is null and expires_at > now()) as cashier,
  mostrador.iso(till.created_at) as created_at, mostrador.iso(till.updated_at) as updated_at`

/** @returns a page, the oldest first, and how many there are in all */
export async function listTills(
  sql: Sql,
  filter: TillFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: Till[]; count: number }> {
  const { id, stock_location_id, channel_id } = filter
  const found = sql`
    from mostrador.till where (${id === undefined} or id = any(${id ?? []}))
      and (${stock_location_id === undefined} or stock_location_id = any(${stock_location_id ?? []}))
      and (${channel_id === undefined} or channel_id = any(${channel_id ?? []}))
      and (${filter.status === undefined} or ${status(sql)} = ${filter.status ?? ""})`
  const [rows, [all]] = await Promise.all([
    sql<Till[]>`select ${columns(sql)} ${found} order by till.created_at, id limit ${limit} offset ${offset}`,
    sql<{ count: number }[]>`select count(*)::int as count ${found}`,
  ])
  return { rows, count: all?.count ?? 0 }
}

export async function findTill(sql: ISql, id: string): Promise<Till | undefined> {
  const [till] = await sql<Till[]>`select ${columns(sql)} from mostrador.till where id = ${id}`
  return till
}

/**
 * @param settings.receipt_prefix  one is made where none is given
 * @param token  of a device that has it already; a till that is made without one is paired by a code
 * @throws TillRefused; then nothing of the transaction may be committed
 */
export async function createTill(
  tx: TransactionSql,
  settings: Omit<TillSettings, "receipt_prefix"> & Partial<TillSettings>,
  by: By,
  token?: string,
): Promise<Till> {
  const id = newId("till")
  const { name, stock_location_id, channel_id, receipt_prefix = id.slice(-6) } = settings
  const hash = token === undefined ? null : tokenHash(token)
  await requireFitting(tx, settings)
  await tx`
    insert into mostrador.till (id, name, stock_location_id, channel_id, receipt_prefix, token_hash, paired_at)
    values (${id}, ${name}, ${stock_location_id}, ${channel_id}, ${receipt_prefix}, ${hash},
      case when ${hash !== null} then now() end)`.catch(refusing)
  await recordAudit(tx, {
    ...{ action: "till.added", outcome: "done", actor: by, channel_id, till_id: id, subject_id: id },
  })
  return await written(tx, id)
}

/**
 * Changes what is given; what is not need not fit any more (Medusa may have deleted the location). A receipt that was
 * printed keeps its prefix, so the prefix stays then. Who is signed in is signed out when the till is moved to where he may
 * not work.
 *
 * @returns undefined when there is no such till
 * @throws TillRefused; then nothing of the transaction may be committed
 */
export async function updateTill(
  tx: TransactionSql,
  id: string,
  change: Partial<TillSettings>,
  by: By,
): Promise<Till | undefined> {
  await tx`select from mostrador.till where id = ${id} for update`
  const before = await findTill(tx, id)
  if (!before) return undefined
  const { name, stock_location_id, channel_id, receipt_prefix } = { ...before, ...change }
  await requireFitting(tx, change)
  if (receipt_prefix !== before.receipt_prefix && before.last_receipt_number > 0) throw new TillRefused("has_receipts")
  await tx`
    update mostrador.till set name = ${name}, stock_location_id = ${stock_location_id}, channel_id = ${channel_id},
      receipt_prefix = ${receipt_prefix}, updated_at = now() where id = ${id}`.catch(refusing)
  await endDisallowed(tx, id)
  const was = Object.fromEntries(Object.keys(change).map((it) => [it, before[it as keyof TillSettings]]))
  await recordAudit(tx, {
    ...{ action: "till.changed", outcome: "done", actor: by, channel_id, till_id: id, subject_id: id },
    details: { before: was, after: change },
  })
  return await written(tx, id)
}

/**
 * Deletes a till that never printed a receipt; one that has is revoked instead, so that no other gets its numbers.
 *
 * @returns whether there was one
 * @throws TillRefused; nothing has been written then
 */
export async function removeTill(tx: TransactionSql, id: string, by: By): Promise<boolean> {
  const [till] = await tx<{ last: number }[]>`
    select last_receipt_number::float8 as last from mostrador.till where id = ${id} for update`
  if (!till) return false
  if (till.last > 0) throw new TillRefused("has_receipts")
  await tx`delete from mostrador.till where id = ${id}`
  await recordAudit(tx, { action: "till.removed", outcome: "done", actor: by, till_id: id, subject_id: id })
  return true
}

/**
 * Shuts out the device that has the till, and who is signed in at it. A new code lets a device in again.
 *
 * @returns undefined when there is no such till
 */
export async function revokeTill(tx: TransactionSql, id: string, by: By): Promise<Till | undefined> {
  const revoked = await tx`
    update mostrador.till set revoked_at = coalesce(revoked_at, now()), pairing_code_hash = null,
      pairing_expires_at = null, updated_at = now() where id = ${id} returning id`
  if (revoked.length === 0) return undefined
  await endSessions(tx, id, "till_revoked")
  await recordAudit(tx, { action: "till.revoked", outcome: "done", actor: by, till_id: id, subject_id: id })
  return await written(tx, id)
}

async function requireFitting(
  tx: TransactionSql,
  { stock_location_id, channel_id }: Partial<TillSettings>,
): Promise<void> {
  if (stock_location_id !== undefined) {
    const [location] = await tx`select id from stock_location where id = ${stock_location_id} and deleted_at is null`
    if (!location) throw new TillRefused("unknown_location")
  }
  if (channel_id === undefined) return
  // Shared with others who do this, and with nobody who changes its kind meanwhile.
  const [channel] = await tx<{ kind: string }[]>`select kind from mostrador.channel where id = ${channel_id} for share`
  if (!channel) throw new TillRefused("unknown_channel")
  if (channel.kind !== "pos") throw new TillRefused("channel_not_pos")
}

async function written(tx: TransactionSql, id: string): Promise<Till> {
  const till = await findTill(tx, id)
  if (!till) throw new Error("a till that was written is there")
  return till
}

function refusing(error: unknown): never {
  const name = violated(error)
  if (name === "till_name_index") throw new TillRefused("name_taken")
  if (name === "till_receipt_prefix_index") throw new TillRefused("prefix_taken")
  throw error
}
