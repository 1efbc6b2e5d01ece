import { getTableColumns, isNull, sql } from "drizzle-orm"
import { price_list, price_preference } from "../../medusa/schema.ts"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"
import type { Db } from "../../platform/db/index.ts"
import { type PricingReference, pricingReference } from "./reference.ts"
import type { PriceListRule } from "./rules.ts"

/** The shop's price lists and tax preferences, out of memory. */
export interface Pricing {
  /** As of the feed's last reading; another object after each change, so it tells whether kept results still hold. */
  readonly reference: PricingReference
}

/** Loads price lists with their rules, and price preferences, and follows their changes. */
export async function loadPricing(db: Db, feed: ChangeFeed): Promise<Pricing> {
  const relations = ["price_list", "price_list_rule", "price_preference"]
  const held = await keepInMemory(feed, relations, () => readReference(db))
  return {
    get reference() {
      return held.value
    },
  }
}

async function readReference(db: Db): Promise<PricingReference> {
  // Lists and rules in one statement, so that no list is seen with the rules that it had before.
  const rules = sql<PriceListRule[]>`(
    select coalesce(json_agg(json_build_object('attribute', rule.attribute, 'value', rule.value)), '[]')
    from price_list_rule rule where rule.price_list_id = price_list.id and rule.deleted_at is null)`
  const lists = await db
    .select({ ...getTableColumns(price_list), rules })
    .from(price_list)
    .where(isNull(price_list.deleted_at))
  const preferences = await db.select().from(price_preference).where(isNull(price_preference.deleted_at))
  return pricingReference(lists, preferences)
}
