-- Where a piece of a text stands in Medusa's products and variants: without them `q` of a list reads every variant.
CREATE INDEX IF NOT EXISTS "mostrador_product_text" ON "product" USING gin
  ("title" gin_trgm_ops, "subtitle" gin_trgm_ops, "description" gin_trgm_ops);
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "mostrador_product_variant_text" ON "product_variant" USING gin
  ("title" gin_trgm_ops, "sku" gin_trgm_ops, "barcode" gin_trgm_ops, "ean" gin_trgm_ops, "upc" gin_trgm_ops);
