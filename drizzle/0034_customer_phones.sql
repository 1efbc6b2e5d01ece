-- A number that stands in `customer.phone` in a usual way is found by all of it, however many others end as it does.
CREATE INDEX IF NOT EXISTS "mostrador_customer_phone_plain" ON "customer"
  (translate("phone", ' ().-/', '')) WHERE "deleted_at" IS NULL;
