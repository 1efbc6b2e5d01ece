-- The trigger behind the change feed: appends the keys of all rows that one statement touched.
CREATE FUNCTION "mostrador"."record_change"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = mostrador, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO mostrador.change (tx, relation, key) VALUES (pg_current_xact_id(), TG_TABLE_NAME, NULL);
  ELSE
    EXECUTE format(
      'INSERT INTO mostrador.change (tx, relation, key) SELECT DISTINCT pg_current_xact_id(), %L, %I::text FROM touched',
      TG_TABLE_NAME, TG_ARGV[0]);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Watches a table of Medusa's. `key_column` names the row, or what it belongs to (a country's region).
-- An update that moves a row from one key to another records both.
CREATE FUNCTION "mostrador"."watch"(table_name text, key_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_insert AFTER INSERT ON public.%I REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change(%L)', table_name, key_column);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_update_old AFTER UPDATE ON public.%I REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change(%L)', table_name, key_column);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_update_new AFTER UPDATE ON public.%I REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change(%L)', table_name, key_column);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_delete AFTER DELETE ON public.%I REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change(%L)', table_name, key_column);
  EXECUTE format('CREATE OR REPLACE TRIGGER mostrador_truncate AFTER TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION mostrador.record_change()', table_name);
END $$;
--> statement-breakpoint
SELECT "mostrador"."watch"('region', 'id');
--> statement-breakpoint
SELECT "mostrador"."watch"('region_country', 'region_id');
--> statement-breakpoint
SELECT "mostrador"."watch"('api_key', 'id');
--> statement-breakpoint
SELECT "mostrador"."watch"('publishable_api_key_sales_channel', 'publishable_key_id');
