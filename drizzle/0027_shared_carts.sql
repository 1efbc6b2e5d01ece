CREATE TABLE "mostrador"."cart_alias" (
	"id" text PRIMARY KEY NOT NULL,
	"cart_id" text NOT NULL,
	"merged_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."cart_claim" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"cart_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."cart_owner" (
	"cart_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"is_open" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cart_alias_cart_index" ON "mostrador"."cart_alias" USING btree ("cart_id");--> statement-breakpoint
CREATE INDEX "cart_claim_cart_index" ON "mostrador"."cart_claim" USING btree ("cart_id");--> statement-breakpoint
CREATE UNIQUE INDEX "cart_owner_open_index" ON "mostrador"."cart_owner" USING btree ("customer_id") WHERE is_open;--> statement-breakpoint
-- An order, or a cart that is no more, leaves its customer's place free for the next, whoever has made it so.
CREATE FUNCTION "mostrador"."leave_open_place"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE mostrador.cart_owner SET is_open = false WHERE cart_id = NEW.id AND is_open;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "mostrador_leave_open_place" AFTER UPDATE OF completed_at, deleted_at ON "public"."cart"
  FOR EACH ROW WHEN (NEW.completed_at IS NOT NULL OR NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION "mostrador"."leave_open_place"();
