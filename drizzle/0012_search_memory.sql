DROP INDEX "mostrador"."search_set_members_index";--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ADD COLUMN "n" integer NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "mostrador"."search_product_n_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ADD COLUMN "version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "search_product_version_index" ON "mostrador"."search_product" USING btree ("version","n");