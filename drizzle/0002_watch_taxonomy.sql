SELECT "mostrador"."watch"('product_category', 'id');
--> statement-breakpoint
SELECT "mostrador"."watch"('product_collection', 'id');
--> statement-breakpoint
SELECT "mostrador"."watch"('product_tag', 'id');
--> statement-breakpoint
SELECT "mostrador"."watch"('product_type', 'id');
--> statement-breakpoint
SELECT "mostrador"."watch"('currency', 'code');
