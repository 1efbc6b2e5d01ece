CREATE TABLE "mostrador"."webhook_delivery" (
	"endpoint_id" text NOT NULL,
	"event_position" bigint NOT NULL,
	"event_tx" "xid8" NOT NULL,
	"event_id" text NOT NULL,
	"event_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp with time zone,
	"last_attempt_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"duration_ms" integer,
	"response_status" integer,
	"response_body" text,
	"error" text,
	CONSTRAINT "webhook_delivery_endpoint_id_event_position_pk" PRIMARY KEY("endpoint_id","event_position"),
	CONSTRAINT "webhook_delivery_endpoint_id_event_id_unique" UNIQUE("endpoint_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "mostrador"."webhook_endpoint" (
	"id" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"description" text,
	"event_types" text[] NOT NULL,
	"secret" text NOT NULL,
	"previous_secrets" text[] DEFAULT '{}' NOT NULL,
	"previous_secret_until" timestamp with time zone,
	"metadata" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp with time zone,
	"disabled_reason" text,
	"deleted_at" timestamp with time zone,
	"last_success_at" timestamp with time zone,
	"last_failure_at" timestamp with time zone,
	"last_failure" text,
	"failing_since" timestamp with time zone,
	"failing_subjects" text[] DEFAULT '{}' NOT NULL,
	"retry_at" timestamp with time zone,
	"retries" integer DEFAULT 0 NOT NULL,
	"taken_by" text,
	"taken_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mostrador"."webhook_position" (
	"is_one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"position" "pg_snapshot" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."webhook_replay" (
	"id" text PRIMARY KEY NOT NULL,
	"endpoint_id" text NOT NULL,
	"asked" jsonb NOT NULL,
	"since" timestamp with time zone,
	"until" timestamp with time zone,
	"from_position" bigint,
	"event_types" text[],
	"read_tx" "xid8" NOT NULL,
	"read_position" bigint NOT NULL,
	"end_tx" "xid8" NOT NULL,
	"events" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "webhook_delivery_due_index" ON "mostrador"."webhook_delivery" USING btree ("endpoint_id","due_at","event_position") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_delivery_subject_index" ON "mostrador"."webhook_delivery" USING btree ("endpoint_id","subject_id","event_position") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_delivery_dead_index" ON "mostrador"."webhook_delivery" USING btree ("endpoint_id","event_position") WHERE status = 'dead';--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_replay_unfinished_index" ON "mostrador"."webhook_replay" USING btree ("endpoint_id") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "webhook_replay_endpoint_id_index" ON "mostrador"."webhook_replay" USING btree ("endpoint_id","created_at");--> statement-breakpoint
-- What is delivered leaves dead entries at the beginning of the two indexes that looks begin with: they go sooner than
-- after a fifth of a month's log.
ALTER TABLE "mostrador"."webhook_delivery" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
