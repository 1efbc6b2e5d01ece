import type { TransactionSql } from "postgres"

/** Goes up when the statement below makes other documents of the same rows: then all are built anew. */
export const DOCUMENT_FORMAT = "2"

/** A document that is another one than before. */
export interface Built {
  product_id: string
  version: number
  /** Which parts are new. */
  content: boolean
  prices: boolean
  stock: boolean
  visibility: boolean
}

/**
 * Builds the documents of these products out of Medusa's tables, and writes those that differ from what is there.
 * A product that is gone keeps a row without content, so that readers learn of it. Needs the builder's turn: versions
 * must be given out in the order in which they are committed.
 *
 * Relations that Medusa reads without an order come in that of their rows (`ctid`), as they do there by most plans.
 *
 * @returns those that were written
 * @source Medusa 2.21 `product/dist/services/product-module-service.js`, and what it sends to Postgres
 */
export async function buildDocuments(tx: TransactionSql, productIds: string[]): Promise<Built[]> {
  return await tx<Built[]>`
with product_row as (
  select asked.id as asked_id, product.*
  from unnest(${productIds}::text[]) as asked (id)
  left join product on product.id = asked.id and product.deleted_at is null
), built as materialized (
  select
    p.asked_id as product_id,
    case when p.id is null then null else (select row_to_json(content) from (select
      p.id, p.title, p.subtitle, p.description, p.handle, p.is_giftcard, p.status, p.discountable, p.thumbnail,
      p.collection_id, p.type_id, p.weight, p.length, p.height, p.width, p.hs_code, p.origin_country, p.mid_code,
      p.material, p.external_id, p.metadata, mostrador.iso(p.created_at) as created_at,
      mostrador.iso(p.updated_at) as updated_at, null as deleted_at,
      (select row_to_json(type) from (
        select t.id, t.value, t.external_id, t.metadata, mostrador.iso(t.created_at) as created_at,
          mostrador.iso(t.updated_at) as updated_at, null as deleted_at
        from product_type t where t.id = p.type_id and t.deleted_at is null) type) as type,
      (select row_to_json(collection) from (
        select c.id, c.title, c.handle, c.external_id, c.metadata, mostrador.iso(c.created_at) as created_at,
          mostrador.iso(c.updated_at) as updated_at, null as deleted_at
        from product_collection c where c.id = p.collection_id and c.deleted_at is null) collection) as collection,
      coalesce((select json_agg(option) from (
        select o.id, o.title, o.is_exclusive, o.metadata, mostrador.iso(o.created_at) as created_at,
          mostrador.iso(o.updated_at) as updated_at, null as deleted_at,
          coalesce((select json_agg(option_value) from (
            select v.id, v.value, v.rank, v.metadata, v.option_id, mostrador.iso(v.created_at) as created_at,
              mostrador.iso(v.updated_at) as updated_at, null as deleted_at
            from product_option_value v
            where v.option_id = o.id and v.deleted_at is null and exists (
              select from product_product_option_value allowed
              join product_product_option of_product on of_product.id = allowed.product_product_option_id
              where allowed.product_option_value_id = v.id and allowed.deleted_at is null
                and of_product.product_id = p.id and of_product.deleted_at is null)
            order by v.ctid) option_value), '[]'::json) as values
        from product_product_option link join product_option o on o.id = link.product_option_id
        where link.product_id = p.id and o.deleted_at is null
        order by link.id) option), '[]'::json) as options,
      coalesce((select json_agg(tag) from (
        select t.id, t.value, t.external_id, t.metadata, mostrador.iso(t.created_at) as created_at,
          mostrador.iso(t.updated_at) as updated_at, null as deleted_at
        from product_tags link join product_tag t on t.id = link.product_tag_id
        where link.product_id = p.id and t.deleted_at is null
        order by link.ctid) tag), '[]'::json) as tags,
      coalesce((select json_agg(image) from (
        select i.id, i.url, i.metadata, i.rank, i.product_id, mostrador.iso(i.created_at) as created_at,
          mostrador.iso(i.updated_at) as updated_at, null as deleted_at
        from image i where i.product_id = p.id and i.deleted_at is null
        order by i.rank, i.ctid) image), '[]'::json) as images,
      coalesce((select json_agg(category) from (
        select c.id, c.name, c.description, c.handle, c.mpath, c.is_active, c.is_internal, c.rank, c.external_id,
          c.metadata, c.parent_category_id, mostrador.iso(c.created_at) as created_at,
          mostrador.iso(c.updated_at) as updated_at, null as deleted_at
        from product_category_product link join product_category c on c.id = link.product_category_id
        where link.product_id = p.id and c.deleted_at is null
        order by link.ctid) category), '[]'::json) as categories,
      coalesce((select json_agg(variant) from (
        select v.id, v.title, v.sku, v.barcode, v.ean, v.upc, v.allow_backorder, v.manage_inventory, v.hs_code,
          v.origin_country, v.mid_code, v.material, v.weight, v.length, v.height, v.width, v.metadata, v.variant_rank,
          v.thumbnail, v.product_id, mostrador.iso(v.created_at) as created_at,
          mostrador.iso(v.updated_at) as updated_at, null as deleted_at,
          coalesce((select json_agg(option_value) from (
            select o.id, o.value, o.rank, o.metadata, o.option_id, mostrador.iso(o.created_at) as created_at,
              mostrador.iso(o.updated_at) as updated_at, null as deleted_at
            from product_variant_option link join product_option_value o on o.id = link.option_value_id
            where link.variant_id = v.id and o.deleted_at is null
            order by link.ctid) option_value), '[]'::json) as options,
          coalesce((select json_agg(link.image_id order by link.id) from product_variant_product_image link
            where link.variant_id = v.id and link.deleted_at is null), '[]'::json) as image_ids
        from product_variant v where v.product_id = p.id and v.deleted_at is null
        order by v.ctid) variant), '[]'::json) as variants
    ) content) end as content,
    case when p.id is null then null else coalesce((select json_object_agg(v.id, (select row_to_json(priced) from (
      select link.price_set_id, coalesce((select json_agg(price) from (
        select r.id, r.currency_code, r.amount, r.raw_amount, r.min_quantity, r.max_quantity, r.price_list_id,
          r.rules_count, coalesce((select json_agg(price_rule_row) from (
            select u.attribute, u.operator, u.value, u.priority from price_rule u
            where u.price_id = r.id and u.deleted_at is null order by u.id) price_rule_row), '[]'::json) as rules
        from price r where r.price_set_id = link.price_set_id and r.deleted_at is null
        order by r.ctid) price), '[]'::json) as prices,
        coalesce((select json_agg(list) from (
          select l.id, l.type, l.status, mostrador.iso(l.starts_at) as starts_at, mostrador.iso(l.ends_at) as ends_at,
            (l.starts_at is null or l.starts_at <= statement_timestamp())
              and (l.ends_at is null or l.ends_at >= statement_timestamp()) as is_due,
            l.rules_count, coalesce((select json_agg(list_rule) from (
              select u.attribute, u.value from price_list_rule u
              where u.price_list_id = l.id and u.deleted_at is null order by u.id) list_rule), '[]'::json) as rules
          from price_list l
          where l.deleted_at is null and l.id in (
            select r.price_list_id from price r where r.price_set_id = link.price_set_id and r.deleted_at is null)
          order by l.id) list), '[]'::json) as lists
      from product_variant_price_set link join price_set s on s.id = link.price_set_id and s.deleted_at is null
      where link.variant_id = v.id and link.deleted_at is null
      limit 1) priced) order by v.id) from product_variant v where v.product_id = p.id and v.deleted_at is null), '{}'::json) end as prices,
    case when p.id is null then null else coalesce((select json_object_agg(v.id, json_build_object(
        'items', available.items,
        'always', not v.manage_inventory or v.allow_backorder,
        'locations', available.locations,
        'channels', available.channels,
        'linked', available.linked) order by v.id)
      from product_variant v cross join lateral (
        select
          coalesce((select json_agg(json_build_object('inventory_item_id', need.inventory_item_id,
              'required_quantity', need.required_quantity) order by need.inventory_item_id)
            from product_variant_inventory_item need
            where need.variant_id = v.id and need.deleted_at is null), '[]'::json) as items,
          coalesce((select json_agg(at.location_id order by at.location_id) from (
            select level.location_id
            from product_variant_inventory_item need
            join inventory_level level on level.inventory_item_id = need.inventory_item_id and level.deleted_at is null
            left join mostrador.safety_stock kept on kept.location_id = level.location_id and kept.variant_id = v.id
            where need.variant_id = v.id and need.deleted_at is null
            group by level.location_id
            having count(*) = (select count(*) from product_variant_inventory_item part
                where part.variant_id = v.id and part.deleted_at is null)
              -- A part of which none is needed (Medusa takes a 0) is never short.
              and coalesce(min(floor((level.stocked_quantity - level.reserved_quantity) / nullif(need.required_quantity, 0))
                - coalesce(kept.quantity, 0)), 1) >= 1) at), '[]'::json) as locations,
          coalesce((select json_agg(at.sales_channel_id order by at.sales_channel_id) from (
            select by_item.sales_channel_id from (
              select ships.sales_channel_id, need.inventory_item_id,
                sum(floor(greatest(level.stocked_quantity - level.reserved_quantity
                  - coalesce(kept.quantity, 0) * need.required_quantity, 0))) / nullif(need.required_quantity, 0) as left_over
              from product_variant_inventory_item need
              join inventory_level level on level.inventory_item_id = need.inventory_item_id and level.deleted_at is null
              join sales_channel_stock_location ships
                on ships.stock_location_id = level.location_id and ships.deleted_at is null
              left join mostrador.safety_stock kept on kept.location_id = level.location_id and kept.variant_id = v.id
              where need.variant_id = v.id and need.deleted_at is null
              group by ships.sales_channel_id, need.inventory_item_id, need.required_quantity) by_item
            group by by_item.sales_channel_id
            having count(*) = (select count(*) from product_variant_inventory_item part
                where part.variant_id = v.id and part.deleted_at is null)
              and coalesce(min(floor(by_item.left_over)), 1) >= 1) at), '[]'::json) as channels,
          (select left(md5(string_agg(ships.sales_channel_id || ships.stock_location_id, ' '
              order by ships.sales_channel_id, ships.stock_location_id)), 8)
            from sales_channel_stock_location ships
            where ships.deleted_at is null and ships.stock_location_id in (
              select level.location_id from product_variant_inventory_item need
              join inventory_level level on level.inventory_item_id = need.inventory_item_id and level.deleted_at is null
              where need.variant_id = v.id and need.deleted_at is null)) as linked
      ) available
      where v.product_id = p.id and v.deleted_at is null), '{}'::json) end as stock,
    case when p.status = 'published' then array(
      select link.sales_channel_id::text from product_sales_channel link
      where link.product_id = p.id and link.deleted_at is null order by 1) else '{}' end as visible_in
  from product_row p
), compared as materialized (
  select built.*, old.product_id is null as is_new, old.content_version, old.prices_version, old.stock_version,
    old.visible_version, coalesce(old.seen_in, '{}') as seen_in,
    old.product_id is null or old.content::text is distinct from built.content::text as content_differs,
    old.product_id is null or old.prices::text is distinct from built.prices::text as prices_differs,
    old.product_id is null or old.stock::text is distinct from built.stock::text as stock_differs,
    old.product_id is null or old.visible_in is distinct from built.visible_in as visibility_differs
  from built left join mostrador.product_document old using (product_id)
), numbered as materialized (
  select compared.*, nextval('mostrador.document_version') as version
  from compared
  where (content_differs or prices_differs or stock_differs or visibility_differs)
    and not (is_new and content is null)
), written as (
  insert into mostrador.product_document (product_id, version, content, content_version, prices, prices_version, stock,
    stock_version, visible_in, visible_version, seen_in)
  select product_id, version, content, version, prices, version, stock, version, visible_in, version, visible_in
  from numbered
  on conflict (product_id) do update set
    version = excluded.version,
    content = excluded.content,
    prices = excluded.prices,
    stock = excluded.stock,
    visible_in = excluded.visible_in,
    content_version = case when product_document.content::text is distinct from excluded.content::text
      then excluded.version else product_document.content_version end,
    prices_version = case when product_document.prices::text is distinct from excluded.prices::text
      then excluded.version else product_document.prices_version end,
    stock_version = case when product_document.stock::text is distinct from excluded.stock::text
      then excluded.version else product_document.stock_version end,
    visible_version = case when product_document.visible_in is distinct from excluded.visible_in
      then excluded.version else product_document.visible_version end,
    seen_in = array(select unnest(product_document.seen_in) union select unnest(excluded.visible_in) order by 1),
    built_at = now()
)
select product_id, version::float8 as version, content_differs as content, prices_differs as prices,
  stock_differs as stock, visibility_differs as visibility
from numbered`
}
