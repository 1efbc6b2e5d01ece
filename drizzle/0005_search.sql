CREATE TABLE "mostrador"."search_product" (
	"product_id" text PRIMARY KEY NOT NULL,
	"words" "tsvector" NOT NULL,
	"title" text NOT NULL,
	"full_title" text NOT NULL,
	"handle" text NOT NULL,
	"created_at" double precision NOT NULL,
	"updated_at" double precision NOT NULL,
	"price" jsonb NOT NULL,
	"skus" text[] NOT NULL,
	"barcodes" text[] NOT NULL,
	"variant_ids" text[] NOT NULL,
	"option_value_ids" text[] NOT NULL,
	"sales_channel_ids" integer NOT NULL,
	"category_ids" integer NOT NULL,
	"categories" integer NOT NULL,
	"tag_ids" integer NOT NULL,
	"tags" integer NOT NULL,
	"collection_id" integer NOT NULL,
	"collection_title" integer NOT NULL,
	"type_id" integer NOT NULL,
	"type" integer NOT NULL,
	"options" integer NOT NULL,
	"in_stock_sales_channel_ids" integer NOT NULL,
	"in_stock_location_ids" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."search_set" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mostrador"."search_set_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"field" text NOT NULL,
	"digest" text NOT NULL,
	"members" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."search_word" (
	"word" text PRIMARY KEY NOT NULL,
	"stem" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."search_price_list" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."search_settings" (
	"id" integer PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."search_stale" (
	"product_id" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE INDEX "search_product_words_index" ON "mostrador"."search_product" USING gin ("words");--> statement-breakpoint
CREATE UNIQUE INDEX "search_set_digest_index" ON "mostrador"."search_set" USING btree ("field","digest");--> statement-breakpoint
CREATE INDEX "search_set_members_index" ON "mostrador"."search_set" USING gin ("members");--> statement-breakpoint
CREATE INDEX "search_word_stem_index" ON "mostrador"."search_word" USING btree ("stem");--> statement-breakpoint
CREATE INDEX "search_word_beginning_index" ON "mostrador"."search_word" USING btree ("word" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "search_word_trigrams_index" ON "mostrador"."search_word" USING gin ("word" gin_trgm_ops);