import type { Price } from "../../../src/commerce/pricing/index.ts"
import type { Database } from "../../../src/platform/db/index.ts"

/** The live prices of every price set, in the order in which they lie in the table. */
export async function readPrices({ sql }: Database): Promise<Map<string, Price[]>> {
  const rows = await sql<(Price & { price_set_id: string })[]>`
    select price_set_id, id, amount, raw_amount, currency_code, min_quantity, max_quantity, price_list_id, rules_count,
      (select coalesce(json_agg(rule), '[]') from price_rule rule
        where rule.price_id = price.id and rule.deleted_at is null) as rules
    from price where deleted_at is null order by ctid`
  const bySet = new Map<string, Price[]>()
  for (const { price_set_id, ...price } of rows) bySet.set(price_set_id, [...(bySet.get(price_set_id) ?? []), price])
  return bySet
}
