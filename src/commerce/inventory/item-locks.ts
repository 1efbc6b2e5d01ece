import type { TransactionSql } from "postgres"
import { lockKeys } from "../../medusa/locks/keys.ts"

/**
 * Makes this transaction the only one that reserves these items until it ends, Medusa's own included: its workflows hold
 * the same advisory locks (see `src/medusa/locks`). Then locks the levels, too, against who writes them without asking
 * for a lock: the dashboard's `stocked_quantity`, a plugin, plain SQL.
 *
 * Everybody locks in one order: items by key, then levels by item and location. Who needs several sets of items in one
 * transaction locks all of them at first.
 */
export async function lockItems(tx: TransactionSql, itemIds: readonly string[]): Promise<void> {
  if (itemIds.length === 0) return
  // Sent at once, also with what the caller sends next: one round trip, and yet each begins, and sees, after the last.
  await Promise.all([
    tx`select pg_advisory_xact_lock(key) from unnest(${lockKeys(itemIds)}::bigint[]) key`.execute(),
    tx`
      select from inventory_level where inventory_item_id = any(${[...itemIds]}) and deleted_at is null
      order by inventory_item_id, location_id for update`.execute(),
  ])
}

/** The items that variants are made of. */
export async function itemsOfVariants(tx: TransactionSql, variantIds: readonly string[]): Promise<string[]> {
  const rows = await tx<{ inventory_item_id: string }[]>`
    select distinct inventory_item_id from product_variant_inventory_item
    where variant_id = any(${[...variantIds]}) and deleted_at is null`
  return rows.map((it) => it.inventory_item_id)
}

/** Which reservations: their own ids, or those of their lines. */
export type Reserved = { reservation_ids: readonly string[] } | { line_item_ids: readonly string[] }

/** The condition that finds them in `reservation_item`. */
export const these = (tx: TransactionSql, reserved: Reserved) =>
  "line_item_ids" in reserved
    ? tx`line_item_id = any(${[...reserved.line_item_ids]})`
    : tx`id = any(${[...reserved.reservation_ids]})`

/** The items that are reserved. */
export async function itemsOfReservations(tx: TransactionSql, reserved: Reserved): Promise<string[]> {
  const rows = await tx<{ inventory_item_id: string }[]>`
    select distinct inventory_item_id from reservation_item where ${these(tx, reserved)} and deleted_at is null`
  return rows.map((it) => it.inventory_item_id)
}
