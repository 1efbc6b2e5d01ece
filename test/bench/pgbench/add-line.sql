-- The least SQL that adding a line to a cart can be: who does it has the catalog, the promotions and the tax rates in
-- memory, asks for what only the database knows, and writes in one transaction and two round trips.
--
--   pgbench -n -M prepared -c 16 -T 5 -D prefix=... -D first=... -D last=... -D variants=... -f add-line.sql
--
-- Carts are copies of one (`copy-carts.ts`): their ids are a prefix and the number of the copy, from the first to the last.
\set copy random(:first, :last)
\set variant random(1, :variants)
\startpipeline
begin;
select pg_advisory_xact_lock(hashtextextended('mostrador:' || 'cart:' || :prefix::text || lpad(:copy::text, 7, '0'), 0));
select region_id, currency_code, sales_channel_id, customer_id, email, shipping_address_id, completed_at
  from cart where id = :prefix::text || lpad(:copy::text, 7, '0') and deleted_at is null;
select id, variant_id, quantity, unit_price, metadata
  from cart_line_item where cart_id = :prefix::text || lpad(:copy::text, 7, '0') and deleted_at is null;
select amount
  from product_variant_price_set it join price on price.price_set_id = it.price_set_id
  where variant_id = 'variant_01KBENCH' || lpad(:variant::text, 18, '0') and currency_code = 'eur'
    and it.deleted_at is null and price.deleted_at is null;
select location_id, stocked_quantity - reserved_quantity as available
  from product_variant_inventory_item it join inventory_level level on level.inventory_item_id = it.inventory_item_id
  where variant_id = 'variant_01KBENCH' || lpad(:variant::text, 18, '0')
    and it.deleted_at is null and level.deleted_at is null;
\endpipeline
\startpipeline
with line as (
  insert into cart_line_item (id, cart_id, title, subtitle, thumbnail, quantity, variant_id, product_id, product_title,
    product_description, product_handle, variant_sku, variant_title, requires_shipping, is_tax_inclusive, unit_price,
    raw_unit_price, metadata)
  values ('cali_' || gen_random_uuid(), :prefix::text || lpad(:copy::text, 7, '0'), 'Lámpara de roble Brisa',
    'Pequeño / Arena', '/static/lampara.jpg', 1, 'variant_01KBENCH' || lpad(:variant::text, 18, '0'),
    'prod_01KBENCH000000000000000001', 'Lámpara de roble Brisa', 'Lámpara de roble Brisa, hecha para durar.', 'bulk-1',
    'BULK-000001-1', 'Pequeño / Arena', true, true, 24.95, '{"value": "24.95", "precision": 20}', '{}')
  returning id
), tax_line as (
  insert into cart_line_item_tax_line (id, item_id, description, tax_rate_id, code, rate, provider_id)
  select 'calitxl_' || gen_random_uuid(), id, 'IVA general', 'txr_01KBENCH', 'IVA21', 21, 'tp_system' from line
)
insert into mostrador.cart_state as known (cart_id, version) values (:prefix::text || lpad(:copy::text, 7, '0'), 1)
  on conflict (cart_id) do update set version = known.version + 1;
commit;
\endpipeline
