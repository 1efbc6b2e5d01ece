CREATE SEQUENCE "mostrador"."document_version" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "mostrador"."product_document" (
	"product_id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"content" json,
	"content_version" bigint NOT NULL,
	"prices" json,
	"prices_version" bigint NOT NULL,
	"stock" json,
	"stock_version" bigint NOT NULL,
	"visible_in" text[] NOT NULL,
	"visible_version" bigint NOT NULL,
	"seen_in" text[] NOT NULL,
	"built_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."safety_stock" (
	"location_id" text NOT NULL,
	"variant_id" text NOT NULL,
	"quantity" integer NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "safety_stock_location_id_variant_id_pk" PRIMARY KEY("location_id","variant_id")
);
--> statement-breakpoint
CREATE TABLE "mostrador"."stale_product" (
	"product_id" text PRIMARY KEY NOT NULL,
	"bulk" boolean NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."consumer" (
	"name" text PRIMARY KEY NOT NULL,
	"position" "pg_snapshot" NOT NULL
);
--> statement-breakpoint
CREATE INDEX "product_document_version_index" ON "mostrador"."product_document" USING btree ("version");--> statement-breakpoint
CREATE INDEX "product_document_visible_in_index" ON "mostrador"."product_document" USING gin ("visible_in");--> statement-breakpoint
CREATE INDEX "safety_stock_variant_id_index" ON "mostrador"."safety_stock" USING btree ("variant_id");--> statement-breakpoint
CREATE INDEX "stale_product_order_index" ON "mostrador"."stale_product" USING btree ("bulk","since");