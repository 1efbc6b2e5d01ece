ALTER TABLE "mostrador"."order_cancellation" ADD COLUMN "refused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "mostrador"."order_story" ADD COLUMN "placed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "mostrador"."order_story" ADD COLUMN "placed_version" integer;--> statement-breakpoint
ALTER TABLE "mostrador"."payment_repair" ADD COLUMN "retries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "mostrador"."stripe_event" ADD COLUMN "refusals" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- When a draft becomes an order: Medusa writes that nowhere. The story's row may be held by who tells it, or deleted since
-- it was a draft's; both are waited for.
CREATE FUNCTION "mostrador"."note_placed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = mostrador, pg_temp AS $$
BEGIN
  INSERT INTO mostrador.order_story (order_id, placed_at, placed_version) VALUES (NEW.id, now(), NEW.version)
  ON CONFLICT (order_id) DO UPDATE SET placed_at = excluded.placed_at, placed_version = excluded.placed_version;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "mostrador_note_placed" AFTER UPDATE OF is_draft_order ON public."order" FOR EACH ROW
  WHEN (OLD.is_draft_order AND NOT NEW.is_draft_order) EXECUTE FUNCTION "mostrador"."note_placed"();
