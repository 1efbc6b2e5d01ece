-- A cart that is open again, since Medusa completes one before it asks for the money and takes that back when the card is
-- declined, is again the one that its customer goes on with; unless he has begun another meanwhile. One that was merged
-- into another is not.
CREATE FUNCTION "mostrador"."take_open_place_back"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE mostrador.cart_owner known SET is_open = true
  WHERE cart_id = NEW.id AND NOT is_open
    AND NOT EXISTS (SELECT FROM mostrador.cart_owner WHERE customer_id = known.customer_id AND is_open)
    AND NOT EXISTS (SELECT FROM mostrador.cart_alias WHERE id = NEW.id);
  RETURN NULL;
EXCEPTION WHEN unique_violation THEN
  -- He begins another just now. Whoever opens this one again, Medusa or a person, is not kept from it.
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "mostrador_take_open_place_back" AFTER UPDATE OF completed_at, deleted_at ON "public"."cart"
  FOR EACH ROW WHEN ((OLD.completed_at IS NOT NULL OR OLD.deleted_at IS NOT NULL)
    AND NEW.completed_at IS NULL AND NEW.deleted_at IS NULL)
  EXECUTE FUNCTION "mostrador"."take_open_place_back"();
--> statement-breakpoint
-- A cart whose row is gone for good, since the shop clears old ones away, is nobody's.
CREATE FUNCTION "mostrador"."forget_owner"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM mostrador.cart_owner WHERE cart_id = OLD.id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "mostrador_forget_owner" AFTER DELETE ON "public"."cart"
  FOR EACH ROW EXECUTE FUNCTION "mostrador"."forget_owner"();
--> statement-breakpoint
DELETE FROM "mostrador"."cart_owner" WHERE NOT EXISTS (SELECT FROM "public"."cart" WHERE cart.id = cart_owner.cart_id);
