-- The trigger behind the change feed: appends the keys of all rows that one statement touched. A row that moves from one
-- key to another (a price to another set) is recorded under both.
CREATE OR REPLACE FUNCTION "mostrador"."record_change"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = mostrador, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO mostrador.change (tx, relation, key) VALUES (pg_current_xact_id(), TG_TABLE_NAME, NULL);
  ELSIF TG_OP = 'UPDATE' THEN
    EXECUTE format(
      'INSERT INTO mostrador.change (tx, relation, key) SELECT pg_current_xact_id(), %L, key FROM (SELECT %I::text AS key FROM touched UNION SELECT %I::text FROM became) keys',
      TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[0]);
  ELSE
    EXECUTE format(
      'INSERT INTO mostrador.change (tx, relation, key) SELECT DISTINCT pg_current_xact_id(), %L, %I::text FROM touched',
      TG_TABLE_NAME, TG_ARGV[0]);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Watches a table. `key_column` names the row, or what it belongs to (a country's region).
CREATE OR REPLACE FUNCTION "mostrador"."watch"(table_name text, key_column text, in_schema text DEFAULT 'public') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER IF EXISTS mostrador_update_old ON %I.%I', in_schema, table_name);
  EXECUTE format('DROP TRIGGER IF EXISTS mostrador_update_new ON %I.%I', in_schema, table_name);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_insert AFTER INSERT ON %I.%I REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change(%L)', in_schema, table_name, key_column);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_update AFTER UPDATE ON %I.%I REFERENCING OLD TABLE AS touched NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change(%L)', in_schema, table_name, key_column);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_delete AFTER DELETE ON %I.%I REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change(%L)', in_schema, table_name, key_column);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_truncate AFTER TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change()', in_schema, table_name);
END $$;
--> statement-breakpoint
-- The one with two arguments is replaced by the one above.
DROP FUNCTION "mostrador"."watch"(text, text);
--> statement-breakpoint
-- A moment as Medusa writes it in its answers.
CREATE FUNCTION "mostrador"."iso"(moment timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint
-- Every table that a product's public face depends on, and the reference data around it.
SELECT "mostrador"."watch"(table_name, key_column) FROM (VALUES
  ('region', 'id'),
  ('region_country', 'region_id'),
  ('api_key', 'id'),
  ('publishable_api_key_sales_channel', 'publishable_key_id'),
  ('store', 'id'),
  ('currency', 'code'),
  ('sales_channel', 'id'),
  ('product', 'id'),
  ('product_sales_channel', 'product_id'),
  ('product_variant', 'product_id'),
  ('product_product_option', 'product_id'),
  ('product_product_option_value', 'product_product_option_id'),
  ('product_option', 'id'),
  ('product_option_value', 'option_id'),
  ('product_variant_option', 'variant_id'),
  ('product_tags', 'product_id'),
  ('product_tag', 'id'),
  ('product_type', 'id'),
  ('product_collection', 'id'),
  ('product_category', 'id'),
  ('product_category_product', 'product_id'),
  ('image', 'product_id'),
  ('product_variant_product_image', 'variant_id'),
  ('product_variant_price_set', 'variant_id'),
  ('price_set', 'id'),
  ('price', 'price_set_id'),
  ('price_rule', 'price_id'),
  ('price_list', 'id'),
  ('price_list_rule', 'price_list_id'),
  ('price_preference', 'id'),
  ('product_variant_inventory_item', 'variant_id'),
  ('inventory_item', 'id'),
  ('inventory_level', 'inventory_item_id'),
  ('sales_channel_stock_location', 'sales_channel_id'),
  ('stock_location', 'id'),
  ('stock_location_address', 'id'),
  ('tax_region', 'id'),
  ('tax_rate', 'id'),
  ('tax_rate_rule', 'tax_rate_id'),
  ('promotion', 'id'),
  ('promotion_application_method', 'promotion_id'),
  ('promotion_campaign', 'id'),
  ('promotion_campaign_budget', 'campaign_id'),
  ('promotion_rule', 'id'),
  ('promotion_rule_value', 'promotion_rule_id'),
  ('shipping_option', 'id'),
  ('shipping_option_rule', 'shipping_option_id'),
  ('shipping_option_price_set', 'shipping_option_id'),
  ('customer_group_customer', 'customer_id')
) AS watched (table_name, key_column);
--> statement-breakpoint
-- Translations exist when Medusa's flag for them is on.
SELECT "mostrador"."watch"('translation', 'reference_id') WHERE to_regclass('public.translation') IS NOT NULL;
--> statement-breakpoint
SELECT "mostrador"."watch"('safety_stock', 'variant_id', 'mostrador');
