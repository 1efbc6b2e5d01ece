import type { Sql } from "postgres"
import type { InventoryNeed } from "./availability.ts"

/** A stock location with what is left of a variant's parts there. */
export interface LocationStock {
  id: string
  name: string
  metadata: Record<string, unknown> | null
  address: LocationAddress | null
  /** Units of the variant that the location keeps back. */
  safety_stock: number
  /** Not reserved, by inventory item; an item that is not kept there is missing. */
  left: Record<string, number>
}

export interface LocationAddress {
  address_1: string
  address_2: string | null
  company: string | null
  city: string | null
  province: string | null
  postal_code: string | null
  country_code: string
  phone: string | null
}

/** The stock locations from which a sales channel ships, with their stock of one variant, by name. */
export async function readLocations(
  sql: Sql,
  variantId: string,
  needs: readonly InventoryNeed[],
  salesChannelId: string,
): Promise<LocationStock[]> {
  return await sql<LocationStock[]>`
    select location.id, location.name, location.metadata,
      case when address.id is not null then json_build_object(
        'address_1', address.address_1, 'address_2', address.address_2, 'company', address.company,
        'city', address.city, 'province', address.province, 'postal_code', address.postal_code,
        'country_code', address.country_code, 'phone', address.phone) end as address,
      coalesce(kept.quantity, 0) as safety_stock,
      coalesce((
        select json_object_agg(level.inventory_item_id, (level.stocked_quantity - level.reserved_quantity)::float8)
        from inventory_level level
        join inventory_item item on item.id = level.inventory_item_id and item.deleted_at is null
        where level.location_id = location.id and level.deleted_at is null
          and level.inventory_item_id = any(${needs.map((it) => it.inventory_item_id)})), '{}'::json) as left
    from sales_channel_stock_location ships
    join stock_location location on location.id = ships.stock_location_id and location.deleted_at is null
    left join stock_location_address address on address.id = location.address_id and address.deleted_at is null
    left join mostrador.safety_stock kept on kept.location_id = location.id and kept.variant_id = ${variantId}
    where ships.sales_channel_id = ${salesChannelId} and ships.deleted_at is null
    order by location.name, location.id`
}

/**
 * How many of a variant can be had: at each location, and from all of them together, where the parts of a kit may come
 * from several. What a location keeps back is taken off, which Medusa's `inventory_quantity` does not know.
 *
 * @returns null for a variant that no inventory item is linked to
 */
export function offered(
  needs: readonly InventoryNeed[],
  locations: readonly LocationStock[],
): { total: number; at: Map<string, number> } | null {
  if (needs.length === 0) return null
  const at = new Map(
    locations.map(({ id, left, safety_stock }) => {
      const whole = Math.min(...needs.map((it) => Math.floor((left[it.inventory_item_id] ?? 0) / it.required_quantity)))
      return [id, Math.max(whole - safety_stock, 0)]
    }),
  )
  const together = needs.map(({ inventory_item_id, required_quantity }) => {
    const offeredAt = locations.map(({ left, safety_stock }) =>
      Math.floor(Math.max((left[inventory_item_id] ?? 0) - safety_stock * required_quantity, 0)),
    )
    return Math.floor(offeredAt.reduce((sum, it) => sum + it, 0) / required_quantity)
  })
  return { total: Math.min(...together), at }
}
