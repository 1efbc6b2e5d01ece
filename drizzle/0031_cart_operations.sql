CREATE TABLE "mostrador"."cart_line_alias" (
	"id" text PRIMARY KEY NOT NULL,
	"line_id" text NOT NULL,
	"version" bigint NOT NULL,
	"besides" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."cart_operation" (
	"id" text PRIMARY KEY NOT NULL,
	"cart_id" text NOT NULL,
	"device" text NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "mostrador"."cart_operation_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"base_version" bigint NOT NULL,
	"version" bigint NOT NULL,
	"operation" jsonb NOT NULL,
	"effects" jsonb NOT NULL,
	"result" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cart_operation_cart_index" ON "mostrador"."cart_operation" USING btree ("cart_id");--> statement-breakpoint
CREATE INDEX "cart_operation_created_at_index" ON "mostrador"."cart_operation" USING btree ("created_at");
