-- What the shipping options that a cart is offered hang on, beyond what is watched already.
SELECT "mostrador"."watch"(table_name, key_column) FROM (VALUES
  ('fulfillment_set', 'id'),
  ('location_fulfillment_set', 'fulfillment_set_id'),
  ('service_zone', 'id'),
  ('geo_zone', 'service_zone_id'),
  ('shipping_option_type', 'id'),
  ('fulfillment_provider', 'id')
) AS watched (table_name, key_column);
