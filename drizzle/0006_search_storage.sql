-- Stock changes all day and words do not: with room in the page such an update leaves every index alone.
ALTER TABLE "mostrador"."search_product" SET (fillfactor = 85);
--> statement-breakpoint
-- A search would go through the list of what is not yet in its place, and import after import fills it.
ALTER INDEX "mostrador"."search_product_words_index" SET (fastupdate = off);
--> statement-breakpoint
ALTER INDEX "mostrador"."search_word_trigrams_index" SET (fastupdate = off);
--> statement-breakpoint
ALTER INDEX "mostrador"."search_set_members_index" SET (fastupdate = off);
--> statement-breakpoint
SELECT "mostrador"."watch"('search_settings', 'id', 'mostrador');
