CREATE TABLE "mostrador"."cart_state" (
	"cart_id" text PRIMARY KEY NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"handed_over" uuid
);
--> statement-breakpoint
CREATE TABLE "mostrador"."idempotency_key" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"status" smallint,
	"headers" jsonb,
	"body" "bytea",
	CONSTRAINT "idempotency_key_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE INDEX "idempotency_key_started_at_index" ON "mostrador"."idempotency_key" USING btree ("started_at");