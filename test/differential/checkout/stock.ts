import type { Sql } from "postgres"
import { release } from "../../../src/commerce/inventory/index.ts"
import { demo } from "../../support/counter.ts"

const scarce = (sql: Sql) => sql`
  select inventory_item_id from product_variant_inventory_item
  where variant_id = ${demo().variants.scarce} and deleted_at is null`

/**
 * Gives back what was ordered of what is scarce: other files' tests have the same shop.
 *
 * @param since  when the tests began; ISO
 */
export async function giveBackScarce(sql: Sql, since: string): Promise<void> {
  const rows = await sql<{ id: string }[]>`
    select id from reservation_item
    where inventory_item_id in (${scarce(sql)}) and created_at >= ${since} and deleted_at is null`
  await sql.begin((tx) => release(tx, { reservation_ids: rows.map((it) => it.id) }))
}
