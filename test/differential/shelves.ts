import type { Sql } from "postgres"

/** More than any file's tests order. */
const PLENTY = 10_000

/**
 * Fills all shelves, since the tests of many files sell from the same ones. They count what is reserved, too, and what
 * Medusa does for staff leaves a shelf with another number than its reservations add up to.
 *
 * @returns what leaves as much to be sold as there was, and as much reserved as there are reservations
 */
export async function fillShelves(sql: Sql): Promise<() => Promise<void>> {
  const before = await sql<{ id: string; left: number }[]>`
    select id, (stocked_quantity - reserved_quantity)::float8 as left from inventory_level where deleted_at is null`
  await sql`
    update inventory_level set stocked_quantity = stocked_quantity + ${PLENTY}::int,
      raw_stocked_quantity = jsonb_build_object('value', (stocked_quantity + ${PLENTY}::int)::text, 'precision', 20)`
  return async () => {
    for (const { id, left } of before) {
      await sql`
        with reserved as (
          select coalesce(sum(item.quantity), 0) as units from reservation_item item join inventory_level level
            on level.inventory_item_id = item.inventory_item_id and level.location_id = item.location_id
          where level.id = ${id} and item.deleted_at is null)
        update inventory_level set
          reserved_quantity = units, raw_reserved_quantity = jsonb_build_object('value', units::text, 'precision', 20),
          stocked_quantity = units + ${left}::numeric,
          raw_stocked_quantity = jsonb_build_object('value', (units + ${left}::numeric)::text, 'precision', 20)
        from reserved where id = ${id}
          and (reserved_quantity, stocked_quantity) is distinct from (units, units + ${left}::numeric)`
    }
  }
}
