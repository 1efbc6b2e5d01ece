import type { Sql } from "postgres"
import { releaseExpired } from "../../../src/commerce/checkout/index.ts"
import { release } from "../../../src/commerce/inventory/index.ts"
import { demo } from "../../support/counter.ts"

const items = (sql: Sql) => sql`
  select inventory_item_id from product_variant_inventory_item
  where variant_id = ${demo().variants.scarce} and deleted_at is null`

/** The levels of what is scarce, which is one item. */
export const levelsOfScarce = (sql: Sql) => sql`
  select id from inventory_level where inventory_item_id in (${items(sql)}) and deleted_at is null`

/** Leaves so many of what is scarce, all at one place. */
export async function leaveScarce(sql: Sql, units: number): Promise<void> {
  const left = sql`reserved_quantity + case when id = (select min(id) from (${levelsOfScarce(sql)}) it) then ${units}::int else 0 end`
  await sql`
    update inventory_level set stocked_quantity = ${left},
      raw_stocked_quantity = jsonb_build_object('precision', 20, 'value', (${left})::text)
    where id in (${levelsOfScarce(sql)})`
}

/**
 * Remembers how much there is of what is scarce: other files' tests have the same shop.
 *
 * @returns what gives back all that was held or ordered of it meanwhile, and puts there again what there was
 */
export async function keepScarce(sql: Sql): Promise<() => Promise<void>> {
  const [row] = await sql<{ since: string }[]>`select clock_timestamp()::text as since`
  const since = row?.since ?? ""
  const before = await sql<{ id: string; stocked_quantity: string; raw: string }[]>`
    select id, stocked_quantity, raw_stocked_quantity::text as raw from inventory_level
    where id in (${levelsOfScarce(sql)})`
  return async () => {
    await sql`update mostrador.stock_hold set expires_at = now()`
    await releaseExpired(sql)
    const ordered = await sql<{ id: string }[]>`
      select id from reservation_item
      where inventory_item_id in (${items(sql)}) and created_at >= ${since} and deleted_at is null`
    await sql.begin((tx) => release(tx, { reservation_ids: ordered.map((it) => it.id) }))
    for (const { id, stocked_quantity, raw } of before) {
      await sql`
        update inventory_level set stocked_quantity = ${stocked_quantity}, raw_stocked_quantity = ${raw}::text::jsonb
        where id = ${id}`
    }
  }
}
