import type { TransactionSql } from "postgres"
import type { PublicPriceLists } from "./document.ts"

/**
 * Price lists begin and end by the clock, which changes no row. So what the index shows is written down, compared with
 * what is active by now, and products with prices in a list that has come or gone are indexed again. The other way (a
 * price for each list in the index, chosen when somebody searches) would make every search pay for it: sorting by price
 * then compares a sum of lists for each of 100,000 products, and Meilisearch could not do it at all.
 */
export async function readPublicPriceLists(tx: TransactionSql): Promise<PublicPriceLists> {
  const rows = await tx<{ id: string; type: "sale" | "override" }[]>`select id, type from mostrador.search_price_list`
  return new Map(rows.map(({ id, type }) => [id, { type }]))
}

/**
 * Takes over which price lists are public now, and marks the products that this concerns. Needs the index's turn.
 *
 * @returns whether there was anything new
 */
export async function takeOverPriceLists(tx: TransactionSql): Promise<boolean> {
  const changed = await tx<{ id: string }[]>`
    with active as (
      select id, type from price_list
      where deleted_at is null and status = 'active' and coalesce(rules_count, 0) = 0
        and (starts_at is null or starts_at <= now()) and (ends_at is null or ends_at >= now())
        and not exists (select from price_list_rule rule where rule.price_list_id = price_list.id and rule.deleted_at is null)
    ), gone as (
      delete from mostrador.search_price_list known
      where not exists (select from active where active.id = known.id) returning id
    ), come as (
      insert into mostrador.search_price_list as known (id, type) select id, type from active
      on conflict (id) do update set type = excluded.type where known.type <> excluded.type returning id
    )
    select id from gone union all select id from come`
  if (changed.length === 0) return false
  await tx`
    insert into mostrador.search_stale (product_id)
    select distinct variant.product_id
    from price join product_variant_price_set using (price_set_id)
    join product_variant variant on variant.id = variant_id
    where price.price_list_id = any(${changed.map((it) => it.id)}) and variant.product_id is not null
    on conflict do nothing`
  return true
}
