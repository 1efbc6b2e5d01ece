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
 * @param needs  by variant
 * @returns by variant; null for one that no inventory item is linked to
 * @source Medusa 2.21 `utils/dist/product/get-variant-availability.js`
 */
export async function channelAvailability(
  sql: Sql,
  needs: ReadonlyMap<string, readonly InventoryNeed[]>,
  salesChannelId: string,
): Promise<Map<string, number | null>> {
  const items = [...new Set([...needs.values()].flatMap((need) => need.map((it) => it.inventory_item_id)))]
  const rows =
    items.length === 0
      ? []
      : await sql<{ inventory_item_id: string; available: number }[]>`
          select level.inventory_item_id, sum(level.stocked_quantity - level.reserved_quantity)::float8 as available
          from inventory_level level
          join inventory_item item on item.id = level.inventory_item_id and item.deleted_at is null
          where level.inventory_item_id = any(${items}) and level.deleted_at is null
            and level.location_id in (
              select stock_location_id from sales_channel_stock_location
              where sales_channel_id = ${salesChannelId} and deleted_at is null)
          group by level.inventory_item_id`
  const available = new Map(rows.map((row) => [row.inventory_item_id, row.available]))
  const sellable = (need: readonly InventoryNeed[]) =>
    need.length === 0
      ? null
      : Math.min(...need.map((it) => Math.floor((available.get(it.inventory_item_id) ?? 0) / it.required_quantity)))
  return new Map([...needs].map(([variant, need]) => [variant, sellable(need)]))
}
