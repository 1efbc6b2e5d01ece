CREATE TABLE "mostrador"."cart_reach" (
	"subject_id" text NOT NULL,
	"reached_by" text NOT NULL,
	"how" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "cart_reach_subject_id_reached_by_pk" PRIMARY KEY("subject_id","reached_by")
);
--> statement-breakpoint
CREATE TABLE "mostrador"."order_channel" (
	"order_id" text PRIMARY KEY NOT NULL,
	"channel_id" text,
	"till_id" text,
	"actor" jsonb NOT NULL,
	"placed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."till_payment" (
	"id" text PRIMARY KEY NOT NULL,
	"till_id" text NOT NULL,
	"session_hash" text NOT NULL,
	"user_id" text NOT NULL,
	"order_id" text NOT NULL,
	"cart_id" text NOT NULL,
	"stock_location_id" text NOT NULL,
	"tender" text NOT NULL,
	"currency_code" text NOT NULL,
	"amount" numeric NOT NULL,
	"amount_given" numeric NOT NULL,
	"change" numeric NOT NULL,
	"number" bigint NOT NULL,
	"receipt" jsonb NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"handed_over_at" timestamp with time zone,
	"tries" smallint DEFAULT 0 NOT NULL,
	"try_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cart_reach_expires_index" ON "mostrador"."cart_reach" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "order_channel_channel_index" ON "mostrador"."order_channel" USING btree ("channel_id","placed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "till_payment_order_index" ON "mostrador"."till_payment" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "till_payment_number_index" ON "mostrador"."till_payment" USING btree ("till_id","number");--> statement-breakpoint
CREATE INDEX "till_payment_session_index" ON "mostrador"."till_payment" USING btree ("session_hash");--> statement-breakpoint
-- Ways to a customer at a desk: by the end of his number, however it is written; by his address, in whatever letters; by
-- the code of his card; by pieces of his name.
CREATE INDEX IF NOT EXISTS "mostrador_customer_phone_end" ON "customer"
  (right(regexp_replace("phone", '\D', '', 'g'), 6)) WHERE "deleted_at" IS NULL;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "mostrador_customer_email_lower" ON "customer" (lower("email")) WHERE "deleted_at" IS NULL;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "mostrador_customer_loyalty_code" ON "customer"
  (upper("metadata"->>'loyalty_code')) WHERE "deleted_at" IS NULL AND "metadata"->>'loyalty_code' IS NOT NULL;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "mostrador_customer_text" ON "customer" USING gin
  ((coalesce("first_name", '') || ' ' || coalesce("last_name", '') || ' ' || coalesce("company_name", '') || ' ' ||
    coalesce("email", '')) gin_trgm_ops) WHERE "deleted_at" IS NULL;
--> statement-breakpoint
CREATE INDEX "till_payment_waiting_index" ON "mostrador"."till_payment" ("try_at") WHERE "handed_over_at" IS NULL;
--> statement-breakpoint
-- Every order that the counter places, whichever way, is told of by its event, which knows the channel and who it was.
CREATE FUNCTION "mostrador"."note_order_channel"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO mostrador.order_channel (order_id, channel_id, till_id, actor)
  VALUES (NEW.subject_id, NEW.channel_id, CASE WHEN NEW.actor->>'type' = 'cashier' THEN NEW.device END, NEW.actor)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "mostrador_note_order_channel" AFTER INSERT ON "mostrador"."event"
  FOR EACH ROW WHEN (NEW.name = 'order.placed' AND NEW.actor->>'type' <> 'system')
  EXECUTE FUNCTION "mostrador"."note_order_channel"();
