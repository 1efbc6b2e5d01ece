import type { Sql, TransactionSql } from "postgres"
import type { ChangedKeys } from "../../platform/changes/index.ts"

/**
 * A transaction that touched more rows than this is an import, and waits behind what a person has just changed; so do
 * the products of one row (a price list, a tag) that has more of them.
 */
const BULK_KEYS = 500

const OF_PRICE_LISTS = `select product_id from price join product_variant_price_set using (price_set_id)
    join product_variant on product_variant.id = variant_id
    where price.price_list_id = any($1) and price.deleted_at is null`

/**
 * Which products a watched table's keys stand for. Tables that are not here belong to no document: taxes and the
 * like are read when a request is answered.
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
  price_list: OF_PRICE_LISTS,
  price_list_rule: OF_PRICE_LISTS,
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
    await markProducts(tx, PRODUCTS_OF[relation] ?? "", [...keys], bulk)
  }
}

/** @param select  finds products by keys (`$1`) */
async function markProducts(tx: TransactionSql, select: string, keys: string[], bulk: boolean): Promise<void> {
  await tx.unsafe(
    `with found as materialized (
         select distinct product_id from (${select}) found (product_id) where product_id is not null)
       insert into mostrador.stale_product (product_id, bulk)
       select product_id, $2::boolean or (select count(*) from found) > ${BULK_KEYS} from found
       on conflict (product_id) do update set
         bulk = stale_product.bulk and excluded.bulk, since = least(stale_product.since, excluded.since)`,
    [keys, bulk],
  )
}

/**
 * Price lists that have begun or ended since their products were last marked: that changes no row.
 *
 * @returns with the time of this statement: the transaction may have begun long before it got the builder's turn
 */
export async function dueLists(tx: TransactionSql): Promise<{ id: string; now: string }[]> {
  return await tx<{ id: string; now: string }[]>`
    select list.id, statement_timestamp()::text as now
    from price_list list, mostrador.installation looked
    where looked.name = 'price_lists_due' and list.deleted_at is null and list.status = 'active'
      and ((list.starts_at > looked.value::timestamptz and list.starts_at <= statement_timestamp())
        or (list.ends_at >= looked.value::timestamptz and list.ends_at < statement_timestamp()))`
}

/** Marks the products of due lists. Needs the builder's turn. */
export async function markDueLists(tx: TransactionSql): Promise<void> {
  const lists = await dueLists(tx)
  if (!lists[0]) return
  await markProducts(
    tx,
    OF_PRICE_LISTS,
    lists.map((list) => list.id),
    false,
  )
  await tx`update mostrador.installation set value = ${lists[0].now}, at = now() where name = 'price_lists_due'`
}

/** Marks these products, and puts them before all imports. */
export async function bringForward(sql: Sql, productIds: readonly string[]): Promise<void> {
  await sql`
    insert into mostrador.stale_product (product_id, bulk) select id, false from unnest(${[...productIds]}::text[]) id
    on conflict (product_id) do update set bulk = false, since = least(stale_product.since, excluded.since)`
}

/** Leaves out a product that cannot be built, until it changes or an hour has passed. */
export async function setAside(tx: TransactionSql, productId: string): Promise<void> {
  await tx`
    insert into mostrador.stale_product (product_id, bulk, since) values (${productId}, true, now() + interval '1 hour')
    on conflict (product_id) do update set bulk = true, since = excluded.since`
}

/** Every product that is there, or was. */
export async function markAllStale(tx: TransactionSql): Promise<void> {
  await tx`
    insert into mostrador.stale_product (product_id, bulk)
    select id, true from product union select product_id, true from mostrador.product_document
    on conflict (product_id) do update set since = least(stale_product.since, excluded.since)`
}

/** Some products to build: those that a person waits for, or, when nobody does, some of an import. */
export interface StaleProducts {
  product_ids: string[]
  bulk: boolean
}

/**
 * Takes some of those that are stale, the longest waiting first. They are gone from the list with the commit.
 *
 * @param most  how many, of each kind; none of an import when that is 0
 */
export async function takeStale(tx: TransactionSql, most: { bulk: number; other: number }): Promise<StaleProducts> {
  const rows = await tx<{ product_id: string; bulk: boolean }[]>`
    with next as (select bulk from mostrador.stale_product where since <= statement_timestamp() order by bulk, since limit 1)
    delete from mostrador.stale_product where product_id in (
      select product_id from mostrador.stale_product where bulk = (select bulk from next) and since <= statement_timestamp()
      order by since limit (select case when bulk then ${most.bulk}::int else ${most.other}::int end from next)
    ) returning product_id, bulk`
  return { product_ids: rows.map((row) => row.product_id), bulk: rows[0]?.bulk ?? true }
}

/** Whether any waits to be built. */
export async function hasStale(tx: TransactionSql): Promise<boolean> {
  return (await tx`select from mostrador.stale_product where since <= statement_timestamp() limit 1`).length > 0
}

/** How many wait to be built. */
export async function countStale(tx: TransactionSql): Promise<{ all: number; bulk: number }> {
  const [row] = await tx<{ all: number; bulk: number }[]>`
    select count(*)::int as all, count(*) filter (where bulk)::int as bulk
    from mostrador.stale_product where since <= statement_timestamp()`
  return row ?? { all: 0, bulk: 0 }
}

/** Products whose documents are not what they should be. */
export interface Staleness {
  /** To be built now. */
  waiting: number
  /** Left out for a while, since they could not be built. */
  set_aside: number
}

export async function readStaleness(sql: Sql): Promise<Staleness> {
  const [row] = await sql<Staleness[]>`
    select count(*) filter (where since <= now())::int as waiting, count(*) filter (where since > now())::int as set_aside
    from mostrador.stale_product`
  return row ?? { waiting: 0, set_aside: 0 }
}
