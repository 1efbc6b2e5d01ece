ALTER TABLE "mostrador"."cart_operation" ADD COLUMN "based_on" text;--> statement-breakpoint
UPDATE "mostrador"."cart_operation" SET "based_on" = "cart_id";--> statement-breakpoint
ALTER TABLE "mostrador"."cart_operation" ALTER COLUMN "based_on" SET NOT NULL;
