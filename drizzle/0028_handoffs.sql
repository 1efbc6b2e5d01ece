CREATE TABLE "mostrador"."cart_handoff" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"cart_id" text NOT NULL,
	"to" text NOT NULL,
	"actor" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "cart_handoff_expires_index" ON "mostrador"."cart_handoff" USING btree ("expires_at");