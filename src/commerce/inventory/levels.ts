import type { Sql } from "postgres"

/** What a location has of an item, in units of the item. */
export interface InventoryLevel {
  inventory_item_id: string
  sku: string | null
  location_id: string
  stocked_quantity: number
  /** All that is reserved: for orders, and what is held. */
  reserved_quantity: number
  /** Of what is reserved: for carts that are being paid. */
  held_quantity: number
  available_quantity: number
}

/** Any of the values; all of the filters. */
export interface LevelFilter {
  inventory_item_id?: readonly string[] | undefined
  variant_id?: readonly string[] | undefined
  location_id?: readonly string[] | undefined
}

/**
 * Lists levels by item and location.
 *
 * @returns a page, and how many there are in all
 */
export async function listLevels(
  sql: Sql,
  { inventory_item_id, variant_id, location_id }: LevelFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: InventoryLevel[]; count: number }> {
  const among = (column: string, values: readonly string[] | undefined) =>
    values ? sql`and ${sql(column)} = any(${[...values]})` : sql``
  const ofVariants = variant_id
    ? sql`and level.inventory_item_id in (
        select inventory_item_id from product_variant_inventory_item
        where variant_id = any(${[...variant_id]}) and deleted_at is null)`
    : sql``
  const from = sql`
    from inventory_level level
    join inventory_item item on item.id = level.inventory_item_id and item.deleted_at is null
    where level.deleted_at is null ${among("level.inventory_item_id", inventory_item_id)}
      ${among("level.location_id", location_id)} ${ofVariants}`
  const [rows, [all]] = await Promise.all([
    sql<InventoryLevel[]>`
      select found.*, coalesce((
        -- Until it is an order's, a reservation is for a line of a cart.
        select sum(held.quantity) from reservation_item held
        where held.inventory_item_id = found.inventory_item_id and held.location_id = found.location_id
          and held.deleted_at is null and held.line_item_id like 'cali\\_%'), 0)::float8 as held_quantity
      from (
        select level.inventory_item_id, item.sku, level.location_id,
          level.stocked_quantity::float8 as stocked_quantity, level.reserved_quantity::float8 as reserved_quantity,
          (level.stocked_quantity - level.reserved_quantity)::float8 as available_quantity
        ${from} order by level.inventory_item_id, level.location_id limit ${limit} offset ${offset}
      ) found order by found.inventory_item_id, found.location_id`,
    sql<{ count: number }[]>`select count(*)::int as count ${from}`,
  ])
  return { rows, count: all?.count ?? 0 }
}
