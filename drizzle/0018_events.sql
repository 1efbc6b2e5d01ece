CREATE TABLE "mostrador"."event" (
	"tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "mostrador"."event_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"name" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"version" bigint,
	"channel" text,
	"actor" jsonb NOT NULL,
	"device" text,
	"data" jsonb NOT NULL,
	"occurred_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "event_tx_position_pk" PRIMARY KEY("tx","position")
);
--> statement-breakpoint
CREATE TABLE "mostrador"."medusa_outbox" (
	"position" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mostrador"."medusa_outbox_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" text NOT NULL,
	"subject_id" text NOT NULL,
	"messages" jsonb NOT NULL,
	"refusals" smallint DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone,
	"given_up_at" timestamp with time zone
);
