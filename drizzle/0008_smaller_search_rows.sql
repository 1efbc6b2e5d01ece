ALTER TABLE "mostrador"."search_product" DROP COLUMN "full_title";--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" DROP COLUMN "handle";--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" DROP COLUMN "skus";--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" DROP COLUMN "barcodes";--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" DROP COLUMN "variant_ids";--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" DROP COLUMN "option_value_ids";