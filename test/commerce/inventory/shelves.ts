import type { Sql } from "postgres"
import type { Source, StockLine } from "../../../src/commerce/inventory/index.ts"
import { newId } from "../../../src/platform/ids.ts"

/** Units of an item at locations, by their names. */
export type Units = Record<string, number>

/** What the tests of stock are about: locations, channels and variants made of items, all their own. */
export interface Shelves {
  source: Source
  /** Ids by name. */
  locations: Record<string, string>
  channels: string[]
  /** Puts a new item on the shelves. */
  item(units: Units): Promise<string>
  /** A new variant of so many of each item. */
  variant(
    parts: Record<string, number>,
    flags?: { manage_inventory?: boolean; allow_backorder?: boolean },
  ): Promise<string>
  keep(location: string, variantId: string, quantity: number): Promise<void>
  /** By location's name: what is stocked and reserved of an item, and the sum of its live reservations. */
  state(itemId: string): Promise<Record<string, { stocked: number; reserved: number; live: number }>>
  /** What of all items is reserved where levels and reservations do not agree, or more than there is. */
  mistakes(): Promise<readonly unknown[]>
}

const raw = (value: number) => JSON.stringify({ value: String(value), precision: 20 })

/**
 * @param names     of locations, in the order in which they come to keep items
 * @param channels  how many channels there are; all ship from all locations
 */
export async function openShelves(sql: Sql, names = ["madrid", "bilbao"], channels = 1): Promise<Shelves> {
  const locations = Object.fromEntries(names.map((name) => [name, newId("sloc")]))
  const channelIds = Array.from({ length: channels }, () => newId("sc"))
  const nameOf = new Map(Object.entries(locations).map(([name, id]) => [id, name]))
  const items: string[] = []
  for (const [name, id] of Object.entries(locations)) {
    await sql`insert into stock_location (id, name) values (${id}, ${name})`
  }
  for (const channel of channelIds) {
    await sql`insert into sales_channel (id, name) values (${channel}, ${channel})`
    for (const location of Object.values(locations)) {
      await sql`
        insert into sales_channel_stock_location (id, sales_channel_id, stock_location_id)
        values (${newId("scloc")}, ${channel}, ${location})`
    }
  }
  return {
    source: { sales_channel_id: channelIds[0] ?? "" },
    locations,
    channels: channelIds,
    async item(units) {
      const id = newId("iitem")
      items.push(id)
      await sql`insert into inventory_item (id) values (${id})`
      for (const [at, name] of names.entries()) {
        if (units[name] === undefined) continue
        // Ids made within a millisecond have no order: these have one.
        await sql`
          insert into inventory_level (id, inventory_item_id, location_id, stocked_quantity, raw_stocked_quantity,
            reserved_quantity, raw_reserved_quantity)
          values (${`ilev_${at}_${id}`}, ${id}, ${locations[name] ?? ""}, ${units[name]}, ${raw(units[name])}::text::jsonb,
            0, ${raw(0)}::text::jsonb)`
      }
      return id
    },
    async variant(parts, { manage_inventory = true, allow_backorder = false } = {}) {
      const id = newId("variant")
      await sql`
        insert into product_variant (id, title, manage_inventory, allow_backorder)
        values (${id}, ${id}, ${manage_inventory}, ${allow_backorder})`
      for (const [item, quantity] of Object.entries(parts)) {
        await sql`
          insert into product_variant_inventory_item (id, variant_id, inventory_item_id, required_quantity)
          values (${newId("pvitem")}, ${id}, ${item}, ${quantity})`
      }
      return id
    },
    async keep(location, variantId, quantity) {
      await sql`
        insert into mostrador.safety_stock (location_id, variant_id, quantity)
        values (${locations[location] ?? ""}, ${variantId}, ${quantity})`
    },
    async state(itemId) {
      const rows = await sql<{ location_id: string; stocked: number; reserved: number; live: number }[]>`
        select location_id, stocked_quantity::float8 as stocked, reserved_quantity::float8 as reserved,
          (select coalesce(sum(quantity), 0)::float8 from reservation_item it
            where it.inventory_item_id = level.inventory_item_id and it.location_id = level.location_id
              and it.deleted_at is null) as live
        from inventory_level level where inventory_item_id = ${itemId} and deleted_at is null`
      return Object.fromEntries(rows.map(({ location_id, ...it }) => [nameOf.get(location_id) ?? location_id, it]))
    },
    async mistakes() {
      return await sql`
        select level.id, stocked_quantity, reserved_quantity, raw_reserved_quantity, sum(it.quantity) as live
        from inventory_level level
        left join reservation_item it on it.inventory_item_id = level.inventory_item_id
          and it.location_id = level.location_id and it.deleted_at is null
        where level.inventory_item_id = any(${items})
        group by level.id
        having reserved_quantity <> coalesce(sum(it.quantity), 0)
          or (raw_reserved_quantity->>'value')::numeric <> reserved_quantity or reserved_quantity > stocked_quantity`
    },
  }
}

/** A line of an order, with an id of its own. */
export const line = (variant_id: string, quantity: number): StockLine & { line_item_id: string } => ({
  line_item_id: newId("ordli"),
  variant_id,
  quantity,
})
