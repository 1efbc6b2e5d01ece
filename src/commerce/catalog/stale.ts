import type { TransactionSql } from "postgres"
import type { ChangedKeys } from "../../platform/changes/index.ts"

/** A transaction that touched more than this is an import, and waits behind what a person has just changed. */
const BULK_KEYS = 500

/**
 * Which products a watched table's keys stand for. Tables that are not here belong to no document: price lists, taxes
 * and the like are read when a request is answered.
 */
const PRODUCTS_OF: Record<string, string> = {
  product: "select unnest($1::text[])",
  product_sales_channel: "select unnest($1::text[])",
  product_variant: "select unnest($1::text[])",
  product_product_option: "select unnest($1::text[])",
  product_tags: "select unnest($1::text[])",
  product_category_product: "select unnest($1::text[])",
  image: "select unnest($1::text[])",
  product_product_option_value: "select product_id from product_product_option where id = any($1)",
  product_option: "select product_id from product_product_option where product_option_id = any($1)",
  product_option_value: "select product_id from product_product_option where product_option_id = any($1)",
  product_tag: "select product_id from product_tags where product_tag_id = any($1)",
  product_type: "select id from product where type_id = any($1)",
  product_collection: "select id from product where collection_id = any($1)",
  product_category: "select product_id from product_category_product where product_category_id = any($1)",
  product_variant_option: "select product_id from product_variant where id = any($1)",
  product_variant_product_image: "select product_id from product_variant where id = any($1)",
  product_variant_price_set: "select product_id from product_variant where id = any($1)",
  price_set: `select product_id from product_variant_price_set join product_variant on product_variant.id = variant_id
    where price_set_id = any($1)`,
  price: `select product_id from product_variant_price_set join product_variant on product_variant.id = variant_id
    where price_set_id = any($1)`,
  price_rule: `select product_id from price join product_variant_price_set using (price_set_id)
    join product_variant on product_variant.id = variant_id where price.id = any($1)`,
  product_variant_inventory_item: "select product_id from product_variant where id = any($1)",
  safety_stock: "select product_id from product_variant where id = any($1)",
  inventory_level: `select product_id from product_variant_inventory_item join product_variant
    on product_variant.id = variant_id where inventory_item_id = any($1)`,
  // A channel that ships from elsewhere has other things in stock.
  sales_channel_stock_location: "select product_id from product_sales_channel where sales_channel_id = any($1)",
}

/** The tables whose changes make a document stale. */
export const DOCUMENT_RELATIONS = Object.keys(PRODUCTS_OF)

/** Marks the products that these changes concern, exactly. */
export async function markStale(tx: TransactionSql, changes: ChangedKeys[]): Promise<void> {
  const touched = new Map<string, number>()
  for (const { tx: writer, keys } of changes) touched.set(writer, (touched.get(writer) ?? 0) + keys.length)

  const groups = new Map<string, { relation: string; bulk: boolean; keys: Set<string> }>()
  for (const { tx: writer, relation, keys } of changes) {
    if (keys.includes(null)) return markAllStale(tx)
    const bulk = (touched.get(writer) ?? 0) > BULK_KEYS
    const name = `${relation} ${bulk}`
    const group = groups.get(name) ?? { relation, bulk, keys: new Set() }
    for (const key of keys) group.keys.add(key as string)
    groups.set(name, group)
  }
  for (const { relation, bulk, keys } of groups.values()) {
    await tx.unsafe(
      `insert into mostrador.stale_product (product_id, bulk)
       select distinct found.product_id, $2::boolean from (${PRODUCTS_OF[relation]}) found (product_id)
       where found.product_id is not null
       on conflict (product_id) do update set bulk = stale_product.bulk and excluded.bulk`,
      [[...keys], bulk],
    )
  }
}

/** Every product that is there, or was. */
export async function markAllStale(tx: TransactionSql): Promise<void> {
  await tx`
    insert into mostrador.stale_product (product_id, bulk)
    select id, true from product union select product_id, true from mostrador.product_document
    on conflict do nothing`
}

/** Takes some of those that are stale, with those that a person waits for first. Gone from the list with the commit. */
export async function takeStale(tx: TransactionSql, most: number): Promise<{ product_ids: string[]; bulk: boolean }> {
  const rows = await tx<{ product_id: string; bulk: boolean }[]>`
    delete from mostrador.stale_product where product_id in (
      select product_id from mostrador.stale_product order by bulk, since limit ${most}
    ) returning product_id, bulk`
  return { product_ids: rows.map((row) => row.product_id), bulk: rows.some((row) => row.bulk) }
}

/** How many wait to be built. */
export async function countStale(tx: TransactionSql): Promise<{ all: number; bulk: number }> {
  const [row] = await tx<{ all: number; bulk: number }[]>`
    select count(*)::int as all, count(*) filter (where bulk)::int as bulk from mostrador.stale_product`
  return row ?? { all: 0, bulk: 0 }
}
