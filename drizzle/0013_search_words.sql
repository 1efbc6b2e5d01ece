DROP INDEX "mostrador"."search_product_words_index";--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ALTER COLUMN "words" SET DATA TYPE text USING '';--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ALTER COLUMN "words" SET DEFAULT '';--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ADD COLUMN "words_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ADD COLUMN "codes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "search_product_codes_index" ON "mostrador"."search_product" USING gin ("codes");