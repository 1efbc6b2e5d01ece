import { asc, getTableColumns, isNull, sql } from "drizzle-orm"
import { tax_rate, tax_region } from "../../medusa/schema.ts"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"
import type { Db } from "../../platform/db/index.ts"
import { type TaxRate, type TaxReference, taxReference } from "./reference.ts"

/** The shop's tax regions and rates, out of memory. */
export interface Tax {
  /** As of the feed's last reading; another object after each change, so it tells whether kept results still hold. */
  readonly reference: TaxReference
}

/** Loads tax regions, and rates with their rules, and follows their changes. */
export async function loadTax(db: Db, feed: ChangeFeed): Promise<Tax> {
  const held = await keepInMemory(feed, ["tax_region", "tax_rate", "tax_rate_rule"], () => readReference(db))
  return {
    get reference() {
      return held.value
    },
  }
}

async function readReference(db: Db): Promise<TaxReference> {
  const regions = await db.select().from(tax_region).where(isNull(tax_region.deleted_at))
  // Rates and rules in one statement, so that no rate is seen with the rules that it had before.
  const rules = sql<TaxRate["rules"]>`(
    select coalesce(json_agg(json_build_object('reference', rule.reference, 'reference_id', rule.reference_id)), '[]')
    from tax_rate_rule rule where rule.tax_rate_id = tax_rate.id and rule.deleted_at is null)`
  const rates = await db
    .select({ ...getTableColumns(tax_rate), rules })
    .from(tax_rate)
    .where(isNull(tax_rate.deleted_at))
    .orderBy(asc(tax_rate.id))
  return taxReference(regions, rates)
}
