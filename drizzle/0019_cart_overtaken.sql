-- What the statement that writes a cart's change fails with when somebody else has changed the cart meanwhile.
CREATE OR REPLACE FUNCTION "mostrador"."overtaken"() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Somebody else has changed this meanwhile' USING ERRCODE = 'serialization_failure';
END $$;
