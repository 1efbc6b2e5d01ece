import type { ISql } from "postgres"
import type { ReadUsage } from "./actions.ts"
import { double } from "./amount.ts"

/**
 * Looks up how often someone has used a budget, in the caller's transaction: what was used up a moment ago counts,
 * unlike what memory knows of promotions and budgets.
 */
export function usagesIn(tx: ISql): ReadUsage {
  return async (budget_id, attribute_value) => {
    const [row] = await tx<{ used: string }[]>`
      select used::text as used from promotion_campaign_budget_usage
      where budget_id = ${budget_id} and attribute_value = ${attribute_value} and deleted_at is null`
    return row && { used: double(row.used) }
  }
}
