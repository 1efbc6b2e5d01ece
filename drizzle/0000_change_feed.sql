CREATE SCHEMA IF NOT EXISTS "mostrador";
--> statement-breakpoint
CREATE TABLE "mostrador"."change" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mostrador"."change_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tx" "xid8" NOT NULL,
	"relation" text NOT NULL,
	"key" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."installation" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "change_tx_id_index" ON "mostrador"."change" USING btree ("tx","id");--> statement-breakpoint
CREATE INDEX "change_at_index" ON "mostrador"."change" USING btree ("at");