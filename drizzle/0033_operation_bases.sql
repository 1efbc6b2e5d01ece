ALTER TABLE "mostrador"."cart_operation" ADD COLUMN "based_on" text;--> statement-breakpoint
UPDATE "mostrador"."cart_operation" SET "based_on" = "cart_id";--> statement-breakpoint
ALTER TABLE "mostrador"."cart_operation" ALTER COLUMN "based_on" SET NOT NULL;--> statement-breakpoint
UPDATE "mostrador"."cart_operation" AS it SET "id" = lower(it."id")
WHERE it."id" <> lower(it."id") AND NOT EXISTS (
	SELECT FROM "mostrador"."cart_operation" AS other
	WHERE lower(other."id") = lower(it."id") AND (other."id" = lower(it."id") OR other."position" < it."position")
);--> statement-breakpoint
UPDATE "mostrador"."cart_operation" SET "effects" = (
	SELECT jsonb_agg(CASE WHEN effect ? 'operation_id' THEN jsonb_set(effect, '{operation_id}', to_jsonb(lower(effect->>'operation_id'))) ELSE effect END ORDER BY place)
	FROM jsonb_array_elements("effects") WITH ORDINALITY AS its (effect, place)
) WHERE "effects" @> '[{"is": "own"}]';
