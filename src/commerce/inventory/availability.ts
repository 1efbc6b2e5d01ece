import type { Sql } from "postgres"

/** What one unit of a variant takes out of stock. */
export interface InventoryNeed {
  inventory_item_id: string
  required_quantity: number
}

/**
 * How many of each variant a sales channel can sell: what its locations have that is not reserved, and of a kit as many
 * as its scarcest part allows.
 *
 * Levels of a deleted item are deleted with it (Medusa's cascade), so that the item itself need not be asked.
 *
 * @param needs        by variant
 * @param locationIds  those that the channel sells from
 * @returns by variant; null for one that no inventory item is linked to
 * @source Medusa 2.21 `utils/dist/product/get-variant-availability.js`
 */
export async function channelAvailability(
  sql: Sql,
  needs: ReadonlyMap<string, readonly InventoryNeed[]>,
  locationIds: readonly string[],
): Promise<Map<string, number | null>> {
  const items = [...new Set([...needs.values()].flatMap((need) => need.map((it) => it.inventory_item_id)))]
  const rows =
    items.length === 0
      ? []
      : await sql<{ inventory_item_id: string; available: number }[]>`
          select inventory_item_id, sum(stocked_quantity - reserved_quantity)::float8 as available
          from inventory_level
          where inventory_item_id = any(${items}) and location_id = any(${[...locationIds]}) and deleted_at is null
          group by inventory_item_id`
  const available = new Map(rows.map((row) => [row.inventory_item_id, row.available]))
  const sellable = (need: readonly InventoryNeed[]) =>
    need.length === 0
      ? null
      : Math.min(...need.map((it) => Math.floor((available.get(it.inventory_item_id) ?? 0) / it.required_quantity)))
  return new Map([...needs].map(([variant, need]) => [variant, sellable(need)]))
}
