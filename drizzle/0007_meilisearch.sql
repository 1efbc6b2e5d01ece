CREATE SEQUENCE "mostrador"."meilisearch_mark" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "mostrador"."meilisearch_entry" (
	"build" text NOT NULL,
	"product_id" text NOT NULL,
	"hash" text,
	"mark" bigint,
	CONSTRAINT "meilisearch_entry_build_product_id_pk" PRIMARY KEY("build","product_id")
);
--> statement-breakpoint
CREATE TABLE "mostrador"."meilisearch_index" (
	"name" text PRIMARY KEY NOT NULL,
	"build" text NOT NULL,
	"filled" boolean DEFAULT false NOT NULL,
	"swap_after" bigint,
	"error" text,
	"failing_since" timestamp with time zone,
	CONSTRAINT "meilisearch_index_build_unique" UNIQUE("build")
);
--> statement-breakpoint
CREATE INDEX "meilisearch_entry_mark_index" ON "mostrador"."meilisearch_entry" USING btree ("build","mark") WHERE mark is not null;