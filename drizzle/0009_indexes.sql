-- Ways that Medusa's own indexes do not lead: a product's options, deleted links included, as Medusa reads them; and from
-- a tag or a category to its products.
CREATE INDEX IF NOT EXISTS "mostrador_product_product_option_product_id" ON "product_product_option" ("product_id");
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "mostrador_product_tags_product_tag_id" ON "product_tags" ("product_tag_id");
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "mostrador_product_category_product_product_category_id" ON "product_category_product" ("product_category_id");
