import type { ISql, Sql, TransactionSql } from "postgres"
import { violated } from "../../platform/db/index.ts"
import { newId } from "../../platform/ids.ts"
import type { Channel } from "./channel.ts"

/** What the merchant says of a channel. */
export type ChannelSettings = Omit<Channel, "id" | "created_at" | "updated_at">

/** It does not fit what there is. Nothing has been written. */
export class ChannelRefused extends Error {
  constructor(
    readonly code: "unknown_sales_channel" | "unknown_key" | "key_elsewhere" | "name_taken" | "key_taken" | "has_tills",
  ) {
    super(`The channel is refused: ${code}`)
  }
}

/** Which channels; all, where nothing is said. */
export interface ChannelFilter {
  id?: string[] | undefined
  kind?: string[] | undefined
  sales_channel_id?: string[] | undefined
  is_active?: boolean | undefined
}

const columns = (sql: ISql) => sql`
  id, name, kind, sales_channel_id, publishable_key_id, may, is_active,
  mostrador.iso(created_at) as created_at, mostrador.iso(updated_at) as updated_at`

/** Every channel, the oldest first. */
export const allChannels = async (sql: Sql): Promise<Channel[]> =>
  await sql<Channel[]>`select ${columns(sql)} from mostrador.channel order by created_at, id`

/** @returns a page, the oldest first, and how many there are in all */
export async function listChannels(
  sql: Sql,
  filter: ChannelFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: Channel[]; count: number }> {
  const { id, kind, sales_channel_id, is_active } = filter
  const found = sql`
    from mostrador.channel where (${id === undefined} or id = any(${id ?? []}))
      and (${kind === undefined} or kind = any(${kind ?? []}))
      and (${sales_channel_id === undefined} or sales_channel_id = any(${sales_channel_id ?? []}))
      and (${is_active === undefined} or is_active = ${is_active ?? true})`
  const [rows, [all]] = await Promise.all([
    sql<Channel[]>`select ${columns(sql)} ${found} order by channel.created_at, id limit ${limit} offset ${offset}`,
    sql<{ count: number }[]>`select count(*)::int as count ${found}`,
  ])
  return { rows, count: all?.count ?? 0 }
}

/** @throws ChannelRefused; then nothing of the transaction may be committed */
export async function createChannel(tx: TransactionSql, settings: ChannelSettings): Promise<Channel> {
  await requireFitting(tx, settings)
  const { name, kind, sales_channel_id, publishable_key_id, may, is_active } = settings
  const rows = await tx<Channel[]>`
    insert into mostrador.channel (id, name, kind, sales_channel_id, publishable_key_id, may, is_active)
    values (${newId("chan")}, ${name}, ${kind}, ${sales_channel_id}, ${publishable_key_id}, ${may}, ${is_active})
    returning ${columns(tx)}`.catch(refusing)
  return one(rows)
}

/**
 * Changes what is given. What is not need not fit any more: a channel of which Medusa has deleted the sales channel, or
 * revoked the key, can still be closed.
 *
 * @returns undefined when there is no such channel
 * @throws ChannelRefused; then nothing of the transaction may be committed
 */
export async function updateChannel(
  tx: TransactionSql,
  id: string,
  change: Partial<ChannelSettings>,
): Promise<Channel | undefined> {
  const [before] = await tx<Channel[]>`select ${columns(tx)} from mostrador.channel where id = ${id} for update`
  if (!before) return undefined
  const after = { ...before, ...change }
  if (change.sales_channel_id !== undefined || change.publishable_key_id !== undefined) await requireFitting(tx, after)
  if (after.kind !== "pos") {
    const [till] = await tx`select id from mostrador.till where channel_id = ${id} limit 1`
    if (till) throw new ChannelRefused("has_tills")
  }
  const { name, kind, sales_channel_id, publishable_key_id, may, is_active } = after
  const rows = await tx<Channel[]>`
    update mostrador.channel set name = ${name}, kind = ${kind}, sales_channel_id = ${sales_channel_id},
      publishable_key_id = ${publishable_key_id}, may = ${may}, is_active = ${is_active}, updated_at = now()
    where id = ${id} returning ${columns(tx)}`.catch(refusing)
  return one(rows)
}

/**
 * @returns whether there was one
 * @throws ChannelRefused when a till is of it; then nothing of the transaction may be committed
 */
export async function removeChannel(tx: TransactionSql, id: string): Promise<boolean> {
  const removed = await tx`delete from mostrador.channel where id = ${id} returning id`.catch(refusing)
  return removed.length > 0
}

/** A key must open the sales channel: else carts of the channel would be another's. */
async function requireFitting(tx: TransactionSql, settings: ChannelSettings): Promise<void> {
  const { sales_channel_id: channel, publishable_key_id: key } = settings
  const [found] = await tx<{ has_channel: boolean; has_key: boolean; opens: boolean }[]>`
    select
      exists (select from sales_channel where id = ${channel} and deleted_at is null) as has_channel,
      exists (
        select from api_key where id = ${key} and type = 'publishable' and deleted_at is null
          and (revoked_at is null or revoked_at > now())) as has_key,
      exists (
        select from publishable_api_key_sales_channel
        where publishable_key_id = ${key} and sales_channel_id = ${channel} and deleted_at is null) as opens`
  if (!found?.has_channel) throw new ChannelRefused("unknown_sales_channel")
  if (key === null) return
  if (!found.has_key) throw new ChannelRefused("unknown_key")
  if (!found.opens) throw new ChannelRefused("key_elsewhere")
}

function refusing(error: unknown): never {
  const name = violated(error)
  if (name === "channel_name_index") throw new ChannelRefused("name_taken")
  if (name === "channel_key_index") throw new ChannelRefused("key_taken")
  if (name === "till_channel_id_channel_id_fk") throw new ChannelRefused("has_tills")
  throw error
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows
  if (!row) throw new Error("a row that was written is answered")
  return row
}
