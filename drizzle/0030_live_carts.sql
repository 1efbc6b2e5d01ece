-- True only while the processes live that write it.
CREATE UNLOGGED TABLE "mostrador"."cart_presence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"process_id" uuid NOT NULL,
	"cart_id" text NOT NULL,
	"channel" text,
	"device" text,
	"actor_type" text NOT NULL,
	"joined_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"left_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "mostrador"."stream_process" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."stream_ticket" (
	"ticket_hash" text PRIMARY KEY NOT NULL,
	"cart_id" text NOT NULL,
	"bearer" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."cart_touched" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mostrador"."cart_touched_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"cart_id" text NOT NULL,
	"handed_over" uuid,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mostrador"."stock_hold" ADD COLUMN "warned_of" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "cart_presence_tx_index" ON "mostrador"."cart_presence" USING btree ("tx");--> statement-breakpoint
CREATE INDEX "cart_presence_cart_index" ON "mostrador"."cart_presence" USING btree ("cart_id");--> statement-breakpoint
CREATE INDEX "cart_presence_process_index" ON "mostrador"."cart_presence" USING btree ("process_id");--> statement-breakpoint
CREATE INDEX "stream_ticket_expires_index" ON "mostrador"."stream_ticket" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "cart_touched_cart_index" ON "mostrador"."cart_touched" USING btree ("cart_id");--> statement-breakpoint
CREATE INDEX "event_subject_index" ON "mostrador"."event" USING btree ("subject_id","position");
--> statement-breakpoint
-- Notes the cart that a row belongs to: `$1` of the trigger's query is the row's column. Of a change that the counter has
-- handed to Medusa, its mark is noted, too: the counter tells of it (see src/commerce/carts/foreign).
CREATE FUNCTION "mostrador"."touch_cart"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO mostrador.cart_touched (cart_id, handed_over)
     SELECT it.cart_id, state.handed_over FROM (%s) it (cart_id)
     LEFT JOIN mostrador.cart_state state ON state.cart_id = it.cart_id WHERE it.cart_id IS NOT NULL',
    TG_ARGV[1]) USING to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[0];
  RETURN NULL;
END $$;
--> statement-breakpoint
-- The counter's own connections are left out by their name, before anything is called: they tell themselves what they do.
-- By row, and not by statement: for that, all rows would have to be kept whoever writes them.
DO $$
DECLARE
  watched record;
BEGIN
  FOR watched IN SELECT * FROM (VALUES
    ('cart', 'id', 'select $1'),
    ('cart_line_item', 'cart_id', 'select $1'),
    ('cart_shipping_method', 'cart_id', 'select $1'),
    ('credit_line', 'cart_id', 'select $1'),
    ('cart_promotion', 'cart_id', 'select $1'),
    ('cart_payment_collection', 'cart_id', 'select $1'),
    ('cart_line_item_tax_line', 'item_id', 'select cart_id from cart_line_item where id = $1'),
    ('cart_line_item_adjustment', 'item_id', 'select cart_id from cart_line_item where id = $1'),
    ('cart_shipping_method_tax_line', 'shipping_method_id', 'select cart_id from cart_shipping_method where id = $1'),
    ('cart_shipping_method_adjustment', 'shipping_method_id', 'select cart_id from cart_shipping_method where id = $1'),
    ('cart_address', 'id', 'select id from cart where shipping_address_id = $1 or billing_address_id = $1'),
    ('payment_session', 'payment_collection_id', 'select cart_id from cart_payment_collection where payment_collection_id = $1 and deleted_at is null')
  ) AS watched (table_name, key_column, query) LOOP
    EXECUTE format(
      'CREATE TRIGGER mostrador_touch_cart AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
       WHEN (current_setting(''application_name'') IS DISTINCT FROM ''mostrador'')
       EXECUTE FUNCTION mostrador.touch_cart(%L, %L)', watched.table_name, watched.key_column, watched.query);
  END LOOP;
END $$;
