CREATE TABLE "mostrador"."order_cancellation" (
	"order_id" text PRIMARY KEY NOT NULL,
	"actor" jsonb NOT NULL,
	"channel" text,
	"device" text,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."order_story" (
	"order_id" text PRIMARY KEY NOT NULL,
	"told" text[] DEFAULT '{}' NOT NULL,
	"due_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mostrador"."policy" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."attempt" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "order_story_due_index" ON "mostrador"."order_story" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "attempt_until_index" ON "mostrador"."attempt" USING btree ("until");--> statement-breakpoint
-- That an order was placed is told once; of what was told twice before, the first.
DELETE FROM "mostrador"."event" twice USING "mostrador"."event" first
  WHERE twice.name = 'order.placed' AND first.name = 'order.placed' AND twice.subject_id = first.subject_id
    AND (twice.tx, twice.position) > (first.tx, first.position);--> statement-breakpoint
CREATE UNIQUE INDEX "event_order_placed_index" ON "mostrador"."event" USING btree ("subject_id") WHERE name = 'order.placed';
--> statement-breakpoint
-- What becomes of orders, and by which key the order is found (see src/commerce/orders/timeline/follow.ts).
SELECT "mostrador"."watch"(table_name, key_column) FROM (VALUES
  ('order', 'id'),
  ('order_transaction', 'order_id'),
  ('order_change', 'order_id'),
  ('order_fulfillment', 'order_id'),
  ('return', 'order_id'),
  ('payment', 'payment_collection_id'),
  ('fulfillment', 'id'),
  ('fulfillment_label', 'fulfillment_id')
) AS watched (table_name, key_column);
--> statement-breakpoint
SELECT "mostrador"."watch"('policy', 'name', 'mostrador');
