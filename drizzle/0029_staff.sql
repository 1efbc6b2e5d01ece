CREATE TABLE "mostrador"."channel" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"sales_channel_id" text NOT NULL,
	"publishable_key_id" text,
	"may" text[] NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."pin_failure" (
	"who" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"locked_until" timestamp with time zone,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."staff_member" (
	"user_id" text PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"stock_location_ids" text[] DEFAULT '{}' NOT NULL,
	"pin_hash" text,
	"sessions_from" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."till" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"stock_location_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"token_hash" text,
	"pairing_code_hash" text,
	"pairing_expires_at" timestamp with time zone,
	"paired_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"receipt_prefix" text NOT NULL,
	"last_receipt_number" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."till_session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"till_id" text NOT NULL,
	"user_id" text NOT NULL,
	"begun_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_because" text
);
--> statement-breakpoint
CREATE TABLE "mostrador"."audit_entry" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text,
	"channel_id" text,
	"till_id" text,
	"subject_id" text,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mostrador"."order_cancellation" ADD COLUMN "channel_id" text;--> statement-breakpoint
ALTER TABLE "mostrador"."event" ADD COLUMN "channel_id" text;--> statement-breakpoint
ALTER TABLE "mostrador"."till" ADD CONSTRAINT "till_channel_id_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "mostrador"."channel"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mostrador"."till_session" ADD CONSTRAINT "till_session_till_id_till_id_fk" FOREIGN KEY ("till_id") REFERENCES "mostrador"."till"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_name_index" ON "mostrador"."channel" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "channel_key_index" ON "mostrador"."channel" USING btree ("publishable_key_id");--> statement-breakpoint
CREATE INDEX "pin_failure_at_index" ON "mostrador"."pin_failure" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "till_name_index" ON "mostrador"."till" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "till_receipt_prefix_index" ON "mostrador"."till" USING btree ("receipt_prefix");--> statement-breakpoint
CREATE UNIQUE INDEX "till_token_index" ON "mostrador"."till" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "till_pairing_code_index" ON "mostrador"."till" USING btree ("pairing_code_hash");--> statement-breakpoint
CREATE INDEX "till_channel_index" ON "mostrador"."till" USING btree ("channel_id");--> statement-breakpoint
CREATE UNIQUE INDEX "till_session_open_index" ON "mostrador"."till_session" USING btree ("till_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "till_session_begun_index" ON "mostrador"."till_session" USING btree ("begun_at");--> statement-breakpoint
CREATE INDEX "audit_entry_at_index" ON "mostrador"."audit_entry" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_entry_subject_index" ON "mostrador"."audit_entry" USING btree ("subject_id","at");--> statement-breakpoint
SELECT "mostrador"."watch"('channel', 'id', 'mostrador');
