-- Words move into a column of another name: a process of the version before would write what nobody can read.
ALTER TABLE "mostrador"."search_product" ADD COLUMN "word_lines" text NOT NULL DEFAULT '';
--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ADD COLUMN "words_version" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ADD COLUMN "codes" text[] NOT NULL DEFAULT '{}';
--> statement-breakpoint
-- As `linesOf` in row.ts would write them, so that everything is found while nothing is built anew.
UPDATE "mostrador"."search_product" SET
  word_lines = coalesce((
    SELECT string_agg(letters || ' ' || list, E'\n' ORDER BY letters COLLATE "C", list COLLATE "C") FROM (
      SELECT array_to_string(weights, '') AS letters, string_agg(lexeme, ' ' ORDER BY lexeme COLLATE "C") AS list
      FROM unnest(words) WHERE lexeme !~ '^/[kb]/' GROUP BY 1) line), ''),
  codes = array(SELECT lexeme FROM unnest(words) WHERE lexeme ~ '^/[kb]/');
--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" ALTER COLUMN "word_lines" DROP DEFAULT, ALTER COLUMN "codes" DROP DEFAULT;
--> statement-breakpoint
DROP INDEX "mostrador"."search_product_words_index";
--> statement-breakpoint
ALTER TABLE "mostrador"."search_product" DROP COLUMN "words";
--> statement-breakpoint
-- As its predecessor: a search would go through the list of what is not yet in its place.
CREATE INDEX "search_product_codes_index" ON "mostrador"."search_product" USING gin ("codes") WITH (fastupdate = off);
