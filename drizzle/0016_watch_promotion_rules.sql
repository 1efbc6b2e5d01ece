-- Which rules a promotion has. A rule for what is taken off, or has to be bought, is written with the promotion's method.
SELECT "mostrador"."watch"(table_name, key_column) FROM (VALUES
  ('promotion_promotion_rule', 'promotion_id'),
  ('application_method_target_rules', 'application_method_id'),
  ('application_method_buy_rules', 'application_method_id')
) AS watched (table_name, key_column);
