CREATE TABLE "mostrador"."stock_hold" (
	"cart_id" text PRIMARY KEY NOT NULL,
	"lines" jsonb NOT NULL,
	"reservation_ids" text[] NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."medusa_lock" (
	"key" text PRIMARY KEY NOT NULL,
	"owner" text,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "stock_hold_expires_at_index" ON "mostrador"."stock_hold" USING btree ("expires_at");